import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from 'drizzle-orm';
import { type Control, strictest } from '#domain/accounts/control.ts';
import { zero } from '#domain/core/decimal.ts';
import { notFound } from '#domain/core/errors.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import type { TraderCounts, TraderFilter, TraderView } from '#domain/traders/view.ts';
import type { TraderPhase } from '#domain/traders/state.ts';
import { accounts, controls } from '#db/accounts/schema.ts';
import { loadCalendars } from '#db/calendars/load.ts';
import type { Queryable } from '#db/core/client.ts';
import { instruments, quotes } from '#db/market/schema.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type LastPrice, iso, reasonView, traderViewOf } from './page-view.ts';
import { carriedOf, tradersToday } from './page-today.ts';
import { protections, scans, traderTransitions, traders } from './schema.ts';

type TraderRow = typeof traders.$inferSelect;
type AccountRow = typeof accounts.$inferSelect;

const keyOf = (venue: string, source: string, symbol: string) => `${venue} ${source} ${symbol}`;

/** Names and newest prices of the symbols that traders are on, as known at `now`. */
async function marketOf(q: Queryable, rows: readonly TraderRow[], known: AccountsById, now: Date) {
  const wanted = rows.flatMap(({ account, symbol }) => {
    const of = known.get(account);
    return of === undefined || symbol === null ? [] : [{ venue: of.venue, source: of.feed, symbol }];
  });
  const names = new Map<string, string>();
  const prices = new Map<string, LastPrice>();
  for (const group of Map.groupBy(wanted, ({ venue, source }) => `${venue} ${source}`).values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { venue, source } = first;
    const symbols = [...new Set(group.map(({ symbol }) => symbol))];
    const [named, quoted] = await Promise.all([
      q
        .select({ symbol: instruments.symbol, name: instruments.name })
        .from(instruments)
        .where(
          and(
            eq(instruments.venue, venue),
            eq(instruments.source, source),
            inArray(instruments.symbol, symbols),
          ),
        ),
      q
        .select({ symbol: quotes.symbol, last: quotes.last, at: quotes.at })
        .from(quotes)
        .where(
          and(
            eq(quotes.venue, venue),
            eq(quotes.source, source),
            inArray(quotes.symbol, symbols),
            lte(quotes.availableAt, now),
          ),
        ),
    ]);
    for (const { symbol, name } of named) names.set(keyOf(venue, source, symbol), name);
    for (const { symbol, last, at } of quoted) prices.set(keyOf(venue, source, symbol), { last, at });
  }
  return { names, prices };
}

type AccountsById = ReadonlyMap<string, AccountRow>;

/** The strictest of a trader's three switches; one that is not there counts as stopped. */
async function switchesOf(q: Queryable, scope: string) {
  const rows = await q.select().from(controls).where(eq(controls.scope, scope));
  const find = (level: string, subject: string) =>
    rows.find((row) => row.level === level && row.subject === subject);
  return ({ account, id }: TraderRow) => {
    const three = [find('scope', scope), find('account', account), find('trader', id)];
    return strictest(three.map((row): Control => row ?? { mode: 'stopped', flatten: false }));
  };
}

const listed = (ids: readonly string[]) => sql`unnest(${sql.param([...ids])}::text[]) as t(id)`;

/** The newest scan of each of these traders: one step down an index for each, however long their history. */
async function lastScans(q: Queryable, scope: string, ids: readonly string[]) {
  const newest = await q
    .select()
    .from(scans)
    .where(
      sql`${scans.id} in (select (select x.id from scans x where x.scope = ${scope} and x.trader = t.id
        order by x.at desc, x.id desc limit 1) from ${listed(ids)})`,
    );
  return new Map(newest.map((row) => [row.trader, row]));
}

async function lastTransitions(q: Queryable, scope: string, ids: readonly string[]) {
  const newest = await q
    .select()
    .from(traderTransitions)
    .where(
      and(
        eq(traderTransitions.scope, scope),
        sql`(${traderTransitions.trader}, ${traderTransitions.seq}) in (
          select t.id, (select max(x.seq) from trader_transitions x where x.scope = ${scope} and x.trader = t.id)
          from ${listed(ids)})`,
      ),
    );
  return new Map(newest.map((row) => [row.trader, row]));
}

async function protectionsOf(q: Queryable, scope: string, ids: readonly string[], now: Date) {
  const found = await q
    .select()
    .from(protections)
    .where(
      and(
        eq(protections.scope, scope),
        inArray(protections.trader, [...ids]),
        isNull(protections.endedAt),
        or(isNull(protections.until), gt(protections.until, now)),
      ),
    )
    .orderBy(asc(protections.at));
  return Map.groupBy(found, ({ trader }) => trader);
}

