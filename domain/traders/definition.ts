import { z } from 'zod';
import { decimalText } from '#domain/core/decimal.ts';
import { candleInterval } from '#domain/market/candle.ts';
import { candidateFilter } from '#domain/strategies/candidates.ts';
import { strategyNamed, strategyNames } from '#domain/strategies/registry.ts';
import { traderRules } from './rules.ts';

/** A trader's id, unique in its scope. */
export const traderId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,39}$/,
    'lower-case letters, digits, "_" and "-", starting with a letter or digit, at most 40',
  );

const money = z.string().regex(/^\d{1,20}(\.\d{1,8})?$/, 'an amount of money in digits');

/** When a trader stops opening positions. Amounts in the quote currency; shares are fractions. */
export const traderLimits = z
  .strictObject({
    daily_loss: money.nullable().default(null).describe('Loss of the day from which on nothing is opened.'),
    entries_per_minute: z.int().min(1).max(600).default(6),
    consecutive_losses: z.int().min(1).max(100).nullable().default(5),
    consecutive_pause_sec: z.int().min(0).max(86_400).default(1_800),
    cooldown_sec: z.int().min(0).max(86_400).default(600).describe('A losing symbol is left alone so long.'),
    max_drawdown: z.number().gt(0).lt(1).nullable().default(0.2),
  })
  .describe('Protections.');

/** All that a person sets of a trader. What is stored is what was parsed: amounts as text, defaults filled in. */
export const traderDefinition = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    strategy: z.enum(strategyNames),
    params: z.record(z.string(), z.union([z.number(), z.boolean(), z.string()])).default({}),
    interval: candleInterval.default('1m').describe('Candles that the strategy is fed.'),
    filter: candidateFilter.prefault({}),
    rules: traderRules.prefault({}),
    limits: traderLimits.prefault({}),
    scan_interval_sec: z.int().min(5).max(3_600).default(180),
    flatten_before_sec: z
      .int()
      .min(0)
      .max(14_400)
      .default(600)
      .describe('On the way out so long before continuous trading ends.'),
    max_quote_age_sec: z.int().min(1).max(3_600).default(10),
  })
  .superRefine((definition, context) => {
    const strategy = strategyNamed(definition.strategy);
    const parsed = strategy?.schema.safeParse(definition.params);
    if (parsed === undefined || parsed.success) return;
    for (const { path, message } of parsed.error.issues)
      context.addIssue({
        code: 'custom',
        path: ['params', ...path],
        message,
        params: { code: 'strategy_param_bad' },
      });
  });
export type TraderDefinition = z.output<typeof traderDefinition>;

/** The protections' limits in decimals. */
export function lossLimits({ limits }: Pick<TraderDefinition, 'limits'>) {
  return {
    dailyLoss: limits.daily_loss === null ? null : decimalText.parse(limits.daily_loss),
    consecutiveLosses: limits.consecutive_losses,
    consecutivePauseMs: limits.consecutive_pause_sec * 1_000,
    cooldownMs: limits.cooldown_sec * 1_000,
    maxDrawdown: limits.max_drawdown === null ? null : decimalText.parse(String(limits.max_drawdown)),
  };
}
