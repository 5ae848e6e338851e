import { useSyncExternalStore } from 'react';

const wide = '(width >= 48rem)';

function subscribe(onChange: () => void): () => void {
  const list = matchMedia(wide);
  list.addEventListener('change', onChange);
  return () => list.removeEventListener('change', onChange);
}

/** Whether the window is wider than a phone's; null while nobody can tell, which is on the server. */
export function useWide(): boolean | null {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(wide).matches,
    () => null,
  );
}
