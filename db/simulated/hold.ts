import { eq } from 'drizzle-orm';
import { notFound } from '#domain/core/errors.ts';
import { marketConfig } from '#domain/simulation/config.ts';
import { type MarketDay, type MarketPhase, gridMs, phaseOf } from '#domain/simulation/day.ts';
import {
  type SimulatedWorld,
  advanceMarket,
  dayFrom,
  gridPoint,
  historyFrom,
} from '#domain/simulation/market.ts';
import { type SymbolState, packed, unpacked } from '#domain/simulation/symbol.ts';
import { loadCalendars } from '#db/calendars/load.ts';
import type { Database, Transaction } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { bookExecutions, openOrders, workingOrder } from './book.ts';
import { writeMarketData } from './market-data.ts';
import { forgetOld } from './prune.ts';
import { simulatedMarkets } from './schema.ts';

export type MarketRow = typeof simulatedMarkets.$inferSelect;

/** The market of a scope with its row locked, moved to the scope's time. What is changed in it is stored at the end. */
export interface HeldMarket {
  readonly tx: Transaction;
  readonly scope: string;
  readonly now: Date;
  readonly world: SimulatedWorld;
  readonly states: readonly SymbolState[];
  /** The trading day that goes on or comes next; null when the calendar never opens again. */
  readonly day: MarketDay | null;
  readonly phase: MarketPhase | null;
  /** Changed in place and stored. */
  readonly row: MarketRow;
}

/** Seconds of the market that one transaction moves it by, so that nobody waits long for it. */
const mostSeconds = 7_200;
/** Days on which nobody looked at a market longer than this did not happen in it. */
const idleMs = 3 * 86_400_000;

const worlds = new Map<string, SimulatedWorld>();
const worldsKept = 32;

async function worldOf(tx: Transaction, row: MarketRow): Promise<SimulatedWorld> {
  const calendars = await loadCalendars(tx, row.scope);
  const calendar = calendars.find(row.calendar);
  if (calendar === null) throw notFound('calendar', row.calendar);
  const known = worlds.get(row.token);
  if (known !== undefined) return known.calendar === calendar ? known : { ...known, calendar };
  const config = marketConfig.parse(row.config);
  const world: SimulatedWorld = { seed: row.seed, calendar, symbols: row.symbols, config };
  if (worlds.size >= worldsKept) worlds.clear();
  worlds.set(row.token, world);
  return world;
}

/**
 * Does something in a scope's market: its row is locked, it is moved to the scope's time, and what `act` changes is
 * stored in the same transaction. A market far behind is first brought nearer in transactions of their own.
 * @throws Problem 404 for a scope without a simulated market.
 */
export async function inMarket<T>(
  db: Database,
  scope: string,
  act: (market: HeldMarket) => Promise<T>,
): Promise<T> {
  for (;;) {
    const done = await db.transaction((tx) => once(tx, scope, act));
    if (done !== null) return done.result;
  }
}

/** {@link inMarket} within a transaction that is open. */
export async function inMarketOf<T>(
  tx: Transaction,
  scope: string,
  act: (market: HeldMarket) => Promise<T>,
): Promise<T> {
  for (;;) {
    const done = await once(tx, scope, act);
    if (done !== null) return done.result;
  }
}

async function once<T>(
  tx: Transaction,
  scope: string,
  act: (market: HeldMarket) => Promise<T>,
): Promise<{ readonly result: T } | null> {
  const [row] = await tx
    .select()
    .from(simulatedMarkets)
    .where(eq(simulatedMarkets.scope, scope))
    .for('update');
  if (row === undefined) throw notFound('simulated_market', scope);
  const now = await scopeTime(tx, scope);
  const world = await worldOf(tx, row);
  const states = row.state.map(unpacked);
  const before = { ...row };
  const target = gridPoint(now.getTime());
  const reached = await advance(tx, row, world, states, target);
  const day = dayFrom(world.calendar, now.getTime());
  const phase = day === null ? null : phaseOf(day, now.getTime());
  const held = { tx, scope, now, world, states, day, phase, row };
  const result = reached ? { result: await act(held) } : null;
  await store(tx, before, row, states);
  return result;
}

/** Most calls only look: nothing is written for them. A send counts as a request, so what it took is stored. */
async function store(
  tx: Transaction,
  before: MarketRow,
  row: MarketRow,
  states: readonly SymbolState[],
): Promise<void> {
  const { advancedTo, nextNumber, requests, config, token } = row;
  const changed = token !== before.token;
  if (advancedTo === before.advancedTo && requests === before.requests && !changed) return;
  await tx
    .update(simulatedMarkets)
    .set({
      state: states.map(packed),
      advancedTo,
      nextNumber,
      requests,
      ...(changed ? { config, token } : {}),
    })
    .where(eq(simulatedMarkets.scope, row.scope));
}

/** @returns whether the market has reached the target. */
async function advance(
  tx: Transaction,
  row: MarketRow,
  world: SimulatedWorld,
  states: SymbolState[],
  target: number,
): Promise<boolean> {
  let from = row.advancedTo.getTime();
  if (from >= target) return true;
  const open = await openOrders(tx, row.scope);
  let to = target;
  if (open.length === 0 && target - from > idleMs) {
    from = skipped(world, states, from, target);
    const present = dayFrom(world.calendar, from + gridMs);
    if (present !== null) to = Math.min(to, present.last + gridMs);
  }
  to = Math.min(to, from + mostSeconds * gridMs);
  const before = states.map(({ day, state }) => ({ day, state }));
  const { executions, expired, bars } = advanceMarket(world, states, from, to, open.map(workingOrder));
  row.advancedTo = new Date(to);
  await bookExecutions(tx, world, row.scope, open, executions, expired);
  const newDay = states.some(({ day }, index) => before[index]?.day !== day);
  const changed = states.map(({ state }, index) => newDay || before[index]?.state !== state);
  await writeMarketData(tx, row.scope, world, states, bars, changed, new Date(to));
  if (newDay) await forgetOld(tx, row.scope, new Date(to));
  return to === target;
}

/** Where an idle market goes on once its own day is over. */
function skipped(
  world: SimulatedWorld,
  states: readonly SymbolState[],
  from: number,
  target: number,
): number {
  const present = dayFrom(world.calendar, from + gridMs);
  if (present !== null && present.first <= from) return from;
  const eve = historyFrom(world.calendar, target);
  if (eve <= from) return from;
  for (const state of states) state.at = eve;
  return eve;
}
