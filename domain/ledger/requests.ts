import { z } from 'zod';
import { decimalString } from '#domain/market/money.ts';

const reason = z.string().trim().min(1, 'why, in a few words').max(500);
const account = z.string().max(40);
const positive = z.string().regex(/^\d{1,30}(\.\d{1,18})?$/, 'an amount in plain digits, without a sign');

/** A line that a person adds to a book. */
export const ledgerRequest = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z
      .enum(['deposit', 'withdrawal'])
      .describe('Money that came in or was taken out, as the statement says.'),
    account,
    amount: positive,
    reason,
  }),
  z.strictObject({
    kind: z.literal('adjustment').describe('Puts the book right where it differs from the statement.'),
    account,
    symbol: z.string().max(40).nullable().default(null),
    quantity: decimalString.default('0').describe('Change of the held quantity; below zero takes away.'),
    cost: positive.default('0').describe('Cost that comes with an added quantity.'),
    cash: decimalString.default('0').describe('Change of cash.'),
    reason,
  }),
]);
export type LedgerRequest = z.input<typeof ledgerRequest>;

export const ledgerRecorded = z.object({
  id: z.string(),
  seq: z.number().int(),
  cash: decimalString.describe('Of the account after it.'),
});
