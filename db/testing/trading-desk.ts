import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { decimal } from '#domain/core/decimal.ts';
import type { marketConfig, SimulatedSymbol } from '#domain/simulation/config.ts';
import type { traderDefinition } from '#domain/traders/definition.ts';
import { createAccount } from '#db/accounts/create.ts';
import { accounts } from '#db/accounts/schema.ts';
import type { Database } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { openBook } from '#db/ledger/operations.ts';
import { scopes } from '#db/scopes/schema.ts';
import { createSimulatedMarket } from '#db/simulated/create.ts';
import { simulatorSource } from '#db/simulated/source.ts';
import { createTrader, startTrader } from '#db/traders/control.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;

/** An instant in Seoul's wall time: `2026-11-23 09:30:00`. */
export const seoul = (text: string) => new Date(`${text.replace(' ', 'T')}+09:00`);

/** Puts a scope's simulated clock. */
export async function putClock(db: Database, scope: string, at: Date): Promise<void> {
  await db.update(scopes).set({ clockKind: 'simulated', clockAt: at }).where(eq(scopes.name, scope));
}

export interface TradingDeskOptions {
  readonly scope?: string;
  readonly account?: string;
  /** Where the clock stands first. */
  readonly at: Date;
  readonly seed?: number;
  readonly cash?: string;
  readonly calendar?: string;
  readonly symbols?: readonly SimulatedSymbol[];
  readonly config?: z.input<typeof marketConfig>;
  /** Candles of the day before and of the present one; without, the market begins now. */
  readonly history?: boolean;
}

export interface DeskTrader {
  readonly id: string;
  readonly definition: z.input<typeof traderDefinition>;
}

/** A simulated market with one account, under a clock that stands where it is put. */
export async function makeTradingDesk(db: Database, options: TradingDeskOptions): Promise<void> {
  const { scope = 'mock', account = 'paper', cash = '200000000', calendar = 'XKRX', at } = options;
  await putClock(db, scope, at);
  await perform(db, system, createAccount, scope, {
    account_id: account,
    name: 'Paper',
    broker: 'simulated',
    venue: 'KRX',
    calendar,
    feed: simulatorSource(scope),
    limits: { position_value: '50000000', positions: 100, entries_per_minute: 600 },
  });
  await db.transaction(async (tx) => {
    await createSimulatedMarket(tx, {
      scope,
      calendar,
      seed: options.seed ?? 1,
      accounts: [{ id: account, openingCash: cash }],
      ...(options.symbols === undefined ? {} : { symbols: options.symbols }),
      ...(options.config === undefined ? {} : { config: options.config }),
      ...(options.history === undefined ? {} : { history: options.history }),
    });
    await openBook(tx, scope, account, decimal(cash), at);
  });
}

/** Says that an account was compared with the broker, where no gateway runs that would. */
export async function callReady(db: Database, account = 'paper'): Promise<void> {
  await db.update(accounts).set({ ready: true, readyReason: null }).where(eq(accounts.id, account));
}

/** Makes traders and starts them. */
export async function startTraders(
  db: Database,
  traders: readonly DeskTrader[],
  scope = 'mock',
  account = 'paper',
): Promise<void> {
  for (const { id, definition } of traders) {
    await perform(db, system, createTrader, scope, { trader_id: id, account, definition });
    await perform(db, system, startTrader, scope, { trader_id: id });
  }
}

const looseFilter = { value_min: 0, volume_min: 0, change_min: null, change_max: null, limit: 30 } as const;

/** Definitions as a desk mixes them: every strategy that speaks on minutes, short windows, small capital. */
export function mixedTraders(count: number): readonly DeskTrader[] {
  const strategies = [
    { strategy: 'SmaCross', params: { fast: 3, slow: 8 } },
    { strategy: 'Donchian', params: { entry_window: 10, exit_window: 5 } },
    { strategy: 'Rsi', params: { period: 5, oversold: 35, overbought: 65 } },
    {
      strategy: 'VolumeLongCandle',
      params: { volume_multiple: 1.2, min_body: 0.0005, hold_period_bars: 10 },
    },
    { strategy: 'VolatilityBreakout', params: { k: 0.3 } },
  ] as const;
  return Array.from({ length: count }, (_, index): DeskTrader => {
    const chosen = strategies[index % strategies.length] ?? strategies[0];
    return {
      id: `t${String(index + 1).padStart(2, '0')}`,
      definition: {
        name: `${chosen.strategy} ${index + 1}`,
        ...chosen,
        filter: looseFilter,
        scan_interval_sec: 120 + (index % 4) * 60,
        rules: {
          capital_per_position: '3000000',
          entry_confidence: 0.5,
          stop_loss: 0.01,
          take_profit: 0.015,
        },
        limits: { consecutive_losses: null, cooldown_sec: 60, max_drawdown: null },
      },
    };
  });
}
