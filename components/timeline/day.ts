'use client';

import type { TimelineView } from '#domain/timeline/view.ts';
import { useNow } from '#components/ui/clock.ts';
import type { ShownPhase } from './draw.ts';

/** The phases of the days that were read. */
export function phasesOf(view: TimelineView | undefined): readonly ShownPhase[] {
  return (view?.days ?? []).flatMap((day) =>
    day.kind === 'closed'
      ? []
      : day.phases.map(({ name, start, end }) => ({ name, from: Date.parse(start), to: Date.parse(end) })),
  );
}

/**
 * The scope's time, ticking: the browser's with what the server's clock is ahead of it.
 * @param told the scope's time as it was read at `readAt` (Unix ms). @param asOf until the browser knows.
 */
export function useScopeNow(told: string | undefined, readAt: number, asOf: number): number {
  const wall = useNow()?.getTime() ?? null;
  if (wall === null) return asOf;
  if (told === undefined || readAt === 0) return wall;
  const ahead = Date.parse(told) - readAt;
  return Math.abs(ahead) > 5_000 ? wall + ahead : wall;
}
