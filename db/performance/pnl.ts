import { and, asc, between, desc, eq, lt } from 'drizzle-orm';
import { type Decimal, decimal, plain, sum, zero } from '#domain/core/decimal.ts';
import { invalidField, notFound } from '#domain/core/errors.ts';
import { breakdownOf, equityFiguresOf, tradeFiguresOf } from '#domain/performance/breakdown.ts';
import { equityMetrics, periodsPerYear } from '#domain/performance/equity-metrics.ts';
import type { EquityCurve } from '#domain/performance/equity.ts';
import type { Trip } from '#domain/performance/lots.ts';
import { measured, unmeasured } from '#domain/performance/measure.ts';
import { netOf } from '#domain/performance/trades.ts';
import type { DailySummary } from '#domain/performance/summary.ts';
import { type DailyPnl, type PnlQuery, type PnlView, rangeDaysMax } from '#domain/performance/view.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import { dateText, dayNumber } from '#domain/time/calendar/day.ts';
import type { Queryable } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type AccountFacts, type TraderFacts, accountFacts, traderFacts } from './book.ts';
import { type CurveOf, curveOf, marksIn } from './curve.ts';
import { type PointRow, baseOf } from './points.ts';
import { dailySummaries, equityPoints } from './schema.ts';
import { symbolNames } from './trips.ts';

/** The range that was asked for, or the 90 days up to the newest. @throws Problem 400 when it is turned round or too long. */
export function rangeOf(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  today: string,
): { readonly from: string; readonly to: string } {
  const to = asked.to ?? (asked.from !== undefined && asked.from > today ? asked.from : today);
  const from = asked.from ?? dateText(dayNumber(to) - 90);
  if (from > to) throw invalidField('to', 'range_reversed', 'not before `from`', { from, to });
  if (dayNumber(to) - dayNumber(from) > rangeDaysMax)
    throw invalidField('from', 'range_too_long', `at most ${rangeDaysMax} days before \`to\``, {
      max: rangeDaysMax,
    });
  return { from, to };
}

const krx = builtinCalendar('XKRX');

/** The newest trading day of a scope: by its first account's calendar, without one by KRX's. */
export function newestDay(facts: readonly AccountFacts[], now: Date): string {
  return calendarDay(facts[0]?.calendar ?? krx, now);
}

/** Whom the curve is of. @throws Problem 404 for a trader or account that is not here. */
function subjectOf(
  scope: string,
  query: Pick<PnlQuery, 'trader' | 'account'>,
  accounts: readonly AccountFacts[],
  traders: readonly TraderFacts[],
): Pick<CurveOf, 'level' | 'subject'> {
  const { trader, account } = query;
  if (account !== undefined && !accounts.some(({ id }) => id === account)) throw notFound('account', account);
  if (trader !== undefined && !traders.some(({ id }) => id === trader)) throw notFound('trader', trader);
  if (trader !== undefined) return { level: 'trader', subject: trader };
  return account === undefined ? { level: 'scope', subject: scope } : { level: 'account', subject: account };
}

/** Profit and loss of a range of trading days: curve, days, breakdown and measures. */
export async function readPnl(q: Queryable, scope: string, query: PnlQuery): Promise<PnlView> {
  const now = await scopeTime(q, scope);
  const [accounts, traders] = [await accountFacts(q, scope), await traderFacts(q, scope)];
  const { from, to } = rangeOf(query, newestDay(accounts, now));
  const of: CurveOf = { scope, ...subjectOf(scope, query, accounts, traders), from, to };
  const [opening, { marks, rows }] = [await openingOf(q, of), await marksIn(q, of)];
  const days = await daysOf(q, of, rows, opening);
  const trips = accounts
    .flatMap(({ history }) => history.trips)
    .filter(({ trading_day }) => trading_day >= from && trading_day <= to)
    .filter(({ trader }) => query.trader === undefined || trader === query.trader)
    .filter(({ account }) => query.account === undefined || account === query.account);
  const start = opening?.equity ?? (of.level === 'trader' && rows[0] !== undefined ? baseOf(rows[0]) : zero);
  const last = rows.at(-1);
  const daily: EquityCurve = {
    opening: start,
    points: fundedDays(days, start).map(({ day, flow }) => ({
      label: day.trading_day,
      equity: decimal(day.closing_equity),
      flow,
    })),
  };
  const crypto = accounts.length > 0 && accounts.every(({ source }) => source.venue === 'UPBIT');
  const metrics = equityMetrics(daily, { periods: periodsPerYear[crypto ? 'UPBIT' : 'KRX'] });
  return {
    scope,
    level: of.level,
    subject: of.subject,
    from,
    to,
    by: query.by,
    at: now.toISOString(),
    time_zone: accounts[0]?.calendar.zone ?? krx.zone,
    opening_equity: last === undefined ? null : plain(start),
    closing_equity: last === undefined ? null : plain(last.equity),
    net_flow: plain(sum(days.map(({ flow }) => flow))),
    pnl: plain(metrics.profit),
    marks,
    curve: curveOf(rows, opening),
    days: days.map(({ day }) => (day.settled ? day : { ...day, ...countsOf(trips, day.trading_day) })),
    rows: await rowsOf(q, scope, query.by, trips, accounts, traders),
    total: tradeFiguresOf(trips),
    equity: equityFiguresOf(metrics),
  };
}

/** Days from the first on which there was any money: those before are no ruin. */
function fundedDays(days: readonly Day[], start: Decimal): readonly Day[] {
  if (!start.isZero()) return days;
  const first = days.findIndex(({ day, flow }) => !flow.isZero() || day.closing_equity !== '0');
  return first < 0 ? [] : days.slice(first);
}

