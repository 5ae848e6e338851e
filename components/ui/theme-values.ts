'use client';

import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

/**
 * What a canvas needs of our tokens, resolved again when theme or palette change; null before the first rendering in a
 * browser. @param resolve asks an element under the host what the tokens come to; the same function at every rendering.
 */
export function useThemeValues<Values>(
  host: RefObject<HTMLElement | null>,
  resolve: (host: HTMLElement) => Values,
): Values | null {
  const [values, setValues] = useState<Values | null>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const read = () => setValues(resolve(element));
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-palette'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', read);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', read);
    };
  }, [host, resolve]);
  return values;
}
