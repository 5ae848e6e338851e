import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Decimal, decimal } from '#domain/core/decimal.ts';
import { conflict } from '#domain/core/errors.ts';
import type { feeContract } from '#domain/market/costs.ts';
import { type SimulatedSymbol, marketConfig } from '#domain/simulation/config.ts';
import { gridMs } from '#domain/simulation/day.ts';
import {
  type Bar,
  type SimulatedWorld,
  advanceMarket,
  gridPoint,
  historyFrom,
} from '#domain/simulation/market.ts';
import { type SymbolState, freshSymbol, packed } from '#domain/simulation/symbol.ts';
import { inventedSymbols } from '#domain/simulation/universe.ts';
import { requireCalendar } from '#db/calendars/load.ts';
import type { Transaction } from '#db/core/client.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { clearMarketData } from './bars.ts';
import { writeMarketData } from './market-data.ts';
import { simulatedAccounts, simulatedMarkets } from './schema.ts';

export interface SimulatedMarketOptions {
  readonly scope: string;
  /** Its trading hours: `XKRX`, or a calendar of the desk's own that is open longer. */
  readonly calendar: string;
  /** The same seed gives the same market. */
  readonly seed: number;
  /** The invented ones of the product when left out. */
  readonly symbols?: readonly SimulatedSymbol[];
  readonly accounts: readonly {
    readonly id: string;
    readonly openingCash: Decimal | string;
    readonly fees?: readonly z.input<typeof feeContract>[];
  }[];
  /** Faults and script included. */
  readonly config?: z.input<typeof marketConfig>;
  /** Whether the market went on before: candles of the previous and the present day. Else it begins now. */
  readonly history?: boolean;
}

/**
 * Makes the simulated market of a scope, with the broker's books of its accounts: instruments, quotes and one-minute
 * candles are there at once under `simulator:<scope>`, so that strategies can begin.
 * @throws Problem 400 for an unknown calendar, 409 when the scope has a market.
 */
export async function createSimulatedMarket(tx: Transaction, options: SimulatedMarketOptions): Promise<void> {
  const { scope, seed, symbols = inventedSymbols } = options;
  const config = marketConfig.parse(options.config ?? {});
  const calendar = await requireCalendar(tx, scope, options.calendar);
  if (calendar === null) throw new RangeError('a market has a calendar');
  const now = await scopeTime(tx, scope);
  const world: SimulatedWorld = { seed, calendar, symbols, config };
  const to = gridPoint(now.getTime());
  const from = options.history === false ? to - gridMs : historyFrom(calendar, to);
  const states = symbols.map((symbol) => freshSymbol(symbol, from));
  const bars = await pastOf(tx, world, states, from, to);
  const made = await tx
    .insert(simulatedMarkets)
    .values({
      scope,
      calendar: options.calendar,
      seed,
      symbols,
      config,
      state: states.map(packed),
      advancedTo: new Date(to),
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning({ scope: simulatedMarkets.scope });
  if (made.length === 0)
    throw conflict('simulated_market_exists', `There is a simulated market in "${scope}".`, { scope });
  await clearMarketData(tx, scope);
  const changed = states.map(() => true);
  await writeMarketData(tx, scope, world, states, bars, changed, now);
  for (const account of options.accounts) await openSimulatedAccount(tx, scope, account, now);
}

const sliceMs = 3 * 3_600_000;

/** Moves a new market to the present, in slices: the server ends a transaction that says nothing for some seconds. */
async function pastOf(
  tx: Transaction,
  world: SimulatedWorld,
  states: readonly SymbolState[],
  from: number,
  to: number,
): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (let at = from; at < to;) {
    const next = Math.min(at + sliceMs, to);
    bars.push(...advanceMarket(world, states, at, next, []).bars);
    await tx.execute(sql`select 1`);
    at = next;
  }
  return bars;
}

/** Opens an account at the simulated broker of a scope. */
export async function openSimulatedAccount(
  tx: Transaction,
  scope: string,
  account: SimulatedMarketOptions['accounts'][number],
  now: Date,
): Promise<void> {
  const cash = decimal(account.openingCash);
  const made = await tx
    .insert(simulatedAccounts)
    .values({ scope, account: account.id, cash, openingCash: cash, fees: account.fees ?? [], createdAt: now })
    .onConflictDoNothing()
    .returning({ account: simulatedAccounts.account });
  if (made.length === 0)
    throw conflict('simulated_account_exists', `The simulated broker has an account "${account.id}".`, {
      account: account.id,
    });
}

/** Removes a scope's simulated market with its accounts; quotes and candles stay. */
export async function removeSimulatedMarket(tx: Transaction, scope: string): Promise<void> {
  await tx.delete(simulatedMarkets).where(eq(simulatedMarkets.scope, scope));
}
