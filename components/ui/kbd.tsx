'use client';

import { useSyncExternalStore } from 'react';
import { cn } from '#components/ui/cn.ts';

/** ⌘ on a Mac, Ctrl elsewhere (and while the server renders). */
export function useModifierKey(): '⌘' | 'Ctrl' {
  return useSyncExternalStore(
    () => () => {},
    () => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'),
    () => 'Ctrl',
  );
}

/** Keys to press, separated by spaces: `g j`, `⌘ K`. */
export function Kbd({ keys, inverted = false }: { readonly keys: string; readonly inverted?: boolean }) {
  return (
    <span className="inline-flex shrink-0 gap-0.5 whitespace-nowrap">
      {keys.split(' ').map((key, index) => (
        <kbd
          key={`${key}${index}`}
          className={cn(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border px-1 font-sans text-2xs font-medium',
            inverted ? 'border-canvas/30 text-canvas/80' : 'border-border bg-sunken text-ink-2',
          )}
        >
          {key.length === 1 ? key.toUpperCase() : key}
        </kbd>
      ))}
    </span>
  );
}
