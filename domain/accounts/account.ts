import { z } from 'zod';
import { decimalText } from '#domain/core/decimal.ts';
import { venue } from '#domain/market/instrument.ts';
import { sourceName } from '#domain/market/quote.ts';
import { feeContract } from '#domain/market/costs.ts';
import type { RiskLimits } from '#domain/risk/check.ts';

/** An account's id, unique in its scope. */
export const accountId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,39}$/,
    'lower-case letters, digits, "_" and "-", starting with a letter or digit, at most 40',
  );

export const brokerName = z.enum(['simulated', 'kis', 'upbit']);
export type BrokerName = z.output<typeof brokerName>;

const money = z.string().regex(/^\d{1,20}(\.\d{1,8})?$/, 'an amount of money in digits');

/** What no order of the account may pass. */
export const accountLimits = z.strictObject({
  position_value: money.default('10000000').describe('Largest value of one position, in the currency.'),
  positions: z.int().min(1).max(1_000).default(10).describe('Most symbols held or being bought at once.'),
  entries_per_minute: z.int().min(1).max(600).default(30),
});
export type AccountLimits = z.output<typeof accountLimits>;

/** The limits as the pre-trade checks take them. */
export function riskLimitsOf(limits: AccountLimits): RiskLimits {
  return {
    positionValue: decimalText.parse(limits.position_value),
    positions: limits.positions,
    entriesPerMinute: limits.entries_per_minute,
  };
}

/** What is said of a new account. */
export const accountDefinition = z.strictObject({
  account_id: accountId,
  name: z.string().trim().min(1).max(80),
  broker: brokerName,
  venue,
  calendar: z.string().min(1).max(40).describe('Whose sessions it keeps.'),
  currency: z
    .string()
    .regex(/^[A-Z]{3,5}$/, 'a currency in capitals')
    .default('KRW'),
  feed: sourceName.describe('Source of the quotes and candles that its traders see.'),
  fees: z
    .array(feeContract)
    .max(50)
    .default([])
    .describe('Contracts by date, oldest first; none: the usual ones of the venue.'),
  limits: accountLimits.prefault({}),
});
export type AccountDefinition = z.output<typeof accountDefinition>;
