import type { z } from 'zod';
import { decimal } from '#domain/core/decimal.ts';
import { price } from '#domain/market/money.ts';
import { krxTicks } from '#domain/market/ticks.ts';
import type { traderDefinition } from '#domain/traders/definition.ts';
import type { TraderContext, TraderEvent } from '#domain/traders/step-types.ts';
import type { Database } from '#db/core/client.ts';
import { perform } from '#db/core/operation.ts';
import { day, morning, scope } from '#db/orders/orders.test-kit.ts';
import { createTrader, startTrader } from './control.ts';
import { type Stepped, stepTrader } from './step.ts';

export const system = { kind: 'system', id: 'test', name: 'test' } as const;

/** A trader of the test desk, started. */
export async function testTrader(
  db: Database,
  id: string,
  over: Partial<z.input<typeof traderDefinition>> = {},
  account = 'a1',
): Promise<void> {
  const definition = {
    name: id,
    strategy: 'SmaCross',
    rules: { capital_per_position: '700000' },
    ...over,
  };
  await perform(db, system, createTrader, scope, { trader_id: id, account, definition });
  await perform(db, system, startTrader, scope, { trader_id: id });
}

/** Continuous trading at 70,000 with everything in order. */
export function seen(over: Partial<TraderContext> & Pick<TraderContext, 'rules'>): TraderContext {
  const at = price(70_000);
  return {
    now: morning,
    flattenFrom: new Date(morning.getTime() + 3 * 3_600_000),
    entriesBlocked: null,
    matching: 'continuous',
    accepting: true,
    stuck: null,
    lastChance: false,
    canRevise: true,
    ticks: krxTicks('KOSPI', 'stock', day),
    limits: { lower: price(49_000), upper: price(91_000) },
    lot: decimal(1),
    minOrderValue: null,
    quote: { last: at, bid: price(69_900), ask: at },
    sellable: null,
    ...over,
  };
}

/** Sends events to a trader in a transaction of its own, as of a quiet market. */
export function send(
  db: Database,
  trader: string,
  events: readonly TraderEvent[],
  over: Partial<TraderContext> = {},
  version: number | null = null,
): Promise<Stepped> {
  return db.transaction((tx) =>
    stepTrader(tx, {
      scope,
      account: 'a1',
      trader,
      version,
      events,
      now: over.now ?? morning,
      tradingDay: day,
      contextOf: ({ row, control }) =>
        seen({
          rules: row.definition.rules,
          entriesBlocked: control.mode === 'running' ? null : { code: control.mode, params: {} },
          ...over,
        }),
    }),
  );
}

/** A signal of a candle that opened at ten o'clock. */
export function choice(symbol: string, candle = morning.getTime() / 1_000) {
  return {
    symbol,
    confidence: 0.9,
    reason: { code: 'sma_cross_up', params: { candle_ts: candle } },
  };
}
