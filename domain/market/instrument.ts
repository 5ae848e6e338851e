import { z } from 'zod';
import { symbolName } from '#domain/locks/symbol.ts';
import { instantText } from '#domain/jobs/view.ts';
import { priceField, quantityField } from './money.ts';

/** An exchange: KRX (its own book and its routes at the broker) or Upbit. */
export const venue = z.enum(['KRX', 'UPBIT']);
export type Venue = z.output<typeof venue>;

export const krxMarket = z.enum(['KOSPI', 'KOSDAQ', 'KONEX']);
export type KrxMarket = z.output<typeof krxMarket>;
export const krxKind = z.enum(['stock', 'etf', 'etn']);
export type KrxKind = z.output<typeof krxKind>;
/** Upbit's markets by the currency they are quoted in. */
export const upbitMarket = z.enum(['KRW', 'BTC', 'USDT']);
export type UpbitMarket = z.output<typeof upbitMarket>;

/** The calendar a venue keeps. */
export const calendarOf = { KRX: 'XKRX', UPBIT: 'CRYPTO' } as const satisfies Record<Venue, string>;

/**
 * - `normal`: trades as its session does.
 * - `vi`: a volatility interruption gathers orders for a single price.
 * - `halted`: no trade until it is released; orders can only be cancelled.
 */
export const tradingState = z.enum(['normal', 'vi', 'halted']);
export type TradingState = z.output<typeof tradingState>;

/** What the exchange says of an instrument that a strategy may wish to avoid. */
export const warningFlag = z.enum([
  'caution',
  'warning',
  'risk',
  'administrative',
  'liquidation',
  'overheated',
  'unfaithful_disclosure',
]);

const tickBands = z
  .array(z.strictObject({ from: quantityField, tick: priceField }))
  .min(1)
  .nullable()
  .default(null)
  .describe("The venue's own bands for this instrument where they differ from the rule.");

const common = {
  symbol: symbolName,
  name: z.string().trim().min(1).max(100),
  state: tradingState.default('normal'),
  state_until: instantText
    .nullable()
    .default(null)
    .describe('When the interruption is expected to end; null while unknown.'),
  flags: z.array(warningFlag).default([]),
  ticks: tickBands,
  listed_from: z.iso.date().nullable().default(null),
  listed_until: z.iso.date().nullable().default(null),
};

const krxInstrument = z.strictObject({
  venue: z.literal('KRX'),
  market: krxMarket,
  kind: krxKind.default('stock'),
  ...common,
  isin: z
    .string()
    .regex(/^[A-Z]{2}[A-Z0-9]{9}\d$/, 'an ISIN has twelve characters')
    .nullable()
    .default(null),
  leverage: z
    .number()
    .min(1)
    .max(3)
    .default(1)
    .describe('Multiple of an ETF or ETN without its sign; widens its daily limits.'),
  lot: z.number().int().min(1).default(1).describe('Orders are multiples of so many shares.'),
  base_price: priceField.nullable().default(null).describe("The day's base price in won."),
  upper_limit: priceField
    .nullable()
    .default(null)
    .describe("The day's highest price, as the exchange gives it."),
  lower_limit: priceField.nullable().default(null),
});

const upbitInstrument = z.strictObject({
  venue: z.literal('UPBIT'),
  market: upbitMarket,
  ...common,
  lot: priceField.default(priceField.parse('0.00000001')).describe('The smallest step of a quantity.'),
  min_order_value: priceField
    .nullable()
    .default(null)
    .describe('In the quote currency; the rule of the market when left out.'),
});

/** Something that can be traded on a venue, as one day knows it. Prices are in the currency it is quoted in. */
export const instrument = z.discriminatedUnion('venue', [krxInstrument, upbitInstrument]);
export type Instrument = z.output<typeof instrument>;
export type KrxInstrument = z.output<typeof krxInstrument>;
export type UpbitInstrument = z.output<typeof upbitInstrument>;
