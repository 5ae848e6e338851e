import { calendarDay } from '#domain/time/calendar/calendar.ts';
import { tickTable } from '#domain/market/tick.ts';
import { decimal } from '#domain/core/decimal.ts';
import type { TraderReason } from '#domain/traders/state.ts';
import type { TraderContext, TraderEvent } from '#domain/traders/step-types.ts';
import { tradingDay } from '#domain/time/zone.ts';
import { calendarOf } from '#db/calendars/load.ts';
import type { Database, Queryable, Transaction } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type TraderRow, accountOf, findTrader } from './rows.ts';
import { type ContextOf, type Stepped, stepTrader } from './step.ts';

const anyTick = tickTable([[0, 1]]);

/** What a trader sees when nobody looked at the market for it: enough to halt, to resume and to hear of an order. */
export function blindContext(row: TraderRow, now: Date): TraderContext {
  return {
    now,
    rules: row.definition.rules,
    flattenFrom: null,
    entriesBlocked: { code: 'account_not_ready', params: {} },
    matching: 'none',
    accepting: false,
    stuck: null,
    lastChance: false,
    canRevise: false,
    ticks: anyTick,
    limits: null,
    lot: decimal(1),
    minOrderValue: null,
    quote: null,
    sellable: null,
  };
}

const blind =
  (now: Date): ContextOf =>
  ({ row }) =>
    blindContext(row, now);

/** The account's trading day of an instant. */
export async function traderDay(q: Queryable, row: TraderRow, now: Date): Promise<string> {
  const account = await accountOf(q, row.scope, row.account);
  const calendar = await calendarOf(q, row.scope, account?.calendar ?? null);
  return calendar === null ? tradingDay(now, 'Asia/Seoul') : calendarDay(calendar, now);
}

/** Sends a trader an event that needs no look at the market: halt, resume. */
export async function stepBlind(
  tx: Transaction,
  row: TraderRow,
  event: Extract<TraderEvent, { kind: 'halt' | 'resume' }>,
  now: Date,
): Promise<Stepped> {
  return stepTrader(tx, {
    scope: row.scope,
    account: row.account,
    trader: row.id,
    version: null,
    events: [event],
    now,
    tradingDay: await traderDay(tx, row, now),
    contextOf: blind(now),
  });
}

/**
 * Halts traders, each in a transaction of its own: an open entry is cancelled, an open exit is left to fill, an alert is
 * raised. One that is halted already, or gone, stays as it is.
 */
export async function haltTraders(
  db: Database,
  scope: string,
  halted: readonly string[],
  reason: TraderReason,
): Promise<void> {
  for (const trader of halted) {
    const now = await scopeTime(db, scope);
    const row = await findTrader(db, scope, trader);
    if (row === null) continue;
    await db.transaction((tx) => stepBlind(tx, row, { kind: 'halt', reason }, now));
  }
}
