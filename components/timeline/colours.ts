'use client';

import type { RefObject } from 'react';
import { type Outcome, outcomes } from '#domain/timeline/rows.ts';
import { useThemeValues } from '#components/ui/theme-values.ts';

/** What a canvas paints with: our tokens as the theme has them now. */
export interface Colours {
  readonly outcome: Readonly<Record<Outcome, string>>;
  readonly surface: string;
  readonly ink: string;
  readonly faint: string;
  readonly hairline: string;
  readonly accent: string;
  readonly session: string;
  readonly auction: string;
}

/** A canvas knows no custom properties and no `light-dark()`: an element is asked what they come to. */
function resolve(host: HTMLElement): Colours {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const style = getComputedStyle(probe);
  const of = (name: string) => {
    probe.style.color = `var(--${name})`;
    return style.color;
  };
  const outcome = Object.fromEntries(outcomes.map((name) => [name, of(`status-${name}`)]));
  const colours = {
    outcome: outcome as Record<Outcome, string>,
    surface: of('surface'),
    ink: of('ink'),
    faint: of('ink-3'),
    hairline: of('hairline'),
    accent: of('accent'),
    session: of('session'),
    auction: of('auction'),
  };
  probe.remove();
  return colours;
}

/** The colours as theme and palette have them now; null before the first rendering in a browser. */
export function useColours(host: RefObject<HTMLElement | null>): Colours | null {
  return useThemeValues(host, resolve);
}
