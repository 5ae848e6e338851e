import { sql } from 'drizzle-orm';
import type { AccountFacts, CalendarFacts, FeedFacts, SystemFacts } from '#domain/checks/system-check.ts';
import { phaseAt } from '#domain/market/trading-phase.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { type Calendar, type CalendarDay, daysBetween } from '#domain/time/calendar/calendar.ts';
import { dateText, dayNumber } from '#domain/time/calendar/day.ts';
import { isBuiltinCalendar } from '#domain/time/calendar/definition.ts';
import { type ScopeCalendars, loadCalendars, tradingDayOf } from '#db/calendars/load.ts';
import type { Queryable } from '#db/core/client.ts';
import { engineView } from '#db/engine/queries.ts';
import { scopeTime } from '#db/scopes/clock.ts';

interface AccountRow extends Record<string, unknown> {
  readonly id: string;
  readonly feed: string;
  readonly calendar: string;
  readonly ready: boolean;
  readonly ready_reason: string | null;
  readonly drift: number;
  readonly traders: number;
  readonly heartbeat_age: number | null;
  readonly trouble: string | null;
}

async function accountsOf(q: Queryable, scope: string): Promise<AccountRow[]> {
  return q.execute<AccountRow>(sql`
    select a.id, a.feed, a.calendar, a.ready, a.ready_reason->>'code' as ready_reason,
      (select count(*)::int from jsonb_array_elements(a.drift) d where d->>'explained' is null) as drift,
      (select count(*)::int from traders t where t.scope = a.scope and t.account = a.id and t.started
        and t.deleted_at is null) as traders,
      case when g.process is null then null else extract(epoch from clock_timestamp() - g.heartbeat_at)::float8 end
        as heartbeat_age,
      g.trouble->>'code' as trouble
    from accounts a left join gateways g on g.scope = a.scope and g.account = a.id
    where a.scope = ${scope} order by a.number`);
}

function accountFacts(row: AccountRow): AccountFacts {
  return {
    account: row.id,
    heartbeatAgeSec: row.heartbeat_age,
    trouble: row.trouble,
    ready: row.ready,
    readyReason: row.ready_reason,
    drift: row.drift,
    traders: row.traders,
  };
}

/** Each feed that an account uses, with the age of its newest quote by the scope's clock. */
async function feedFacts(
  q: Queryable,
  accounts: readonly AccountRow[],
  calendars: ScopeCalendars,
  now: Date,
): Promise<FeedFacts[]> {
  const feeds = [...new Set(accounts.map(({ feed }) => feed))];
  if (feeds.length === 0) return [];
  const rows = await q.execute<{ source: string; at: number }>(sql`
    select source, (extract(epoch from max(at)) * 1000)::float8 as at from quotes
    where source = any(${sql.param(feeds)}::text[]) and available_at <= ${now.toISOString()}::timestamptz
    group by source`);
  const newest = new Map(rows.map(({ source, at }) => [source, at]));
  return feeds.map((feed) => {
    const users = accounts.filter((account) => account.feed === feed);
    const at = newest.get(feed);
    return {
      feed,
      inSession: users.some(({ calendar }) => {
        const found = calendars.find(calendar);
        return found !== null && phaseAt(found, now)?.name === 'continuous';
      }),
      quoteAgeSec: at === undefined ? null : Math.max(0, now.getTime() - at) / 1_000,
      traders: users.reduce((sum, { traders }) => sum + traders, 0),
    };
  });
}

const daysAhead = 30;
const hoursOf = (day: CalendarDay) =>
  day.kind === 'closed' ? 'closed' : `${day.open.getTime()}–${day.close.getTime()}`;

/** How the coming days of a built-in calendar stand to the published table. */
function calendarFacts(id: string, calendar: Calendar, now: Date): CalendarFacts {
  const from = tradingDayOf(calendar, now, calendar.zone);
  const to = dateText(dayNumber(from) + daysAhead);
  const published = isBuiltinCalendar(id) ? daysBetween(builtinCalendar(id), from, to) : [];
  const days = daysBetween(calendar, from, to);
  const against = published.filter((day, index) => {
    const ours = days[index];
    return ours !== undefined && hoursOf(day) !== hoursOf(ours);
  });
  return {
    calendar: id,
    against: against.map(({ date }) => date),
    projected: published.filter(({ projected }) => projected).length,
  };
}

async function lockFacts(q: Queryable, scope: string): Promise<SystemFacts['locks']> {
  const rows = await q.execute<{
    symbol: string;
    orphaned: boolean;
    overdue: boolean;
    unreconciled: boolean;
  }>(sql`
    select symbol, trader is not null and not exists (select 1 from traders t where t.scope = l.scope
        and t.id = l.trader and t.deleted_at is null) and until < clock_timestamp() as orphaned,
      trader is not null and until < clock_timestamp() and has_position as overdue,
      trader is null and needs_reconcile as unreconciled
    from symbol_locks l where scope = ${scope} and (trader is not null or needs_reconcile) order by symbol`);
  const those = (pick: (row: (typeof rows)[number]) => boolean) =>
    rows.filter(pick).map(({ symbol }) => symbol);
  return {
    overdue: those(({ overdue }) => overdue),
    orphaned: those(({ orphaned, overdue }) => orphaned && !overdue),
    unreconciled: those(({ unreconciled }) => unreconciled),
  };
}

async function unknownOrders(q: Queryable, scope: string): Promise<SystemFacts['unknownOrders']> {
  const [row] = await q.execute<{ count: number; age: number | null }>(sql`
    select count(*)::int as count, extract(epoch from scope_now(${scope}) - min(updated_at))::float8 as age
    from orders where scope = ${scope} and state = 'unknown'`);
  return { count: row?.count ?? 0, oldestAgeSec: row?.age ?? null };
}

/** What the check-up of a scope asks, but for the disk, which is the process's own. @throws Problem 404. */
export async function systemFacts(q: Queryable, scope: string): Promise<Omit<SystemFacts, 'disk'>> {
  const started = performance.now();
  const now = await scopeTime(q, scope);
  const databaseMs = performance.now() - started;
  const [engine, accounts, calendars, orders, locks] = [
    await engineView(q),
    await accountsOf(q, scope),
    await loadCalendars(q, scope),
    await unknownOrders(q, scope),
    await lockFacts(q, scope),
  ];
  const used = [...new Set(accounts.map(({ calendar }) => calendar))].toSorted();
  return {
    databaseMs,
    leader:
      engine.leader === null
        ? null
        : { alive: engine.leader.alive, heartbeatAgeSec: engine.leader.heartbeat_age_sec },
    workers: engine.processes.filter(
      ({ kind, lane, state }) => kind === 'worker' && lane === 'live' && state === 'live',
    ).length,
    accounts: accounts.map(accountFacts),
    feeds: await feedFacts(q, accounts, calendars, now),
    unknownOrders: orders,
    locks,
    calendars: used.flatMap((id) => {
      const calendar = calendars.find(id);
      return calendar === null ? [] : [calendarFacts(id, calendar, now)];
    }),
  };
}
