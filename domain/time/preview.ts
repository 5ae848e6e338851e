import type { ErrorParams } from '#domain/core/errors.ts';
import { hasFixedTimes } from './cron.ts';
import { type Schedule, newestFires, nextAfter } from './schedule.ts';
import { type ClockChange, clockChanges, formatInZone, tradingDay } from './zone.ts';

export const previewMax = 200;
/** Clock changes are looked for this far ahead; beyond, a zone's rules are guesses. */
const clockHorizonMs = 10 * 366 * 86_400_000;

export interface PreviewSkip {
  /** The date in the schedule's zone, YYYY-MM-DD. */
  readonly date: string;
  /**
   * `dst_missing`: the time does not exist that day and nothing fires; `dst_moved`: it does not exist and fires at the
   * jump; `dst_once`: it occurs twice and fires the first time only.
   */
  readonly reason: { readonly code: 'dst_missing' | 'dst_moved' | 'dst_once'; readonly params: ErrorParams };
}

export interface Preview {
  readonly fires: readonly { readonly at: Date; readonly trading_day: string }[];
  readonly skipped: readonly PreviewSkip[];
}

/** The nominal wall times the clock jumped over or repeated: what the expression would fire in a zone without changes. */
function affectedTimes(expr: string, change: ClockChange): string[] {
  const wallBefore = change.at.getTime() + change.before;
  const wallAfter = change.at.getTime() + change.after;
  const from = new Date(Math.min(wallBefore, wallAfter) - 1);
  const until = new Date(Math.max(wallBefore, wallAfter) - 1);
  return newestFires({ kind: 'cron', expr, zone: 'UTC' }, from, until, 5).map((wall) =>
    formatInZone(wall, 'UTC', 'time'),
  );
}

const short = (time: string) => time.replace(/:00$/, '');

function skipOf(schedule: Extract<Schedule, { kind: 'cron' }>, change: ClockChange): PreviewSkip | null {
  const times = affectedTimes(schedule.expr, change);
  if (times.length === 0) return null;
  const date = tradingDay(change.at, schedule.zone);
  const params: ErrorParams = { times: times.map(short).join(', '), zone: schedule.zone };
  const at = short(formatInZone(change.at, schedule.zone, 'time'));
  if (hasFixedTimes(schedule.expr)) {
    const code = change.after > change.before ? 'dst_moved' : 'dst_once';
    return { date, reason: { code, params: { ...params, at } } };
  }
  if (change.after < change.before) return null;
  const day = 86_400_000;
  const around = newestFires(
    schedule,
    new Date(change.at.getTime() - day),
    new Date(change.at.getTime() + day),
    2_000,
  );
  if (around.some((fire) => tradingDay(fire, schedule.zone) === date)) return null;
  return { date, reason: { code: 'dst_missing', params } };
}

/**
 * The next fires strictly after `from`, at most 200, and the days on which a change of the clock bends them.
 * @param zone the venue's zone, which gives each fire its trading day.
 */
export function previewFires(
  schedule: Schedule,
  { from, count, zone }: { readonly from: Date; readonly count: number; readonly zone: string },
): Preview {
  const fires: { at: Date; trading_day: string }[] = [];
  const wanted = Math.min(previewMax, Math.max(0, count));
  let at = wanted > 0 ? nextAfter(schedule, from) : null;
  for (; at !== null && fires.length < wanted; at = nextAfter(schedule, at)) {
    fires.push({ at, trading_day: tradingDay(at, zone) });
  }
  const last = fires.at(-1);
  if (schedule.kind !== 'cron' || last === undefined) return { fires, skipped: [] };
  const horizon = new Date(Math.min(last.at.getTime(), from.getTime() + clockHorizonMs));
  const skipped = clockChanges(schedule.zone, from, horizon).flatMap(
    (change) => skipOf(schedule, change) ?? [],
  );
  return { fires, skipped };
}
