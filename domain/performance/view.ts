import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { decimalString } from '#domain/market/money.ts';
import { measure } from './measure.ts';
import { dailySummary, summaryLevel } from './summary.ts';

/** By what profit and loss is broken down. */
export const breakdown = z.enum(['day', 'trader', 'symbol', 'strategy', 'account']);
export type Breakdown = z.output<typeof breakdown>;

/** Days that one answer reaches over at most: ten years. */
export const rangeDaysMax = 3_660;

export const performanceRange = z.object({
  from: z.iso.date().optional().describe('First trading day; 90 days before the last when left out.'),
  to: z.iso.date().optional().describe("Last trading day; the scope's newest when left out."),
});

const subjectFilter = {
  trader: z.string().max(40).optional().describe('Only this trader.'),
  account: z.string().max(40).optional().describe('Only this account.'),
};

export const pnlQuery = performanceRange.extend({
  by: breakdown.default('trader').describe('What a row of the breakdown is.'),
  ...subjectFilter,
});
export type PnlQuery = z.output<typeof pnlQuery>;

/** What somebody had at an instant, and how far that is below its peak. */
export const curvePoint = z.object({
  at: instantText,
  trading_day: z.iso.date(),
  equity: decimalString,
  drawdown: z.number().describe('Fraction below the peak of the range, 0 or above.'),
  close: z.boolean().describe('The close of its day.'),
});
export type CurvePoint = z.output<typeof curvePoint>;

export const dailyPnl = z.object({
  trading_day: z.iso.date(),
  pnl: decimalString.describe('Closing less opening equity, deposits and withdrawals apart.'),
  return: measure.describe('Of the opening equity and what was paid in.'),
  realised_pnl: decimalString,
  net_flow: decimalString,
  closing_equity: decimalString,
  trades: z.number().int(),
  wins: z.number().int(),
  settled: z.boolean().describe('False: the day still goes on or was not settled.'),
});
export type DailyPnl = z.output<typeof dailyPnl>;

/** What round trips came to, after fees and taxes. */
export const tradeFigures = z.object({
  trades: z.number().int(),
  wins: z.number().int(),
  losses: z.number().int(),
  draws: z.number().int(),
  win_rate: measure,
  gross_profit: decimalString,
  gross_loss: decimalString,
  profit_factor: measure,
  payoff: measure,
  expectancy: measure,
  fees: decimalString,
  taxes: decimalString,
  net: decimalString.describe('Of closed round trips, after fees and taxes.'),
  best: decimalString.nullable(),
  worst: decimalString.nullable(),
  average_hold_sec: z.number().nullable(),
});
export type TradeFigures = z.output<typeof tradeFigures>;

export const pnlRow = tradeFigures.extend({
  key: z.string().nullable().describe('Day, trader, symbol, strategy or account; null: bought by hand.'),
  name: z.string().nullable(),
});
export type PnlRow = z.output<typeof pnlRow>;

export const equityFigures = z.object({
  days: z.number().int(),
  profit: decimalString,
  total_return: measure,
  cagr: measure,
  volatility: measure,
  sharpe: measure,
  sortino: measure,
  calmar: measure,
  recovery: measure,
  max_drawdown: measure,
  max_drawdown_amount: decimalString,
  longest_drawdown: z.number().int().describe('Trading days below a peak, at most.'),
});

export const pnlView = z.object({
  scope: z.string(),
  level: summaryLevel,
  subject: z.string(),
  from: z.iso.date(),
  to: z.iso.date(),
  by: breakdown,
  at: instantText.describe('Scope time of this answer.'),
  time_zone: z.string(),
  opening_equity: decimalString.nullable().describe('Null where nothing was ever marked.'),
  closing_equity: decimalString.nullable(),
  net_flow: decimalString,
  pnl: decimalString,
  marks: z
    .enum(['all', 'extremes'])
    .describe('`extremes`: of each day its lowest, highest and closing mark.'),
  curve: z.array(curvePoint),
  days: z.array(dailyPnl),
  rows: z.array(pnlRow),
  total: tradeFigures,
  equity: equityFigures,
});
export type PnlView = z.output<typeof pnlView>;

/** A daily summary with what a list shows beside it. */
export const summaryRow = z.object({
  ...dailySummary.shape,
  name: z.string().nullable().describe('Of the trader or account.'),
  pnl: decimalString.describe('Closing less opening equity, deposits and withdrawals apart.'),
  return: measure,
  provisional: z.boolean().describe('Made before the session had ended.'),
  reported_at: instantText.nullable(),
});
export type SummaryRow = z.output<typeof summaryRow>;

export const summariesQuery = performanceRange.extend({
  level: summaryLevel.default('scope'),
  subject: z.string().max(80).optional().describe('Only of this trader or account.'),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
  limit: z.number().int().min(1).max(500).default(100),
});

/** A closed round trip. */
export const tripView = z.object({
  account: z.string(),
  trader: z.string().nullable(),
  trader_name: z.string().nullable(),
  symbol: z.string(),
  symbol_name: z.string().nullable(),
  trading_day: z.iso.date(),
  entry_at: instantText,
  exit_at: instantText,
  quantity: decimalString,
  entry_price: decimalString.nullable().describe('Average of the fills.'),
  exit_price: decimalString.nullable(),
  gross: decimalString,
  fees: decimalString,
  taxes: decimalString,
  net: decimalString,
  return: measure.describe('`net` of what was paid.'),
  exit_order: z.uuid().nullable(),
  exit_reason: z
    .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
});
export type TripView = z.output<typeof tripView>;

export const summaryDayView = z.object({
  scope: z.string(),
  trading_day: z.iso.date(),
  at: instantText.describe('Scope time of this answer.'),
  time_zone: z.string(),
  session: z
    .object({ open: instantText, close: instantText })
    .nullable()
    .describe('Null: the market was closed.'),
  closed_name: z.object({ en: z.string(), ko: z.string() }).nullable(),
  previous: z.iso.date().nullable().describe('The nearest settled day before.'),
  next: z.iso.date().nullable(),
  summary: summaryRow.nullable().describe('Of the scope; null until it is made.'),
  accounts: z.array(summaryRow),
  traders: z.array(summaryRow),
  trips: z.array(tripView),
  curve: z.array(curvePoint),
});
export type SummaryDayView = z.output<typeof summaryDayView>;
