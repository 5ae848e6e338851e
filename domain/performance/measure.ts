import { z } from 'zod';

/** Why a measure has no value. A missing value is never a number that only looks like one. */
export const undefinedReason = z.enum([
  'no_trades',
  'no_wins',
  'no_losses',
  'no_days',
  'too_few_days',
  'too_short',
  'no_variation',
  'no_downside',
  'no_drawdown',
  'no_session',
  'ruined',
  'no_capital',
]);
export type UndefinedReason = z.output<typeof undefinedReason>;

/** A number, or why there is none. */
export const measure = z.union([
  z.strictObject({ value: z.number(), reason: z.null() }),
  z.strictObject({ value: z.null(), reason: undefinedReason }),
]);
export type Measure = z.output<typeof measure>;

export function measured(value: number): Measure {
  return { value, reason: null };
}

export function unmeasured(reason: UndefinedReason): Measure {
  return { value: null, reason };
}