async function viewsOf(q: Queryable, scope: string, rows: readonly TraderRow[]): Promise<TraderView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [now, calendars, accountRows] = await Promise.all([
    scopeTime(q, scope),
    loadCalendars(q, scope),
    q.select().from(accounts).where(eq(accounts.scope, scope)),
  ]);
  const known: AccountsById = new Map(accountRows.map((row) => [row.id, row]));
  const days = new Map(
    accountRows.map(({ id, calendar }) => {
      const found = calendars.find(calendar);
      return [id, found === null ? now.toISOString().slice(0, 10) : calendarDay(found, now)];
    }),
  );
  const dayOf = (account: string) => days.get(account) ?? now.toISOString().slice(0, 10);
  const [market, switches, scanOf, transitionOf, protectionOf, today, carried] = await Promise.all([
    marketOf(q, rows, known, now),
    switchesOf(q, scope),
    lastScans(q, scope, ids),
    lastTransitions(q, scope, ids),
    protectionsOf(q, scope, ids, now),
    tradersToday(
      q,
      scope,
      [...days].map(([account, day]) => ({ account, day })),
    ),
    carriedOf(
      q,
      scope,
      rows.map(({ id, account }) => ({ id, day: dayOf(account) })),
    ),
  ]);
  return rows.map((row) => {
    const account = known.get(row.account);
    const key = keyOf(account?.venue ?? '', account?.feed ?? '', row.symbol ?? '');
    return traderViewOf({
      row,
      venue: account?.venue ?? 'KRX',
      currency: account?.currency ?? 'KRW',
      tradingDay: dayOf(row.account),
      symbolName: market.names.get(key) ?? null,
      price: market.prices.get(key) ?? { last: null, at: null },
      today: today.get(row.id),
      carried: carried.get(row.id) ?? zero,
      control: switches(row),
      protections: (protectionOf.get(row.id) ?? []).map(({ code, params, symbol, until }) => ({
        reason: reasonView({ code, params }),
        symbol,
        until: iso(until),
      })),
      scan: scanOf.get(row.id) ?? null,
      transition: transitionOf.get(row.id) ?? null,
    });
  });
}

const like = (text: string) => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

function matches(scope: string, filter: TraderFilter) {
  const text = filter.q === undefined || filter.q === '' ? null : like(filter.q);
  return and(
    eq(traders.scope, scope),
    isNull(traders.deletedAt),
    text === null
      ? undefined
      : sql`(${traders.id} ilike ${text} or ${traders.symbol} ilike ${text}
          or ${traders.definition} ->> 'name' ilike ${text} or ${traders.definition} ->> 'strategy' ilike ${text})`,
    filter.phase === undefined ? undefined : eq(traders.phase, filter.phase),
    filter.strategy === undefined
      ? undefined
      : sql`${traders.definition} ->> 'strategy' = ${filter.strategy}`,
    filter.account === undefined ? undefined : eq(traders.account, filter.account),
    filter.started === undefined ? undefined : eq(traders.started, filter.started),
  );
}

export interface TraderQuery extends TraderFilter {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface TraderPage {
  readonly items: TraderView[];
  readonly counts: TraderCounts;
  readonly next_cursor: string | null;
}

/** How many traders a scope has, and in which phases. */
export async function traderCountsOf(q: Queryable, scope: string): Promise<TraderCounts> {
  const rows = await q
    .select({
      phase: traders.phase,
      count: sql<string>`count(*)`,
      started: sql<string>`count(*) filter (where ${traders.started})`,
    })
    .from(traders)
    .where(and(eq(traders.scope, scope), isNull(traders.deletedAt)))
    .groupBy(traders.phase);
  const of = (phase: TraderPhase) => Number(rows.find((row) => row.phase === phase)?.count ?? 0);
  return {
    total: rows.reduce((total, { count }) => total + Number(count), 0),
    started: rows.reduce((total, { started }) => total + Number(started), 0),
    IDLE: of('IDLE'),
    SCANNING: of('SCANNING'),
    ENTERING: of('ENTERING'),
    HOLDING: of('HOLDING'),
    EXITING: of('EXITING'),
    HALTED: of('HALTED'),
  };
}

/** Traders by id, and how many there are of each phase in the whole scope. */
export async function listTraders(q: Queryable, scope: string, query: TraderQuery): Promise<TraderPage> {
  const [found, counts] = await Promise.all([
    q
      .select()
      .from(traders)
      .where(
        and(matches(scope, query), query.cursor === undefined ? undefined : gt(traders.id, query.cursor)),
      )
      .orderBy(asc(traders.id))
      .limit(query.limit + 1),
    traderCountsOf(q, scope),
  ]);
  const shown = found.slice(0, query.limit);
  return {
    items: await viewsOf(q, scope, shown),
    counts,
    next_cursor: found.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** @throws Problem 404. */
export async function getTrader(q: Queryable, scope: string, id: string): Promise<TraderView> {
  const rows = await q
    .select()
    .from(traders)
    .where(and(eq(traders.scope, scope), eq(traders.id, id), isNull(traders.deletedAt)));
  const [view] = await viewsOf(q, scope, rows);
  if (view === undefined) throw notFound('trader', id);
  return view;
}
