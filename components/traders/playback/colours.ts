'use client';

import { useEffect, useState } from 'react';
import type { RefObject } from 'react';

const names = [
  'ink',
  'ink-3',
  'hairline',
  'surface',
  'accent',
  'gain',
  'loss',
  'danger',
  'ok',
  'warning',
] as const;
export type ChartColours = Readonly<Record<(typeof names)[number], string>>;

/** Tokens as `rgb()`: the chart library parses no `oklch()` and no custom properties, so a pixel is asked. */
function resolve(host: HTMLElement): ChartColours {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const style = getComputedStyle(probe);
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const paint = canvas.getContext('2d', { willReadFrequently: true });
  const of = (name: string) => {
    probe.style.color = `var(--${name})`;
    if (paint === null) return style.color;
    paint.fillStyle = style.color;
    paint.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = paint.getImageData(0, 0, 1, 1).data;
    return `rgb(${r}, ${g}, ${b})`;
  };
  const colours = Object.fromEntries(names.map((name) => [name, of(name)])) as ChartColours;
  probe.remove();
  return colours;
}

/** The colours, resolved again when theme or palette change; null before the first rendering in a browser. */
export function useChartColours(host: RefObject<HTMLElement | null>): ChartColours | null {
  const [colours, setColours] = useState<ChartColours | null>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const read = () => setColours(resolve(element));
    read();
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-palette'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', read);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', read);
    };
  }, [host]);
  return colours;
}
