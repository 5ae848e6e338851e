import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { symbolName } from '#domain/locks/symbol.ts';
import { venue } from './instrument.ts';
import { priceField, quantityField } from './money.ts';

/** Who gave a row of market data: `kis`, `upbit`, `simulator`, `import:prices.csv`. */
export const sourceName = z
  .string()
  .regex(
    /^[a-z][a-z0-9_-]{0,29}(:[^\s:][^:]{0,199})?$/,
    'a source: lower-case letters, then ":" and what of it',
  );

/**
 * Best prices of an instrument. `at` is the venue's time, `available_at` when a reader of the scope could have known it
 * (scope time): readers see only rows whose `available_at` has come.
 */
export const quote = z.strictObject({
  venue,
  source: sourceName,
  symbol: symbolName,
  at: instantText,
  available_at: instantText,
  bid: priceField.nullable().describe('Null when nobody bids: limit-locked, halted.'),
  ask: priceField.nullable(),
  bid_size: quantityField.nullable().default(null),
  ask_size: quantityField.nullable().default(null),
  last: priceField.nullable().describe('The last trade; null before the first of the day.'),
  volume: quantityField.nullable().default(null).describe("The day's volume so far."),
});
export type Quote = z.output<typeof quote>;

/** Anything that somebody could know from an instant on. */
export interface Available {
  readonly available_at: Date;
}

/** What a reader may know at an instant: nothing that came later. */
export function knownAt<Row extends Available>(rows: readonly Row[], now: Date): Row[] {
  return rows.filter(({ available_at }) => available_at <= now);
}

/** Why a quote is not used: there is none, or it is older than the strategy allows. */
export type Freshness =
  | { readonly fresh: true; readonly ageMs: number }
  | { readonly fresh: false; readonly reason: 'no_quote' | 'stale_quote'; readonly ageMs: number | null };

/**
 * Whether a quote may be acted on. Its age counts from the venue's time, so a feed that repeats an old price does not
 * make it new; a time ahead of ours counts as no age. @param maxAgeMs the oldest that is still used.
 */
export function freshnessOf(
  row: (Available & { readonly at: Date }) | null,
  now: Date,
  maxAgeMs: number,
): Freshness {
  if (row === null || row.available_at > now) return { fresh: false, reason: 'no_quote', ageMs: null };
  const ageMs = Math.max(0, now.getTime() - row.at.getTime());
  return ageMs <= maxAgeMs ? { fresh: true, ageMs } : { fresh: false, reason: 'stale_quote', ageMs };
}
