import { and, eq, inArray, isNull, or, gt, sql } from 'drizzle-orm';
import type { Control } from '#domain/accounts/control.ts';
import { strictest } from '#domain/accounts/control.ts';
import type { Decimal } from '#domain/core/decimal.ts';
import { decimal } from '#domain/core/decimal.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import { endedOrderStates } from '#domain/orders/order.ts';
import { type Calendar, calendarDay } from '#domain/time/calendar/calendar.ts';
import type { TraderDefinition } from '#domain/traders/definition.ts';
import { type TraderPhase, type TraderReason, type TraderState, traderState } from '#domain/traders/state.ts';
import { accounts, controls } from '#db/accounts/schema.ts';
import { loadCalendars } from '#db/calendars/load.ts';
import type { Database, Queryable } from '#db/core/client.ts';
import { readInstruments } from '#db/market/instruments.ts';
import { type QuoteRow, readQuotes } from '#db/market/quotes.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import type { AccountRow } from './rows.ts';
import { protections, traders } from './schema.ts';

/** A trader as it stood at one instant. */
export interface WorldTrader {
  readonly id: string;
  readonly account: string;
  readonly definition: TraderDefinition;
  readonly started: boolean;
  readonly state: TraderState;
  /** `state_version`. */
  readonly version: number;
  readonly phaseSince: Date;
  readonly lastScanAt: Date | null;
  readonly symbol: string | null;
  readonly control: Control;
  readonly protections: readonly HeldProtection[];
  readonly broker: BrokerWord | null;
}

export interface HeldProtection {
  readonly symbol: string | null;
  readonly reason: TraderReason;
}

/** The broker's word of the symbol a trader works on, heard after everything we did in it. */
export interface BrokerWord {
  readonly quantity: Decimal;
  readonly sellable: Decimal;
  readonly average: Decimal | null;
}

export interface WorldAccount {
  readonly row: AccountRow;
  readonly calendar: Calendar;
  /** Its trading day. */
  readonly day: string;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly quotes: ReadonlyMap<string, QuoteRow>;
}

/** All that the traders of a scope look at, read at one instant. */
export interface World {
  readonly scope: string;
  /** Scope time. */
  readonly now: Date;
  readonly accounts: ReadonlyMap<string, WorldAccount>;
  readonly traders: readonly WorldTrader[];
  /** Traders whose state this build cannot read: nobody steps them. */
  readonly unreadable: readonly string[];
}

export interface WorldQuery {
  /** Only these; null: all. */
  readonly traders?: readonly string[] | null;
  /** Only those in these phases. */
  readonly phases?: readonly TraderPhase[];
  /** Quotes of these symbols too, not only of those that the traders work on. */
  readonly symbols?: readonly string[];
}

/** What changes seldom, by trader: a thousand definitions and states are not parsed each second. */
interface Kept {
  readonly definition: TraderDefinition;
  readonly definitionVersion: number;
  /** Null: it cannot be read. */
  readonly state: TraderState | null;
  readonly stateVersion: number;
}
const kept = new WeakMap<Database, Map<string, Kept>>();

const light = {
  id: traders.id,
  account: traders.account,
  started: traders.started,
  definitionVersion: traders.version,
  stateVersion: traders.stateVersion,
  phaseSince: traders.phaseSince,
  lastScanAt: traders.lastScanAt,
  symbol: traders.symbol,
};

function chosen(scope: string, { traders: ids, phases }: WorldQuery) {
  return and(
    eq(traders.scope, scope),
    isNull(traders.deletedAt),
    ids === undefined || ids === null ? undefined : inArray(traders.id, [...ids]),
    phases === undefined ? undefined : inArray(traders.phase, [...phases]),
  );
}

/**
 * Reads what the traders of a scope see, in few statements whatever their number. Nothing is locked: who acts on it
 * checks the trader's version in the transaction that stores the step.
 */
