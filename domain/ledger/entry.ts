import { z } from 'zod';
import { type Decimal, decimalText } from '#domain/core/decimal.ts';
import { symbolName } from '#domain/locks/symbol.ts';
import { side } from '#domain/orders/broker-order.ts';

const positive = decimalText.refine((value: Decimal) => value.gt(0), 'must be above zero');
const notNegative = decimalText.refine((value: Decimal) => value.gte(0), 'must not be below zero');
const text = z.string().trim().min(1).max(500);
const date = z.iso.date();

const common = {
  /** Unique in its account for ever; made from what it records, so that recording twice is noticed. */
  id: z.string().min(1).max(200),
  account: z.string().min(1).max(100),
  /** Place in the account's book: entries are read in this order. */
  seq: z.number().int().min(1),
  /** Scope time. */
  at: z.date(),
  /** The venue's session date. */
  trading_day: date,
  /** Day on which its cash is there (KRX trades: two sessions later); for other entries the day itself. */
  settles_on: date,
};
/** To which order and trader a cost or fill belongs; null when it was placed elsewhere. */
const placed = {
  order_id: z.string().nullable(),
  trader: z.string().nullable(),
  symbol: symbolName,
};

/** Lines of an account's book. They are only ever added; a mistake is put right by an `adjustment`. */
export const ledgerEntry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fill'),
    ...common,
    ...placed,
    side,
    quantity: positive,
    /** Sum of price × quantity: exact where an average would not be. */
    amount: positive,
  }),
  z.strictObject({ kind: z.literal('fee'), ...common, ...placed, amount: notNegative }),
  z.strictObject({ kind: z.literal('tax'), ...common, ...placed, amount: notNegative }),
  z.strictObject({ kind: z.literal('deposit'), ...common, amount: positive }),
  z.strictObject({ kind: z.literal('withdrawal'), ...common, amount: positive }),
  z.strictObject({ kind: z.literal('dividend'), ...common, symbol: symbolName, amount: positive }),
  z.strictObject({
    kind: z.literal('split'),
    ...common,
    symbol: symbolName,
    /** So many new shares … */
    numerator: z.number().int().min(1).max(1_000_000),
    /** … for so many old ones. */
    denominator: z.number().int().min(1).max(1_000_000),
  }),
  z.strictObject({
    kind: z.literal('adjustment'),
    ...common,
    symbol: symbolName.nullable(),
    /** Change of the held quantity; below zero takes away. */
    quantity: decimalText,
    /** Cost that comes with an added quantity; what is taken away goes at the average. */
    cost: notNegative,
    /** Change of cash. */
    cash: decimalText,
    actor: text,
    reason: text,
  }),
]);
export type LedgerEntry = z.output<typeof ledgerEntry>;
export type EntryOf<Kind extends LedgerEntry['kind']> = Extract<LedgerEntry, { kind: Kind }>;
