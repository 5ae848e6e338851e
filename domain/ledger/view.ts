import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { venue } from '#domain/market/instrument.ts';
import { decimalString } from '#domain/market/money.ts';
import { side } from '#domain/orders/broker-order.ts';

/** What lists of the ledger are narrowed by. `from` and `to` are trading days, both included. */
const ledgerRange = {
  account: z.string().max(40).optional(),
  trader: z.string().max(40).optional(),
  symbol: z.string().max(40).optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
  limit: z.number().int().min(1).max(200).default(50),
};

/** A fill as the ledger has it. Sums of these lines are the summaries, to the won. */
export const fillView = z.object({
  fill_id: z.string(),
  account: z.string(),
  seq: z.number().int().describe("Place in the account's book."),
  at: instantText,
  trading_day: z.iso.date(),
  settles_on: z.iso.date(),
  order_id: z.uuid().nullable().describe('Null: placed elsewhere.'),
  trader: z.string().nullable(),
  symbol: z.string(),
  symbol_name: z.string().nullable(),
  currency: z.string(),
  side,
  quantity: decimalString,
  price: decimalString.describe('Amount over quantity, to four places.'),
  amount: decimalString.describe('Sum of price × quantity: exact.'),
  fee: decimalString,
  tax: decimalString,
});
export type FillView = z.output<typeof fillView>;
export const fillFilter = z.object({ ...ledgerRange, side: side.optional() });
export type FillFilter = z.output<typeof fillFilter>;

export const entryKind = z.enum([
  'fill',
  'fee',
  'tax',
  'deposit',
  'withdrawal',
  'dividend',
  'split',
  'adjustment',
]);
export type EntryKind = z.output<typeof entryKind>;

/** A line of an account's book. */
export const entryView = z.object({
  entry_id: z.string(),
  account: z.string(),
  seq: z.number().int(),
  kind: entryKind,
  at: instantText,
  trading_day: z.iso.date(),
  settles_on: z.iso.date(),
  order_id: z.uuid().nullable(),
  trader: z.string().nullable(),
  symbol: z.string().nullable(),
  symbol_name: z.string().nullable(),
  currency: z.string(),
  side: side.nullable(),
  quantity: decimalString.nullable(),
  amount: decimalString.nullable(),
  cash: decimalString.describe('Change of cash that it brings.'),
  numerator: z.number().int().nullable(),
  denominator: z.number().int().nullable(),
  cost: decimalString.nullable(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
});
export type EntryView = z.output<typeof entryView>;
export const entryFilter = z.object({ ...ledgerRange, kind: z.array(entryKind).optional() });
export type EntryFilter = z.output<typeof entryFilter>;

/** What is held of a symbol by our book, and what the broker says of it. */
export const positionView = z.object({
  account: z.string(),
  symbol: z.string(),
  symbol_name: z.string().nullable(),
  venue,
  currency: z.string(),
  trader: z.string().nullable().describe('Whose order moved it last.'),
  quantity: decimalString,
  average: decimalString.nullable().describe('Average cost, to four places, without fees.'),
  cost: decimalString,
  opened_at: instantText.nullable(),
  last: decimalString.nullable().describe('The newest price; null without a quote.'),
  last_at: instantText.nullable(),
  value: decimalString.nullable(),
  unrealised: decimalString.nullable().describe('At the newest price, before the costs of selling.'),
  change: decimalString.nullable().describe('Newest price against the average, a fraction.'),
  stop: decimalString.nullable().describe('Price of the stop loss.'),
  target: decimalString.nullable().describe('Price of the profit taking.'),
  open_orders: z.number().int(),
  broker: z
    .object({
      quantity: decimalString,
      sellable: decimalString,
      average: decimalString.nullable(),
      at: instantText,
    })
    .nullable()
    .describe("The broker's own figures; null when it has none of it or was not asked."),
  agrees: z
    .boolean()
    .nullable()
    .describe('Whether both hold as much; null while the broker was not asked since our book moved.'),
});
export type PositionView = z.output<typeof positionView>;

/** What an account comes to. */
export const accountTotals = z.object({
  account: z.string(),
  name: z.string(),
  currency: z.string(),
  cash: decimalString.describe('By our book, settled or not.'),
  broker_cash: decimalString.nullable(),
  broker_at: instantText.nullable(),
  value: decimalString.describe('Of positions that have a price.'),
  cost: decimalString,
  unrealised: decimalString,
  equity: decimalString.nullable().describe('Cash and positions; null when a held symbol has no price.'),
  positions: z.number().int(),
  unpriced: z.number().int().describe('Held symbols without a price.'),
});
export type AccountTotals = z.output<typeof accountTotals>;

export const positionsView = z.object({
  at: instantText.describe('Scope time.'),
  accounts: z.array(accountTotals),
  items: z.array(positionView),
});
export type PositionsView = z.output<typeof positionsView>;
export const positionFilter = z.object({
  account: z.string().max(40).optional(),
  trader: z.string().max(40).optional(),
  symbol: z.string().max(40).optional(),
});
export type PositionFilter = z.output<typeof positionFilter>;
