'use client';

import type { RefObject } from 'react';
import { useThemeValues } from '#components/ui/theme-values.ts';

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

/** The colours as theme and palette have them now; null before the first rendering in a browser. */
export function useChartColours(host: RefObject<HTMLElement | null>): ChartColours | null {
  return useThemeValues(host, resolve);
}
