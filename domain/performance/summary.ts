import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { plain, sum } from '#domain/core/decimal.ts';
import { type Won, decimalString } from '#domain/market/money.ts';
import { drawdownOf } from './drawdown.ts';
import type { EquityCurve } from './equity.ts';
import { type Measure, measure, measured, unmeasured } from './measure.ts';
import { type RoundTrip, tradeMetrics } from './trades.ts';

/** Whom a summary is about; `subject` is the trader's or account's id, and the scope's name for a scope. */
export const summaryLevel = z.enum(['trader', 'account', 'scope']);

/** One trading day of a trader, account or scope. Money in won as text, fractions as numbers. */
export const dailySummary = z.strictObject({
  scope: z.string(),
  level: summaryLevel,
  subject: z.string(),
  trading_day: z.iso.date().describe("The venue's trading day, never the day in UTC."),
  trades: z.number().int().min(0).describe('Round trips closed on the day.'),
  wins: z.number().int().min(0),
  losses: z.number().int().min(0),
  draws: z.number().int().min(0),
  win_rate: measure,
  gross_profit: decimalString.describe('Of the winning round trips, after fees and taxes.'),
  gross_loss: decimalString.describe('Of the losing ones, as a positive amount.'),
  profit_factor: measure,
  payoff: measure,
  expectancy: measure.describe('Won per round trip.'),
  fees: decimalString.describe("Of all the day's fills."),
  taxes: decimalString.describe("Of all the day's fills."),
  realised_pnl: decimalString.describe("After the fees and taxes of the day's fills."),
  unrealised_pnl: decimalString.describe('Of what is held at the close, at its last prices.'),
  opening_equity: decimalString,
  closing_equity: decimalString,
  net_flow: decimalString.describe('Deposits less withdrawals.'),
  max_drawdown: measure.describe('Fraction lost from a peak within the day, the opening balance included.'),
  max_drawdown_amount: decimalString,
  exposure: measure.describe('Share of the session with a position.'),
  generated_at: instantText,
});
export type DailySummary = z.output<typeof dailySummary>;

export interface SummaryInput {
  readonly scope: string;
  readonly level: z.output<typeof summaryLevel>;
  readonly subject: string;
  readonly tradingDay: string;
  /** Closed on the day. */
  readonly trips: readonly RoundTrip[];
  /** From the ledger. */
  readonly fees: Won;
  readonly taxes: Won;
  readonly realised: Won;
  readonly unrealised: Won;
  /** Equity through the day, beginning with its opening balance; its last point is the close. */
  readonly curve: EquityCurve;
  readonly exposure: Measure;
  readonly generatedAt: Date;
}

/** The summary of a day. The same input gives the same summary, so that it can be made again at any time. */
export function summarise(input: SummaryInput): DailySummary {
  const { curve } = input;
  const metrics = tradeMetrics(input.trips);
  const drawdown = drawdownOf(curve);
  const flow = sum(curve.points.flatMap(({ flow }) => (flow === undefined ? [] : [flow])));
  return {
    scope: input.scope,
    level: input.level,
    subject: input.subject,
    trading_day: input.tradingDay,
    trades: metrics.trades,
    wins: metrics.wins,
    losses: metrics.losses,
    draws: metrics.draws,
    win_rate: metrics.win_rate,
    gross_profit: plain(metrics.gross_profit),
    gross_loss: plain(metrics.gross_loss),
    profit_factor: metrics.profit_factor,
    payoff: metrics.payoff,
    expectancy: metrics.expectancy,
    fees: plain(input.fees),
    taxes: plain(input.taxes),
    realised_pnl: plain(input.realised),
    unrealised_pnl: plain(input.unrealised),
    opening_equity: plain(curve.opening),
    closing_equity: plain(curve.points.at(-1)?.equity ?? curve.opening),
    net_flow: plain(flow),
    max_drawdown: curve.points.length === 0 ? unmeasured('no_days') : measured(drawdown.max_ratio),
    max_drawdown_amount: plain(drawdown.max_amount),
    exposure: input.exposure,
    generated_at: input.generatedAt.toISOString(),
  };
}
