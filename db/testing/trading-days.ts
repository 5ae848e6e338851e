import { sql } from 'drizzle-orm';
import { type Decimal, decimal, sum, zero } from '#domain/core/decimal.ts';
import type { LedgerEntry } from '#domain/ledger/entry.ts';
import { settlementDay } from '#domain/market/costs.ts';
import { type Session, sessionOf } from '#domain/time/calendar/calendar.ts';
import { dateText, dayNumber } from '#domain/time/calendar/day.ts';
import { traderDefinition } from '#domain/traders/definition.ts';
import { accounts } from '#db/accounts/schema.ts';
import { makeControl } from '#db/accounts/controls.ts';
import type { Database } from '#db/core/client.ts';
import { books, ledgerEntries, positions } from '#db/ledger/schema.ts';
import { writeInstruments } from '#db/market/instruments.ts';
import { writeQuotes } from '#db/market/quotes.ts';
import { equityPoints } from '#db/performance/schema.ts';
import { settleDay } from '#db/performance/settle.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { traders } from '#db/traders/schema.ts';
import {
  calendar,
  desk,
  entryFee,
  fillsOf,
  instruments,
  market,
  netOf,
  onTick,
  tradesOf,
} from './seed-desk.ts';
import { type SeededTrip, writeTrips } from './trips.ts';

const account = 'paper';

export interface SeedOptions {
  readonly scope?: string;
  /** Sessions, the newest one last. */
  readonly days?: number;
  /** The newest session; left out: the last that has closed by the scope's time. */
  readonly until?: string;
  readonly seed?: number;
  /** Won paid in before the first day. */
  readonly opening?: string;
  /** Whether the last trader still holds something after the newest day. */
  readonly carried?: boolean;
}

export interface Seeded {
  readonly scope: string;
  readonly account: string;
  /** Trading days, oldest first. */
  readonly days: readonly string[];
  readonly traders: readonly string[];
}

/** A random source that gives the same again (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function sessionsUntil(last: string, count: number, now: Date): Session[] {
  const found: Session[] = [];
  for (let day = dayNumber(last); found.length < count; day -= 1) {
    const session = sessionOf(calendar, dateText(day));
    if (session.kind === 'open' && session.close <= now) found.unshift(session);
  }
  return found;
}

/**
 * A desk that has traded for a while: an account with its ledger, traders, orders, transitions and scans of the newest
 * days, equity points every 15 minutes and settled summaries. The same options give the same money.
 * The scope must have no account of the name `paper`.
 */
export async function seedTradingDays(db: Database, options: SeedOptions = {}): Promise<Seeded> {
  const { scope = 'mock', days = 60, seed = 7, opening = '50000000', carried = true } = options;
  const now = await scopeTime(db, scope);
  const last = options.until ?? dateText(Math.floor((now.getTime() + 9 * 3_600_000) / 86_400_000));
  const until = options.until === undefined ? now : new Date(sessionEnd(last));
  const sessions = sessionsUntil(last, days, until);
  const random = randomOf(seed);
  const feed = `simulator:${scope}`;
  await writeDesk(db, scope, feed, sessions);
  const prices = new Map(market.map(([symbol, , , price]) => [symbol, price]));
  const trips: SeededTrip[] = [];
  for (const [index, session] of sessions.entries()) {
    const newest = index === sessions.length - 1;
    trips.push(...tradesOf(session, random, prices, carried && newest));
    for (const [symbol, price] of prices) prices.set(symbol, price * (1 + (random() - 0.495) * 0.03));
  }
  const end = sessions.at(-1);
  if (end === undefined) throw new Error('No session to seed.');
  await writeBook(db, scope, opening, sessions, trips);
  await writeMarket(db, feed, end, trips);
  await writeTrips(db, { scope, account, trips, detailed: sessions.slice(-3).map(({ date }) => date) });
  await writeMarks(db, scope, opening, sessions, trips);
  for (const session of sessions)
    await settleDay(db, scope, session.date, new Date(session.close.getTime() + 5 * 60_000));
  return { scope, account, days: sessions.map(({ date }) => date), traders: desk.map(([id]) => id) };
}

function sessionEnd(date: string): number {
  const session = sessionOf(calendar, date);
  if (session.kind === 'closed') throw new Error(`KRX is closed on ${date}.`);
  return session.close.getTime();
}