export async function readWorld(db: Database, scope: string, query: WorldQuery = {}): Promise<World> {
  const [now, calendars, rows, accountRows, switches, held, words] = await Promise.all([
    scopeTime(db, scope),
    loadCalendars(db, scope),
    db.select(light).from(traders).where(chosen(scope, query)).orderBy(traders.id),
    db.select().from(accounts).where(eq(accounts.scope, scope)),
    db
      .select({
        level: controls.level,
        subject: controls.subject,
        mode: controls.mode,
        flatten: controls.flatten,
      })
      .from(controls)
      .where(eq(controls.scope, scope)),
    readProtections(db, scope),
    readWords(db, scope, query),
  ]);
  const full = await fullRows(db, scope, rows);
  const used = new Set(rows.map(({ account }) => account));
  const worldAccounts = await Promise.all(
    accountRows
      .filter(({ id }) => used.has(id))
      .map(async (row): Promise<WorldAccount | null> => {
        const calendar = calendars.find(row.calendar);
        if (calendar === null) return null;
        const own = rows.flatMap(({ account, symbol }) =>
          account === row.id && symbol !== null ? [symbol] : [],
        );
        const [instruments, quotes] = await Promise.all([
          knownInstruments(db, row),
          readQuotes(db, row.venue, row.feed, now, [...new Set([...own, ...(query.symbols ?? [])])]),
        ]);
        return { row, calendar, day: calendarDay(calendar, now), instruments, quotes };
      }),
  );
  const controlOf = new Map(switches.map((row) => [`${row.level} ${row.subject}`, row]));
  return {
    scope,
    now,
    accounts: new Map(worldAccounts.flatMap((each) => (each === null ? [] : [[each.row.id, each]]))),
    unreadable: [...full].flatMap(([id, { state }]) => (state === null ? [id] : [])),
    traders: rows.flatMap(({ definitionVersion: _of, stateVersion, ...row }): WorldTrader[] => {
      const { definition, state = null } = full.get(row.id) ?? {};
      if (definition === undefined || state === null) return [];
      return [
        {
          ...row,
          definition,
          state,
          version: stateVersion,
          control: controlFor(controlOf, scope, row),
          protections: (held.get(row.id) ?? []).filter(({ until }) => until === null || until > now),
          broker: words.get(row.id) ?? null,
        },
      ];
    }),
  };
}

const noSwitch: Control = { mode: 'stopped', flatten: false };

function controlFor(
  known: ReadonlyMap<string, Control>,
  scope: string,
  trader: { readonly id: string; readonly account: string },
): Control {
  return strictest([
    known.get(`scope ${scope}`) ?? noSwitch,
    known.get(`account ${trader.account}`) ?? noSwitch,
    known.get(`trader ${trader.id}`) ?? noSwitch,
  ]);
}

type Light = { readonly id: string; readonly definitionVersion: number; readonly stateVersion: number };

/** Definitions and states: of those that changed since this process read them last. */
async function fullRows(
  db: Database,
  scope: string,
  rows: readonly Light[],
): Promise<ReadonlyMap<string, Kept>> {
  const cache = kept.get(db) ?? new Map<string, Kept>();
  kept.set(db, cache);
  const missing = rows.filter((row) => {
    const known = cache.get(`${scope} ${row.id}`);
    return known?.stateVersion !== row.stateVersion || known.definitionVersion !== row.definitionVersion;
  });
  if (missing.length > 0) {
    const read = await db
      .select({
        id: traders.id,
        definition: traders.definition,
        definitionVersion: traders.version,
        state: traders.state,
        stateVersion: traders.stateVersion,
      })
      .from(traders)
      .where(
        and(
          eq(traders.scope, scope),
          inArray(
            traders.id,
            missing.map(({ id }) => id),
          ),
        ),
      );
    for (const { id, ...row } of read) {
      // One row that cannot be read must not keep all others from their stops.
      const { data: state = null } = traderState.safeParse(row.state);
      cache.set(`${scope} ${id}`, { ...row, state });
    }
  }
  // Whoever was stepped between the two statements is left to the next look.
  return new Map(
    rows.flatMap((row): [string, Kept][] => {
      const known = cache.get(`${scope} ${row.id}`);
      return known?.stateVersion === row.stateVersion ? [[row.id, known]] : [];
    }),
  );
}

