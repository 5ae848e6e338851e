import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { symbolName } from '#domain/locks/symbol.ts';
import { krxKind, krxMarket } from '#domain/market/instrument.ts';
import { side } from '#domain/orders/broker-order.ts';

/** A symbol of a simulated market. */
export const simulatedSymbol = z.strictObject({
  symbol: symbolName,
  name: z.string().trim().min(1).max(100),
  market: krxMarket,
  kind: krxKind.default('stock'),
  price: z.number().int().min(1).describe('Where it starts, in won; over days it stays around it.'),
  daily_volume: z.int().min(1).default(1_000_000),
  /** Volatility in multiples of the market's. */
  beta: z.number().min(0).max(10).default(1),
  /** In the large index: its dynamic interruption is at 3 % in place of 6 %. */
  large: z.boolean().default(false),
});
export type SimulatedSymbol = z.output<typeof simulatedSymbol>;

const won = z.number().int().min(1);
const size = z.number().int().min(0);

/**
 * From `at` on the symbol stands at these prices, until its next line. Its own halts and interruptions rest meanwhile,
 * and orders meet what the book shows each second and nothing else.
 */
export const scriptLine = z.union([
  z.strictObject({
    symbol: symbolName,
    at: instantText,
    price: won.describe('The last trade; the price of an auction that ends.'),
    bid: won.nullable().optional().describe('One tick below the price when left out; null: nobody bids.'),
    ask: won.nullable().optional().describe('The price itself when left out; null: nobody offers.'),
    bid_size: size.default(1_000_000),
    ask_size: size.default(1_000_000),
    volume: size.default(10).describe('Shares traded by others each second.'),
    state: z.enum(['normal', 'vi', 'halted']).default('normal'),
  }),
  z.strictObject({
    symbol: symbolName,
    at: instantText,
    release: z.literal(true).describe('It goes on by itself from where it is.'),
  }),
]);
export type ScriptLine = z.output<typeof scriptLine>;

export const faultKind = z.enum([
  'lost_before',
  'lost_after',
  'server_error',
  'server_error_after',
  'reject',
  'not_executed',
]);
export type FaultKind = z.output<typeof faultKind>;

const chance = z.number().min(0).max(1).default(0);

/** What goes wrong at the broker. `..._before`: nothing was booked; `..._after`: it was, and nobody is told. */
export const brokerFaults = z.strictObject({
  latency_ms: z.int().min(0).max(60_000).default(0),
  planned: z
    .array(
      z.strictObject({
        on: z.enum(['place', 'revise', 'cancel', 'any']).default('any'),
        kind: faultKind,
        symbol: symbolName.nullable().default(null),
        side: side.nullable().default(null),
        times: z.int().min(1).default(1),
        code: z.string().min(1).max(60).nullable().default(null).describe('Reason of a reject.'),
      }),
    )
    .default([])
    .describe('Each is used up so many times, in this order.'),
  chances: z
    .strictObject({
      lost_before: chance,
      lost_after: chance,
      server_error: chance,
      server_error_after: chance,
      reject: chance,
      not_executed: chance,
      query: chance.describe('A query brings no answer.'),
    })
    .prefault({}),
  list_lag_ms: z.int().min(0).max(600_000).default(0).describe('How old the order list is.'),
  fill_delay_ms: z.int().min(0).max(600_000).default(0).describe('Nothing of an order fills sooner.'),
  block_fills: z
    .union([z.boolean(), z.array(symbolName)])
    .default(false)
    .describe('Nothing fills at all, or nothing of these symbols.'),
});
export type BrokerFaults = z.output<typeof brokerFaults>;

export const marketConfig = z.strictObject({
  volatility: z.number().min(0).max(10).default(1),
  halt_chance: z.number().min(0).max(1).default(0.01).describe('Of each symbol and day.'),
  quote_latency_ms: z.int().min(0).max(60_000).default(0),
  candle_latency_ms: z.int().min(0).max(60_000).default(500),
  participation: z
    .number()
    .min(0)
    .max(1)
    .default(0.3)
    .describe('Share of what others trade at its price that a resting order may take.'),
  halted_orders: z.enum(['refuse', 'rest']).default('refuse').describe('Orders while a symbol is halted.'),
  revises: z.boolean().default(true).describe('Whether the broker changes prices in place.'),
  origin: z.boolean().default(false).describe('Whether its list says from where an order came.'),
  script: z.array(scriptLine).default([]),
  faults: brokerFaults.prefault({}),
});
export type MarketConfig = z.output<typeof marketConfig>;
