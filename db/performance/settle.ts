import { and, eq, notInArray, sql } from 'drizzle-orm';
import { conflict } from '#domain/core/errors.ts';
import { valueAccount } from '#domain/performance/day.ts';
import type { DailySummary } from '#domain/performance/summary.ts';
import { endOfTradingDay } from '#domain/time/bounds.ts';
import { calendarDay, sessionOf } from '#domain/time/calendar/calendar.ts';
import { dayNumber } from '#domain/time/calendar/day.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Queryable } from '#db/core/client.ts';
import { type AccountFacts, accountFacts, symbolsHeld, traderFacts } from './book.ts';
import { type NewPoint, openingPoints, subjectKey, writePoints } from './points.ts';
import { closingPrices } from './prices.ts';
import { dailySummaries, equityPoints } from './schema.ts';
import {
  type AccountDay,
  type PointsBySubject,
  type SubjectDay,
  accountSubject,
  latest,
  scopeSubject,
  summaryOf,
  tradedBy,
  traderSubject,
} from './subjects.ts';

/** What a settlement came to. */
export interface Settlement {
  readonly day: string;
  /** Empty when no account of the scope had its market open on the day, and nothing happened. */
  readonly summaries: readonly DailySummary[];
  /** Held at the close without any price: valued at cost. */
  readonly unpriced: readonly { readonly account: string; readonly symbol: string }[];
  /** Whether the session was still going on: to be made again after it. */
  readonly provisional: boolean;
}

/**
 * Settles a trading day: a closing equity point and a summary for each trader, each account and the scope, dated by
 * their venue's day. Everything comes from the ledger, the marks of the day and the prices kept for its close, so that
 * settling again gives the same again (but for entries that were booked since).
 * @param now scope time. @throws Problem 409 for a day that has not begun.
 */
export async function settleDay(q: Queryable, scope: string, day: string, now: Date): Promise<Settlement> {
  const nothing: Settlement = { day, summaries: [], unpriced: [], provisional: false };
  const facts = await accountFacts(q, scope, day);
  if (facts.length === 0) return nothing;
  if (facts.every(({ calendar }) => calendarDay(calendar, now) < day))
    throw conflict('day_not_begun', `The trading day ${day} has not begun.`, { day });
  const marks = await marksOf(q, scope, day);
  const days: AccountDay[] = [];
  for (const account of facts) days.push(await accountDay(q, scope, day, now, account, marks));
  if (days.every((each) => each.session === null && !each.facts.history.days.has(day) && marks.size === 0))
    return nothing;
  const traders = (await traderFacts(q, scope)).filter((trader) => tradedBy(trader, days, day, marks));
  const opening = await openingPoints(
    q,
    scope,
    [
      { level: 'scope', subject: scope },
      ...facts.map(({ id }) => ({ level: 'account' as const, subject: id })),
      ...traders.map(({ id }) => ({ level: 'trader' as const, subject: id })),
    ],
    day,
  );
  const subjects = [
    ...days.map((each) => accountSubject(each, day, opening, marks)),
    ...traders.flatMap((trader) => traderSubject(trader, days, day, opening, marks)),
  ];
  subjects.push(scopeSubject(scope, days, subjects, opening, marks));
  const summaries = subjects.map((subject) => summaryOf(subject, scope, day, now));
  await replacePoints(q, scope, day, now, subjects);
  await replaceSummaries(q, scope, day, now, summaries);
  await writeChanges(q, [{ topic: 'performance', entity: scope, scope }]);
  return {
    day,
    summaries,
    unpriced: days.flatMap((each) => each.unpriced.map((symbol) => ({ account: each.facts.id, symbol }))),
    provisional: days.some(({ session }) => session !== null && now < session.close),
  };
}

/** The points of the day so far, by subject and time; earlier closes of the day among them. */
async function marksOf(q: Queryable, scope: string, day: string): Promise<PointsBySubject> {
  const rows = await q
    .select()
    .from(equityPoints)
    .where(and(eq(equityPoints.scope, scope), eq(equityPoints.tradingDay, day)))
    .orderBy(equityPoints.at);
  return Map.groupBy(rows, ({ level, subject }) => subjectKey(level, subject));
}

async function accountDay(
  q: Queryable,
  scope: string,
  day: string,
  now: Date,
  facts: AccountFacts,
  marks: PointsBySubject,
): Promise<AccountDay> {
  const { calendar, history, id: account } = facts;
  const found = sessionOf(calendar, day);
  const session = found.kind === 'open' ? found : null;
  const last =
    history.lastAt !== null && calendarDay(calendar, history.lastAt) === day ? history.lastAt : null;
  const own = marks.get(subjectKey('account', account)) ?? [];
  const end = latest([session?.close ?? endOfTradingDay(calendar, dayNumber(day)), last, own.at(-1)?.at]);
  const closeAt = now < end ? now : end;
  const symbols = symbolsHeld(history);
  const close = session?.close ?? end;
  const prices = await closingPrices(
    q,
    { ...facts.source, scope, account, calendar, day, close, now },
    symbols,
  );
  return {
    facts,
    session,
    prices,
    valuation: valueAccount(history, prices),
    closeAt,
    unpriced: symbols.filter((symbol) => !prices.has(symbol)),
  };
}

/** The close of the day replaces an earlier one, wherever that stood. */
async function replacePoints(
  q: Queryable,
  scope: string,
  day: string,
  now: Date,
  subjects: readonly SubjectDay[],
): Promise<void> {
  await q
    .delete(equityPoints)
    .where(
      and(eq(equityPoints.scope, scope), eq(equityPoints.tradingDay, day), eq(equityPoints.close, true)),
    );
  await writePoints(
    q,
    subjects.map(({ level, subject, closeAt, valuation, marks, opening, of }): NewPoint => {
      const last = marks
        .toSorted((a, b) => a.at.getTime() - b.at.getTime())
        .findLast(({ at }) => at < closeAt);
      const over = of.every(({ day: { session } }) => session === null || now >= session.close);
      return {
        scope,
        level,
        subject,
        at: closeAt,
        tradingDay: day,
        valuation,
        baseBefore: (last ?? opening).base,
        close: over,
      };
    }),
  );
}

async function replaceSummaries(
  q: Queryable,
  scope: string,
  day: string,
  now: Date,
  summaries: readonly DailySummary[],
): Promise<void> {
  for (const level of ['trader', 'account', 'scope'] as const) {
    const subjects = summaries.filter((summary) => summary.level === level).map(({ subject }) => subject);
    await q
      .delete(dailySummaries)
      .where(
        and(
          eq(dailySummaries.scope, scope),
          eq(dailySummaries.tradingDay, day),
          eq(dailySummaries.level, level),
          ...(subjects.length === 0 ? [] : [notInArray(dailySummaries.subject, subjects)]),
        ),
      );
  }
  await q
    .insert(dailySummaries)
    .values(
      summaries.map((summary) => ({
        scope,
        level: summary.level,
        subject: summary.subject,
        tradingDay: day,
        summary,
        generatedAt: now,
      })),
    )
    .onConflictDoUpdate({
      target: [dailySummaries.scope, dailySummaries.level, dailySummaries.subject, dailySummaries.tradingDay],
      set: { summary: sql`excluded.summary`, generatedAt: sql`excluded.generated_at` },
    });
}