/** Closed trips of a day that has no summary yet. */
function countsOf(trips: readonly Trip[], day: string): Pick<DailyPnl, 'trades' | 'wins'> {
  const closed = trips.filter(({ trading_day }) => trading_day === day);
  return { trades: closed.length, wins: closed.filter((trip) => netOf(trip).gt(0)).length };
}

async function rowsOf(
  q: Queryable,
  scope: string,
  by: PnlQuery['by'],
  trips: readonly Trip[],
  accounts: readonly AccountFacts[],
  traders: readonly TraderFacts[],
): Promise<PnlView['rows']> {
  const trader = new Map(traders.map((each) => [each.id, each]));
  switch (by) {
    case 'day':
      return breakdownOf(
        trips,
        ({ trading_day }) => trading_day,
        () => null,
        'key',
      );
    case 'trader':
      return breakdownOf(
        trips,
        (trip) => trip.trader,
        (id) => trader.get(id)?.name ?? null,
        'net',
      );
    case 'strategy':
      // The strategy a trader has now: its definition of then is not kept.
      return breakdownOf(
        trips,
        (trip) => (trip.trader === null ? null : (trader.get(trip.trader)?.strategy ?? null)),
        () => null,
        'net',
      );
    case 'account':
      return breakdownOf(
        trips,
        ({ account }) => account,
        (id) => accounts.find((each) => each.id === id)?.name ?? null,
        'net',
      );
    case 'symbol': {
      const names = await symbolNames(q, scope, [...new Set(trips.map(({ symbol }) => symbol))]);
      return breakdownOf(
        trips,
        ({ symbol }) => symbol,
        (symbol) => names.get(symbol) ?? null,
        'net',
      );
    }
  }
}

/** The last point before the range. */
export async function openingOf(
  q: Queryable,
  { scope, level, subject, from }: Omit<CurveOf, 'to'>,
): Promise<PointRow | null> {
  const [row] = await q
    .select()
    .from(equityPoints)
    .where(
      and(
        eq(equityPoints.scope, scope),
        eq(equityPoints.level, level),
        eq(equityPoints.subject, subject),
        lt(equityPoints.tradingDay, from),
      ),
    )
    .orderBy(desc(equityPoints.tradingDay), desc(equityPoints.close), desc(equityPoints.at))
    .limit(1);
  return row ?? null;
}

interface Day {
  readonly day: DailyPnl;
  readonly flow: Decimal;
}

/** What a summary says of its day's profit: equity, less what was paid in. */
export function pnlOf(summary: Pick<DailySummary, 'opening_equity' | 'closing_equity' | 'net_flow'>) {
  const [opening, flow] = [decimal(summary.opening_equity), decimal(summary.net_flow)];
  const pnl = decimal(summary.closing_equity).minus(opening).minus(flow);
  const put = opening.plus(flow);
  return {
    pnl: plain(pnl),
    return: put.gt(0)
      ? measured(pnl.div(put).toNumber())
      : unmeasured(put.isZero() ? 'no_capital' : 'ruined'),
  };
}

/** The days of a range by their summaries; a day that has marks only is told by its last one. */
async function daysOf(
  q: Queryable,
  of: CurveOf,
  rows: readonly PointRow[],
  opening: PointRow | null,
): Promise<Day[]> {
  const settled = await q
    .select({ summary: dailySummaries.summary })
    .from(dailySummaries)
    .where(
      and(
        eq(dailySummaries.scope, of.scope),
        eq(dailySummaries.level, of.level),
        eq(dailySummaries.subject, of.subject),
        between(dailySummaries.tradingDay, of.from, of.to),
      ),
    )
    .orderBy(asc(dailySummaries.tradingDay));
  const bySummary = new Map(settled.map(({ summary }) => [summary.trading_day, summary]));
  const days = new Map<string, Day>();
  let before: PointRow | null = opening;
  for (const [day, marks] of Map.groupBy(rows, ({ tradingDay }) => tradingDay)) {
    const last = marks.at(-1);
    if (last === undefined) continue;
    const summary = bySummary.get(day);
    days.set(day, summary === undefined ? unsettled(day, last, before, of.level) : settledDay(summary));
    before = last;
  }
  for (const [day, summary] of bySummary) if (!days.has(day)) days.set(day, settledDay(summary));
  return [...days.values()].toSorted((a, b) => (a.day.trading_day < b.day.trading_day ? -1 : 1));
}

function settledDay(summary: DailySummary): Day {
  return {
    flow: decimal(summary.net_flow),
    day: {
      trading_day: summary.trading_day,
      ...pnlOf(summary),
      realised_pnl: summary.realised_pnl,
      net_flow: summary.net_flow,
      closing_equity: summary.closing_equity,
      trades: summary.trades,
      wins: summary.wins,
      settled: true,
    },
  };
}

function unsettled(day: string, last: PointRow, before: PointRow | null, level: DailySummary['level']): Day {
  const base = baseOf(last);
  const opening = before?.equity ?? (level === 'trader' ? base : zero);
  const flow = base.minus(before === null ? (level === 'trader' ? base : zero) : baseOf(before));
  const amounts = {
    opening_equity: plain(opening),
    closing_equity: plain(last.equity),
    net_flow: plain(flow),
  };
  return {
    flow,
    day: {
      trading_day: day,
      ...pnlOf(amounts),
      realised_pnl: plain(last.realised.minus(before?.realised ?? zero)),
      net_flow: amounts.net_flow,
      closing_equity: amounts.closing_equity,
      trades: 0,
      wins: 0,
      settled: false,
    },
  };
}
