import { instantAt } from '#domain/time/calendar/calendar.ts';
import { dayMs } from '#domain/time/calendar/day.ts';
import { countWithin } from '#domain/time/count.ts';
import { type Schedule, firesBetween } from '#domain/time/schedule.ts';
import { fixedOffset, offsetMs } from '#domain/time/zone.ts';

/** Fires of a job and day listed one by one; more of them become a band. */
export const plannedMax = 30;
/** Steps of counting a band. */
const countSteps = 2_000;

export interface PlannedBand {
  readonly from: Date;
  readonly to: Date;
  readonly count: number;
  readonly more: boolean;
  readonly everySec: number;
}

export interface Planned {
  readonly fires: readonly Date[];
  readonly bands: readonly PlannedBand[];
}

/** The midnights of a zone that cut (from, to], with both ends. */
function dayCuts(zone: string, from: Date, to: Date): Date[] {
  const first = Math.floor((from.getTime() + (fixedOffset(zone) ?? offsetMs(from, zone))) / dayMs) + 1;
  const cuts = [from];
  for (let day = first; ; day += 1) {
    const midnight = instantAt(day, 0, zone);
    if (midnight >= to) break;
    // A fire at midnight is of the day that begins.
    cuts.push(new Date(midnight.getTime() - 1));
  }
  return [...cuts, to];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function bandOf(schedule: Schedule, fires: readonly Date[], last: Date, until: Date): PlannedBand | null {
  const [first] = fires;
  if (first === undefined) return null;
  const rest = countWithin(schedule, first, until, countSteps);
  const steps = fires.slice(1).map((at, index) => at.getTime() - (fires[index]?.getTime() ?? 0));
  return { from: first, to: last, count: rest.count + 1, more: rest.more, everySec: median(steps) / 1_000 };
}

/**
 * What a job does by itself in [from, to], given where its schedule stands: each fire, or one band for a day with more
 * than {@link plannedMax}. Costs by the days and jobs, not by the fires.
 * @param nextDueAt the stored due time: it is a fire, and none comes before it; null: nothing is planned.
 * @param zone whose days the bands are cut by.
 */
export function plannedBetween(
  schedule: Schedule,
  nextDueAt: Date | null,
  { from, to, zone }: { readonly from: Date; readonly to: Date; readonly zone: string },
): Planned {
  if (nextDueAt === null || nextDueAt > to) return { fires: [], bands: [] };
  const fires = nextDueAt >= from ? [nextDueAt] : [];
  const bands: PlannedBand[] = [];
  const after = nextDueAt >= from ? nextDueAt : new Date(from.getTime() - 1);
  const cuts = dayCuts(zone, after, to);
  for (const [index, until] of cuts.slice(1).entries()) {
    const start = cuts[index] ?? after;
    const found = firesBetween(schedule, start, until, plannedMax);
    const band =
      found.more && found.latest !== null ? bandOf(schedule, found.fires, found.latest, until) : null;
    if (band === null) fires.push(...found.fires);
    else bands.push(band);
  }
  return { fires, bands };
}
