import type { JobDefinition } from '#domain/jobs/definition.ts';
import { type Schedule, countFires, newestFires, nextAfter } from './schedule.ts';

/** `run_all` runs at most this many missed fires, the newest. */
export const runAllCap = 100;
/** At most this many fires within the grace run at once, the newest: a long grace on a job of every second. */
export const onTimeCap = 1_000;
/** Skipped fires of a cron are counted up to here; beyond, `more` says that there are others. */
export const countCap = 1_000;

export interface DueInput {
  readonly schedule: Schedule;
  /** The stored due time; null: nothing is due. It counts as a fire even if the schedule would not make it. */
  readonly nextDueAt: Date | null;
  /** The scope's time. */
  readonly now: Date;
  readonly misfire: JobDefinition['misfire'];
  readonly graceSec: number;
}

/** Fires that will not run, from the first to the last. */
export interface SkippedRange {
  readonly from: Date;
  readonly to: Date;
  readonly count: number;
  readonly more: boolean;
  readonly code: 'misfire' | 'misfire_range';
}

export interface DueDecision {
  /** Oldest first. `late`: a misfire that runs after all. */
  readonly runs: readonly { readonly nominal: Date; readonly late: boolean }[];
  readonly skipped: readonly SkippedRange[];
  /** Later than `now`, or null. */
  readonly nextDueAt: Date | null;
}

const before = (at: Date) => new Date(at.getTime() - 1);

function lateCap(misfire: DueInput['misfire']): number {
  switch (misfire) {
    case 'skip':
      return 0;
    case 'run_latest':
      return 1;
    case 'run_all':
      return runAllCap;
  }
}

/** The newest fires in (after, until] with the stored due time as one of them, at most `count`, oldest first. */
function newestDue(schedule: Schedule, due: Date, after: Date, until: Date, count: number): Date[] {
  const from = after > due ? after : due;
  const fires = newestFires(schedule, from, until, count);
  return due > after && due <= until && fires.length < count ? [due, ...fires] : fires;
}

function skippedRange(schedule: Schedule, due: Date, until: Date): SkippedRange | null {
  if (until < due) return null;
  const to = newestFires(schedule, due, until, 1)[0] ?? due;
  const { count, more } = countFires(schedule, due, to, countCap - 1);
  return { from: due, to, count: count + 1, more, code: to > due ? 'misfire_range' : 'misfire' };
}

/**
 * Decides what becomes of everything that came due up to `now`. Every fire is either run or inside a skipped range.
 * A fire later than the grace is a misfire and follows the policy; the others run. In `queue` mode the one due fire
 * always runs, however late: skipping it would end the chain, for only the end of a run makes the next due.
 */
export function dueFires({ schedule, nextDueAt: due, now, misfire, graceSec }: DueInput): DueDecision {
  if (due === null || due > now) return { runs: [], skipped: [], nextDueAt: due };
  const lateUntil = new Date(now.getTime() - graceSec * 1_000 - 1);
  if (schedule.kind === 'queue' || schedule.kind === 'none') {
    return { runs: [{ nominal: due, late: due <= lateUntil }], skipped: [], nextDueAt: null };
  }
  const onTime = newestDue(schedule, due, lateUntil, now, onTimeCap);
  // A fire that is on time stands for the latest missed one: running both would let the stale push out the fresh.
  const latestIsFresh = misfire === 'run_latest' && onTime.length > 0;
  const late =
    onTime.length < onTimeCap && !latestIsFresh
      ? newestDue(schedule, due, before(due), lateUntil, lateCap(misfire))
      : [];
  const first = late[0] ?? onTime[0];
  const skipped = skippedRange(schedule, due, first === undefined ? lateUntil : before(first));
  return {
    runs: [
      ...late.map((nominal) => ({ nominal, late: true })),
      ...onTime.map((nominal) => ({ nominal, late: false })),
    ],
    skipped: skipped === null ? [] : [skipped],
    nextDueAt: nextAfter(schedule, now),
  };
}
