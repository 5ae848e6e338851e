'use client';

import { useRouter } from 'next/navigation';
import { preferenceCookie, writeCookie } from '#components/i18n/preferences.ts';
import type { Preferences } from '#components/i18n/preferences.ts';

/** Changes one preference of this browser: looks at once, texts as soon as the server has rendered them. */
export function useSetPreference(): <K extends keyof Preferences>(name: K, value: Preferences[K]) => void {
  const router = useRouter();
  return (name, value) => {
    writeCookie(preferenceCookie[name], value);
    if (name === 'theme' || name === 'palette') document.documentElement.dataset[name] = value;
    router.refresh();
  };
}