async function writeDesk(
  db: Database,
  scope: string,
  feed: string,
  sessions: readonly Session[],
): Promise<void> {
  const createdAt = new Date((sessions[0]?.open.getTime() ?? 0) - 30 * 60_000);
  await db.insert(accounts).values({
    scope,
    id: account,
    name: '모의 계좌',
    broker: 'simulated',
    venue: 'KRX',
    calendar: 'XKRX',
    feed,
    limits: { position_value: '20000000', positions: 10, entries_per_minute: 30 },
    ready: true,
    createdAt,
  });
  await db.insert(traders).values(
    desk.map(([id, name, strategy, capital]) => ({
      scope,
      id,
      account,
      definition: traderDefinition.parse({ name, strategy, rules: { capital_per_position: capital } }),
      started: true,
      phase: 'IDLE' as const,
      state: { phase: 'IDLE', seq: 0, settled: [] },
      phaseSince: createdAt,
      createdAt,
    })),
  );
  await db.transaction(async (tx) => {
    await makeControl(tx, scope, 'account', account);
    for (const [id] of desk) await makeControl(tx, scope, 'trader', id);
  });
}

const dated = (kind: LedgerEntry['kind'], at: Date, day: string, settlesOn = day) => ({
  kind,
  at,
  tradingDay: day,
  settlesOn,
});

/** Writes the account's ledger, book and positions of trips. */
async function writeBook(
  db: Database,
  scope: string,
  opening: string,
  sessions: readonly Session[],
  trips: readonly SeededTrip[],
): Promise<void> {
  const [first] = sessions;
  if (first === undefined) return;
  const fills = trips.flatMap(fillsOf).toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const rows: (typeof ledgerEntries.$inferInsert)[] = [];
  let [seq, cash] = [0, zero];
  const add = (
    row: Omit<typeof ledgerEntries.$inferInsert, 'scope' | 'account' | 'seq' | 'id'>,
    of: string,
  ) => {
    seq += 1;
    rows.push({ scope, account, seq, id: `${row.kind}:${of}`, ...row });
    const amount = row.amount ?? zero;
    const out = row.kind === 'fee' || row.kind === 'tax' || row.side === 'buy';
    cash = out ? cash.minus(amount) : cash.plus(amount);
  };
  add(
    {
      ...dated('deposit', new Date(first.open.getTime() - 20 * 60_000), first.date),
      amount: decimal(opening),
    },
    'opening',
  );
  // The costs of a fill stand under its name, as they are booked.
  for (const [index, { trip, side, quantity, amount, at, costs }] of fills.entries()) {
    const of = `${trip.day}/seed/${index}`;
    const placed = {
      order: side === 'buy' ? trip.ids.entry : trip.ids.exit,
      trader: trip.trader,
      symbol: trip.symbol,
    };
    const settles = settlementDay('KRX', calendar, trip.day);
    add({ ...dated('fill', at, trip.day, settles), ...placed, side, quantity, amount }, of);
    if (costs.fee.gt(0)) add({ ...dated('fee', at, trip.day, settles), ...placed, amount: costs.fee }, of);
    if (costs.tax.gt(0)) add({ ...dated('tax', at, trip.day, settles), ...placed, amount: costs.tax }, of);
  }
  for (let from = 0; from < rows.length; from += 2_000)
    await db.insert(ledgerEntries).values(rows.slice(from, from + 2_000));
  await db.insert(books).values({ scope, account, lastSeq: seq, cash });
  await writePositions(db, scope, trips, seq);
}

async function writePositions(
  db: Database,
  scope: string,
  trips: readonly SeededTrip[],
  seq: number,
): Promise<void> {
  const bySymbol = Map.groupBy(trips, ({ symbol }) => symbol);
  await db.insert(positions).values(
    [...bySymbol].map(([symbol, of]) => {
      const open = of.find((trip) => trip.open);
      const last = of.at(-1);
      const held = decimal(open?.quantity ?? 0);
      const realised = sum(
        of.filter((trip) => !trip.open).map((trip) => decimal(trip.exit - trip.entry).times(trip.quantity)),
      );
      return {
        scope,
        account,
        symbol,
        quantity: held,
        basisQuantity: held,
        basisCost: held.times(open?.entry ?? 0),
        realised,
        trader: last?.trader ?? null,
        openedAt: open?.entryAt ?? null,
        seq,
        updatedAt: last?.exitAt ?? new Date(0),
      };
    }),
  );
}

