import { and, asc, eq, gte, isNotNull, isNull, notInArray, sql } from 'drizzle-orm';
import type { AccountView } from '#domain/accounts/view.ts';
import { decimal, sum, zero } from '#domain/core/decimal.ts';
import type { DeskSession, DeskView } from '#domain/desk/view.ts';
import { endedOrderStates } from '#domain/orders/order.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import {
  type Calendar,
  calendarDay,
  dayOf,
  startOfDay,
  tradingDayNumber,
} from '#domain/time/calendar/calendar.ts';
import { listAccounts } from '#db/accounts/queries.ts';
import { loadCalendars } from '#db/calendars/load.ts';
import type { Queryable } from '#db/core/client.ts';
import { jobs } from '#db/jobs/schema.ts';
import { listPositions } from '#db/ledger/positions-view.ts';
import { orders } from '#db/orders/schema.ts';
import { runs } from '#db/runs/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { deskPnl } from './pnl.ts';

const firesShown = 8;
const unknownShown = 20;
/** A venue that is closed longer is taken for closed for good. */
const closedDaysMax = 30;

/** The first phase that begins after an instant, on its day or a later one. */
function nextPhase(calendar: Calendar, now: Date): DeskSession['next'] {
  const today = tradingDayNumber(calendar, now);
  for (let day = today; day <= today + closedDaysMax; day += 1) {
    const session = dayOf(calendar, day);
    if (session.kind === 'closed') continue;
    const coming = session.phases
      .filter(({ start }) => start > now)
      .toSorted((a, b) => a.start.getTime() - b.start.getTime())[0];
    if (coming !== undefined)
      return { name: coming.name, at: coming.start.toISOString(), trading_day: session.date };
    // A phase that lasts to the day's end is followed by the close.
    const running = session.phases.find(({ start, end }) => start <= now && end > now);
    if (running !== undefined)
      return { name: 'closed', at: running.end.toISOString(), trading_day: session.date };
  }
  return null;
}

function sessionView(calendar: Calendar, now: Date): DeskSession {
  const session = dayOf(calendar, tradingDayNumber(calendar, now));
  return {
    calendar: calendar.id,
    time_zone: calendar.zone,
    trading_day: calendarDay(calendar, now),
    open: session.kind === 'open',
    closed_name: session.kind === 'closed' ? session.name : null,
    phases:
      session.kind === 'closed'
        ? []
        : session.phases.map(({ name, start, end }) => ({
            name,
            start: start.toISOString(),
            end: end.toISOString(),
          })),
    next: nextPhase(calendar, now),
  };
}

async function ordersOf(q: Queryable, scope: string, day: string): Promise<DeskView['orders']> {
  const [[counted], unknown] = await Promise.all([
    q
      .select({
        open: sql<number>`count(*) filter (where ${notInArray(orders.state, [...endedOrderStates])})::int`,
        today: sql<number>`count(*) filter (where ${orders.tradingDay} = ${day})::int`,
      })
      .from(orders)
      .where(
        and(
          eq(orders.scope, scope),
          sql`(${orders.tradingDay} = ${day} or ${notInArray(orders.state, [...endedOrderStates])})`,
        ),
      ),
    q
      .select()
      .from(orders)
      .where(and(eq(orders.scope, scope), eq(orders.state, 'unknown')))
      .orderBy(asc(orders.at))
      .limit(unknownShown),
  ]);
  return {
    open: counted?.open ?? 0,
    today: counted?.today ?? 0,
    unknown: unknown.map(({ id, trader, symbol, side, at, candidates }) => ({
      order_id: id,
      trader,
      symbol,
      side,
      at: at.toISOString(),
      candidates: candidates?.length ?? 0,
    })),
  };
}

/** Runs that went wrong since the day began; quarantined ones wait however old they are. */
async function runsOf(q: Queryable, scope: string, since: Date): Promise<DeskView['runs']> {
  const [row] = await q
    .select({
      failed: sql<number>`count(*) filter (where ${runs.state} = 'failed')::int`,
      quarantined: sql<number>`count(*) filter (where ${runs.state} = 'quarantined')::int`,
    })
    .from(runs)
    .where(
      and(
        eq(runs.scope, scope),
        sql`(${runs.state} = 'quarantined' or (${runs.state} = 'failed' and ${gte(runs.finishedAt, since)}))`,
      ),
    );
  return row ?? { failed: 0, quarantined: 0 };
}

async function nextFires(q: Queryable, scope: string): Promise<DeskView['next_fires']> {
  const rows = await q
    .select({ job_id: jobs.jobId, description: jobs.description, at: jobs.nextDueAt })
    .from(jobs)
    .where(
      and(eq(jobs.scope, scope), isNull(jobs.deletedAt), eq(jobs.enabled, true), isNotNull(jobs.nextDueAt)),
    )
    .orderBy(asc(jobs.nextDueAt), asc(jobs.jobId))
    .limit(firesShown);
  return rows.flatMap(({ at, ...job }) => (at === null ? [] : [{ ...job, at: at.toISOString() }]));
}

function gatewayOf(account: AccountView, day: string): DeskView['gateways'][number] {
  const stopped = account.stopped_day === day;
  return {
    account: account.account_id,
    name: account.name,
    state: account.gateway.state,
    ready: account.ready,
    reason: stopped ? account.stopped_reason : (account.gateway.trouble ?? account.ready_reason),
    stopped_today: stopped,
  };
}

/** The desk today: session, positions, profit and loss, and what needs somebody. */
export async function deskView(q: Queryable, scope: string): Promise<DeskView> {
  const [now, calendars, accounts, held] = await Promise.all([
    scopeTime(q, scope),
    loadCalendars(q, scope),
    listAccounts(q, scope),
    listPositions(q, scope),
  ]);
  const calendar = calendars.find(accounts[0]?.calendar ?? 'XKRX') ?? builtinCalendar('XKRX');
  const session = sessionView(calendar, now);
  const positions = held.items
    .filter(({ quantity }) => quantity !== '0')
    .toSorted((a, b) => Number(b.value ?? 0) - Number(a.value ?? 0));
  const unrealised = sum(positions.map((each) => decimal(each.unrealised ?? zero)));
  const since = startOfDay(calendar, tradingDayNumber(calendar, now));
  const day = session.trading_day;
  const names = accounts.map(({ account_id: id }) => id);
  const [pnl, ordered, failed, fires] = await Promise.all([
    deskPnl(q, scope, day, names, unrealised),
    ordersOf(q, scope, day),
    runsOf(q, scope, since),
    nextFires(q, scope),
  ]);
  return {
    now: now.toISOString(),
    accounts: accounts.length,
    currency: accounts[0]?.currency ?? 'KRW',
    session,
    positions,
    pnl,
    orders: ordered,
    gateways: accounts.map((account) => gatewayOf(account, day)),
    runs: failed,
    next_fires: fires,
  };
}
