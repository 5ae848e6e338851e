import { type Calendar, dayOf, tradingDayNumber } from '#domain/time/calendar/calendar.ts';
import type { Database } from '#db/core/client.ts';
import { toldOfClose } from '#db/traders/closes.ts';
import { workOf } from '#db/traders/rows.ts';
import type { World, WorldTrader } from '#db/traders/world.ts';
import { type SteppedAll, stepAll } from './step.ts';

/** A venue is closed at most so many days in a row. */
const longestGapDays = 14;

/** The newest close of a session that has come; null for a calendar that has not been open lately. */
export function lastClose(calendar: Calendar, now: Date): Date | null {
  const today = tradingDayNumber(calendar, now);
  for (let back = 0; back <= longestGapDays; back += 1) {
    const day = dayOf(calendar, today - back);
    if (day.kind === 'open' && day.close <= now) return day.close;
  }
  return null;
}

/** Closes that traders were told of, as far as this process knows. */
const known = new WeakMap<Database, Map<string, number>>();

/** Since when a trader has had what it has: what began after a close is not of that day. */
function busySince({ state, phaseSince }: WorldTrader): number {
  const work = workOf(state);
  return 'position' in work ? work.position.openedAt : phaseSince.getTime();
}

interface Late {
  readonly id: string;
  readonly close: Date;
}

function lateTraders(world: World, told: ReadonlyMap<string, number>): readonly Late[] {
  const closes = new Map(
    [...world.accounts].map(([id, { row, calendar }]) => [
      id,
      // A venue that never closes never says so.
      row.venue === 'UPBIT' ? null : lastClose(calendar, world.now),
    ]),
  );
  return world.traders.flatMap((trader) => {
    const close = closes.get(trader.account) ?? null;
    if (trader.state.phase === 'IDLE' || close === null || busySince(trader) >= close.getTime()) return [];
    return told.get(`${world.scope} ${trader.id}`) === close.getTime() ? [] : [{ id: trader.id, close }];
  });
}

/**
 * Tells every trader that is not flat, once, that the day closed on it: what is left is carried, with an alert. One that
 * nobody told, because nothing ran at the close, is told late.
 */
export async function closeDay(db: Database, world: World): Promise<SteppedAll | null> {
  const told = known.get(db) ?? new Map<string, number>();
  known.set(db, told);
  const late = lateTraders(world, told);
  if (late.length === 0) return null;
  const before = new Set<string>();
  for (const [, group] of Map.groupBy(late, ({ close }) => close.getTime())) {
    const [first] = group;
    if (first === undefined) continue;
    const names = group.map(({ id }) => id);
    for (const id of await toldOfClose(db, world.scope, names, first.close)) before.add(id);
  }
  const now = late.filter(({ id }) => !before.has(id));
  const names = now.map(({ id }) => id);
  const answer =
    now.length === 0
      ? null
      : await stepAll(db, world.scope, { traders: names }, (_seen, trader) => ({
          trader,
          events: [{ kind: 'day_closed' }],
        }));
  if (answer === null || answer.left + answer.failed === 0)
    for (const { id, close } of late) told.set(`${world.scope} ${id}`, close.getTime());
  return answer;
}