/** Instruments, and quotes as the last session left them. */
async function writeMarket(
  db: Database,
  feed: string,
  end: Session,
  trips: readonly SeededTrip[],
): Promise<void> {
  await writeInstruments(db, feed, instruments, end.open);
  await writeQuotes(
    db,
    market.map(([symbol, , , base]) => {
      const last = trips.findLast((trip) => trip.symbol === symbol);
      const price = decimal(onTick(last?.exit ?? base));
      return {
        venue: 'KRX',
        source: feed,
        symbol,
        at: end.close.toISOString(),
        available_at: end.close.toISOString(),
        bid: price.minus(100),
        ask: price.plus(100),
        bid_size: decimal(1_200),
        ask_size: decimal(900),
        last: price,
        volume: decimal(1_234_500),
      };
    }),
  );
}

/** What the monitor would have marked, every 15 minutes; a held price goes straight from entry to exit. */
async function writeMarks(
  db: Database,
  scope: string,
  opening: string,
  sessions: readonly Session[],
  trips: readonly SeededTrip[],
): Promise<void> {
  const rows: (typeof equityPoints.$inferInsert)[] = [];
  const earned = new Map<string, Decimal>(desk.map(([id]) => [id, zero]));
  let before: Decimal = zero;
  for (const session of sessions) {
    const ofDay = trips.filter(({ day }) => day === session.date);
    for (let minute = 15; minute < 390; minute += 15) {
      const at = new Date(session.open.getTime() + minute * 60_000 + 30_000);
      const each = desk.map(([id, , , capital]) => {
        const mine = ofDay.filter(({ trader }) => trader === id);
        const done = sum(mine.filter((trip) => !trip.open && trip.exitAt <= at).map(netOf));
        const held = mine.find((trip) => trip.entryAt <= at && (trip.open || trip.exitAt > at));
        const realised = (earned.get(id) ?? zero).plus(done).minus(held === undefined ? 0 : entryFee(held));
        return { id, capital: decimal(capital), realised, ...markOf(held, at) };
      });
      const total = (pick: (mark: (typeof each)[number]) => Decimal) => sum(each.map(pick));
      const add = (
        level: 'scope' | 'account' | 'trader',
        subject: string,
        base: Decimal,
        mark: Pick<(typeof each)[number], 'realised' | 'unrealised' | 'value'>,
        flow: Decimal,
      ) => {
        const equity = base.plus(mark.realised).plus(mark.unrealised);
        rows.push({
          scope,
          level,
          subject,
          at,
          tradingDay: session.date,
          equity,
          cash: equity.minus(mark.value),
          positions: mark.value,
          realised: mark.realised,
          unrealised: mark.unrealised,
          flow,
        });
      };
      const all = {
        realised: total(({ realised }) => realised),
        unrealised: total(({ unrealised }) => unrealised),
        value: total(({ value }) => value),
      };
      const base = decimal(opening);
      for (const mark of each) add('trader', mark.id, mark.capital, mark, zero);
      add('account', account, base, all, base.minus(before));
      add('scope', scope, base, all, base.minus(before));
      before = base;
    }
    for (const trip of ofDay)
      earned.set(
        trip.trader,
        (earned.get(trip.trader) ?? zero).plus(trip.open ? entryFee(trip).neg() : netOf(trip)),
      );
  }
  for (let from = 0; from < rows.length; from += 1_000)
    await db.insert(equityPoints).values(rows.slice(from, from + 1_000));
  await db.execute(sql`analyze equity_points`);
}

/** What is held of a trip at an instant, at a price on the straight line to its exit. */
function markOf(trip: SeededTrip | undefined, at: Date) {
  if (trip === undefined) return { unrealised: zero, value: zero };
  const done = (at.getTime() - trip.entryAt.getTime()) / (trip.exitAt.getTime() - trip.entryAt.getTime());
  const price = onTick(trip.entry + (trip.exit - trip.entry) * Math.min(1, Math.max(0, done)));
  const quantity = decimal(trip.quantity);
  return { unrealised: quantity.times(price - trip.entry), value: quantity.times(price) };
}
