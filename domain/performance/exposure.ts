import { type Measure, measured, unmeasured } from './measure.ts';

/** A stretch [start, end). */
export interface Stretch {
  readonly start: Date;
  readonly end: Date;
}

/** Stretches of time as disjoint ones, oldest first. */
function merged(stretches: readonly Stretch[]): [start: number, end: number][] {
  const result: [number, number][] = [];
  const sorted = stretches
    .map(({ start, end }): [number, number] => [start.getTime(), end.getTime()])
    .filter(([start, end]) => end > start)
    .sort(([a], [b]) => a - b);
  for (const [start, end] of sorted) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}

/**
 * Share of trading time with a position, 0 to 1; several at once count once.
 * @param held from entry to exit; to now while still held. @param sessions when the market was open.
 */
export function exposureOf(held: readonly Stretch[], sessions: readonly Stretch[]): Measure {
  const open = merged(sessions);
  const whole = open.reduce((sum, [start, end]) => sum + (end - start), 0);
  if (whole === 0) return unmeasured('no_session');
  const positions = merged(held);
  let [covered, next] = [0, 0];
  for (const [start, end] of open) {
    while (next < positions.length && (positions[next]?.[1] ?? 0) <= start) next += 1;
    for (let index = next; index < positions.length; index += 1) {
      const [from, to] = positions[index] ?? [end, end];
      if (from >= end) break;
      covered += Math.min(to, end) - Math.max(from, start);
    }
  }
  return measured(covered / whole);
}
