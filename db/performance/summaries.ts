import { type SQL, and, asc, between, desc, eq, gt, lt, max, min, or, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { invalidField } from '#domain/core/errors.ts';
import type { DailySummary } from '#domain/performance/summary.ts';
import type { SummaryDayView, SummaryRow, summariesQuery } from '#domain/performance/view.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { type Session, calendarDay, sessionOf } from '#domain/time/calendar/calendar.ts';
import { accounts } from '#db/accounts/schema.ts';
import { calendarOf } from '#db/calendars/load.ts';
import type { Queryable } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type AccountFacts, accountFacts, traderFacts } from './book.ts';
import { curveOf, marksIn } from './curve.ts';
import { newestDay, openingOf, pnlOf, rangeOf } from './pnl.ts';
import { dailySummaries } from './schema.ts';
import { type Names, symbolNames, tripViews } from './trips.ts';

type Row = typeof dailySummaries.$inferSelect;
const krx = builtinCalendar('XKRX');

function summaryView(row: Row, names: Omit<Names, 'symbols'>, session: Session | null): SummaryRow {
  const { summary } = row;
  const name =
    summary.level === 'trader'
      ? names.traders.get(summary.subject)
      : summary.level === 'account'
        ? names.accounts.get(summary.subject)
        : undefined;
  return {
    ...summary,
    name: name ?? null,
    ...pnlOf(summary),
    provisional: session !== null && row.generatedAt < session.close,
    reported_at: row.reportedAt?.toISOString() ?? null,
  };
}

function openSession(calendar: AccountFacts['calendar'], day: string): Session | null {
  const found = sessionOf(calendar, day);
  return found.kind === 'open' ? found : null;
}

/** Names and the calendar of a scope's accounts, without their ledgers. */
async function namesOf(q: Queryable, scope: string) {
  const rows = await q
    .select({ id: accounts.id, name: accounts.name, calendar: accounts.calendar })
    .from(accounts)
    .where(eq(accounts.scope, scope))
    .orderBy(asc(accounts.id));
  const traders = await traderFacts(q, scope);
  return {
    calendar: (await calendarOf(q, scope, rows[0]?.calendar ?? null)) ?? krx,
    accounts: new Map(rows.map(({ id, name }) => [id, name])),
    traders: new Map(traders.map(({ id, name }) => [id, name])),
  };
}

interface Cursor {
  readonly day: string;
  readonly subject: string;
}

function readCursor(text: string): Cursor {
  const [day = '', subject = ''] = text.split('|', 2);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || subject === '')
    throw invalidField('cursor', 'cursor_bad', 'not a `next_cursor` of this list');
  return { day, subject };
}

/** Summaries of a level, newest day first. @throws Problem 400 for a range that is turned round, or another's cursor. */
export async function listSummaries(
  q: Queryable,
  scope: string,
  query: z.output<typeof summariesQuery>,
): Promise<{ items: SummaryRow[]; next_cursor: string | null }> {
  const names = await namesOf(q, scope);
  const { from, to } = rangeOf(query, calendarDay(names.calendar, await scopeTime(q, scope)));
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const conditions: (SQL | undefined)[] = [
    eq(dailySummaries.scope, scope),
    eq(dailySummaries.level, query.level),
    between(dailySummaries.tradingDay, from, to),
    query.subject === undefined ? undefined : eq(dailySummaries.subject, query.subject),
    after === null
      ? undefined
      : or(
          lt(dailySummaries.tradingDay, after.day),
          and(eq(dailySummaries.tradingDay, after.day), gt(dailySummaries.subject, after.subject)),
        ),
  ];
  const rows = await q
    .select()
    .from(dailySummaries)
    .where(and(...conditions))
    .orderBy(desc(dailySummaries.tradingDay), asc(dailySummaries.subject))
    .limit(query.limit + 1);
  const items = rows
    .slice(0, query.limit)
    .map((row) => summaryView(row, names, openSession(names.calendar, row.tradingDay)));
  const last = items.at(-1);
  return {
    items,
    next_cursor:
      rows.length > query.limit && last !== undefined ? `${last.trading_day}|${last.subject}` : null,
  };
}

/** Everything of one trading day: its summaries, trips and curve. Without summaries its trips are told all the same. */
export async function readSummaryDay(q: Queryable, scope: string, day: string): Promise<SummaryDayView> {
  const now = await scopeTime(q, scope);
  const facts = await accountFacts(q, scope, day);
  const names = await namesOf(q, scope);
  const rows = await q
    .select()
    .from(dailySummaries)
    .where(and(eq(dailySummaries.scope, scope), eq(dailySummaries.tradingDay, day)))
    .orderBy(asc(dailySummaries.subject));
  const found = sessionOf(names.calendar, day);
  const session = found.kind === 'open' ? found : null;
  const of = (level: DailySummary['level']) =>
    rows.filter((row) => row.level === level).map((row) => summaryView(row, names, session));
  const trips = facts
    .flatMap(({ history }) => history.trips)
    .filter(({ trading_day }) => trading_day === day)
    .toSorted((a, b) => a.exit_at.getTime() - b.exit_at.getTime());
  const symbols = await symbolNames(q, scope, [...new Set(trips.map(({ symbol }) => symbol))]);
  const ofDay = { scope, level: 'scope', subject: scope, from: day, to: day } as const;
  const { rows: marks } = await marksIn(q, ofDay);
  return {
    scope,
    trading_day: day,
    at: now.toISOString(),
    time_zone: names.calendar.zone,
    session:
      session === null ? null : { open: session.open.toISOString(), close: session.close.toISOString() },
    closed_name: found.kind === 'closed' ? found.name : null,
    ...(await neighbours(q, scope, day)),
    summary: of('scope')[0] ?? null,
    accounts: of('account'),
    traders: of('trader'),
    trips: await tripViews(q, trips, { ...names, symbols }),
    curve: curveOf(marks, await openingOf(q, ofDay)),
  };
}

async function neighbours(
  q: Queryable,
  scope: string,
  day: string,
): Promise<{ previous: string | null; next: string | null }> {
  const ofScope = and(eq(dailySummaries.scope, scope), eq(dailySummaries.level, 'scope'));
  const [row] = await q
    .select({
      previous: max(
        sql<string>`case when ${dailySummaries.tradingDay} < ${day} then ${dailySummaries.tradingDay} end`,
      ),
      next: min(
        sql<string>`case when ${dailySummaries.tradingDay} > ${day} then ${dailySummaries.tradingDay} end`,
      ),
    })
    .from(dailySummaries)
    .where(ofScope);
  return { previous: row?.previous ?? null, next: row?.next ?? null };
}

/** The newest trading day of a scope by its time. */
export async function scopeDay(q: Queryable, scope: string): Promise<string> {
  const now = await scopeTime(q, scope);
  return newestDay(await accountFacts(q, scope, '0001-01-01'), now);
}