async function readProtections(q: Queryable, scope: string) {
  const rows = await q
    .select({
      trader: protections.trader,
      symbol: protections.symbol,
      code: protections.code,
      params: protections.params,
      until: protections.until,
    })
    .from(protections)
    .where(
      and(
        eq(protections.scope, scope),
        isNull(protections.endedAt),
        or(isNull(protections.until), gt(protections.until, sql`scope_now(${scope})`)),
      ),
    );
  const byTrader = new Map<string, (HeldProtection & { readonly until: Date | null })[]>();
  for (const { trader, symbol, code, params, until } of rows)
    byTrader.set(trader, [...(byTrader.get(trader) ?? []), { symbol, until, reason: { code, params } }]);
  return byTrader;
}

/**
 * What the broker says of each trader's symbol, where it was asked after the trader's last order had ended and the last
 * fill was booked. An older word knows less than our own book.
 */
async function readWords(
  q: Queryable,
  scope: string,
  { traders: ids, phases }: WorldQuery,
): Promise<ReadonlyMap<string, BrokerWord>> {
  const rows = await q.execute<{
    trader: string;
    quantity: string;
    sellable: string;
    average: string | null;
  }>(sql`
    select t.id as trader, b.quantity::text as quantity, b.sellable::text as sellable, b.average::text as average
    from traders t
    join broker_positions b on b.scope = t.scope and b.account = t.account and b.symbol = t.symbol
    left join positions p on p.scope = t.scope and p.account = t.account and p.symbol = t.symbol
    left join lateral (
      select o.state, o.updated_at from orders o where o.scope = t.scope and o.trader = t.id
      order by o.seq desc limit 1) o on true
    where t.scope = ${scope} and t.symbol is not null and t.deleted_at is null
      ${ids === undefined || ids === null ? sql`` : sql`and t.id = any(${sql.param([...ids])}::text[])`}
      ${phases === undefined ? sql`` : sql`and t.phase = any(${sql.param([...phases])}::text[])`}
      and (o.state is null or (o.state = any(${sql.param([...endedOrderStates])}::text[]) and b.at > o.updated_at))
      and (p.updated_at is null or b.at > p.updated_at)`);
  return new Map(
    rows.map(({ trader, quantity, sellable, average }) => [
      trader,
      {
        quantity: decimal(quantity),
        sellable: decimal(sellable),
        average: average === null ? null : decimal(average),
      },
    ]),
  );
}

interface KnownInstruments {
  readonly mark: string;
  readonly instruments: ReadonlyMap<string, Instrument>;
}
const instrumentsOf = new WeakMap<Database, Map<string, KnownInstruments>>();

/** A feed's instruments; read again when one of them was written. */
async function knownInstruments(
  db: Database,
  { venue, feed }: Pick<AccountRow, 'venue' | 'feed'>,
): Promise<ReadonlyMap<string, Instrument>> {
  const cache = instrumentsOf.get(db) ?? new Map<string, KnownInstruments>();
  instrumentsOf.set(db, cache);
  const [row] = await db.execute<{ mark: string }>(sql`
    select count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) as mark from instruments
    where venue = ${venue} and source = ${feed}`);
  const mark = row?.mark ?? '';
  const known = cache.get(`${venue} ${feed}`);
  if (known?.mark === mark) return known.instruments;
  const instruments = await readInstruments(db, venue, feed);
  cache.set(`${venue} ${feed}`, { mark, instruments });
  return instruments;
}
