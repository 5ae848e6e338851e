import { z } from 'zod';
import { type Decimal, decimal } from '#domain/core/decimal.ts';

const fraction = z.number().gt(0).lt(1);

/** What a person sets of a trader's conduct. Shares are fractions: a stop loss of 3 % is 0.03 below the entry. */
export const traderRules = z
  .strictObject({
    capital_per_position: z
      .string()
      .regex(/^\d{1,20}(\.\d{1,8})?$/, 'an amount of money in digits')
      .default('1000000')
      .describe('Money for one position, in the quote currency.'),
    stop_loss: fraction
      .nullable()
      .default(0.03)
      .describe('Sell when the price is this share below the entry.'),
    take_profit: z.number().gt(0).max(100).nullable().default(0.05).describe('Sell at this share above it.'),
    entry_confidence: z.number().min(0).max(1).default(0.6).describe('Least confidence to buy.'),
    exit_confidence: z.number().min(0).max(1).default(0.5).describe('Least confidence to sell on a signal.'),
    entry_timeout_sec: z.int().min(1).max(3_600).default(60).describe('An entry still open is cancelled.'),
    exit_retry_sec: z.int().min(1).max(600).default(5).describe('An exit still open gets a worse price.'),
    exit_ticks: z
      .int()
      .min(0)
      .max(100)
      .default(1)
      .describe('Ticks below the bid of the first exit; doubled by each.'),
    auction_slippage: fraction
      .default(0.03)
      .describe('An exit in an auction names a price this share lower.'),
    slippage_floor: fraction
      .default(0.1)
      .describe('Where there is no daily limit: never sell this share below the price when the exit began.'),
    flatten_daily: z.boolean().default(true).describe('Be flat at the end of each trading day.'),
    max_exit_rejects: z
      .int()
      .min(1)
      .max(100)
      .default(3)
      .describe('Rejects in a row before somebody is called.'),
  })
  .describe('How a trader enters and leaves.');
export type TraderRules = z.output<typeof traderRules>;

/** `base x (1 + share)`, exactly: a stop of 3 % under 70,000 is 67,900 and not a fraction beside it. */
export function moved(base: Decimal, share: number): Decimal {
  return base.times(decimal(1).plus(decimal(String(share))));
}
