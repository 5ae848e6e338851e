'use client';

import { useLayoutEffect, useState, useSyncExternalStore } from 'react';
import type { RefObject } from 'react';
import type { RowLook } from './draw.ts';

const phoneQuery = '(width < 48rem)';

function subscribe(listener: () => void): () => void {
  const media = matchMedia(phoneQuery);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

/** Whether the page is as narrow as a phone's; false while the server renders. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(phoneQuery).matches,
    () => false,
  );
}

/** Width of the column of names beside the bars: `--names` of the chart. */
export const namesWidth = 216;

/** Rows as the chart's `--lane` has them; on a phone the name stands above its bars. */
export const looks = {
  desk: { height: 24, middle: 12 },
  phone: { height: 52, middle: 36 },
} as const satisfies Record<string, RowLook>;

/** The element's width in whole pixels, followed; 0 before it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return;
    const measure = () => setWidth(Math.floor(host.getBoundingClientRect().width));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(host);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
