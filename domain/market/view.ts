import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { candleInterval } from './candle.ts';
import { tradingState, venue } from './instrument.ts';
import { decimalString } from './money.ts';

/** One thing wrong with a candle file. */
export const importProblemView = z.object({
  line: z.number().int().describe('From 1; of Parquet the row. 0: the file as a whole.'),
  column: z.string().nullable().describe('As the file names it; null: the whole line.'),
  code: z.string(),
  message: z.string().describe('English, with line, column, value and the way out.'),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type ImportProblemView = z.output<typeof importProblemView>;

const importCommon = {
  file: z.string(),
  format: z.enum(['csv', 'parquet']),
  venue,
  source: z.string(),
  interval: candleInterval.nullable(),
  state: z.enum(['done', 'refused']).describe('`refused`: lines were bad, and nothing was written.'),
  rows: z.number().int().describe('Candles, rows without trades and bad lines.'),
  added: z.number().int(),
  changed: z.number().int().describe('Candles that were there with other figures.'),
  refused: z.number().int().describe('Bad lines.'),
  problems: z.array(importProblemView).describe('The first 100 of them.'),
  first_day: z.iso.date().nullable(),
  last_day: z.iso.date().nullable(),
};

export const candleImportView = z.object({
  import_id: z.string(),
  ...importCommon,
  actor_name: z.string(),
  at: instantText,
});
export type CandleImportView = z.output<typeof candleImportView>;

export const candleImportResult = z.object({
  import_id: z.string().nullable().describe('Null for a dry run.'),
  dry_run: z.boolean(),
  ...importCommon,
  candles: z.number().int(),
  idle: z.number().int().describe('Rows without trades: stored as gaps, not as candles.'),
  unchanged: z.number().int(),
  gaps: z
    .number()
    .int()
    .describe('Stretches in the file for which the calendar has candles and it has none.'),
  symbols: z
    .array(
      z.object({
        symbol: z.string(),
        candles: z.number().int(),
        first_day: z.iso.date(),
        last_day: z.iso.date(),
      }),
    )
    .describe('The first 200 symbols.'),
  symbol_count: z.number().int(),
});
export type CandleImportResult = z.output<typeof candleImportResult>;

/** What is stored of one source on one venue. */
export const marketSourceView = z.object({
  venue,
  source: z.string(),
  instruments: z.number().int(),
  quotes: z.number().int(),
  newest_quote_at: instantText.nullable().describe("The venue's time of the newest quote."),
  newest_quote_age_sec: z
    .number()
    .nullable()
    .describe('By the clock of the scope for a simulated market, else by the wall clock.'),
  series: z.array(
    z.object({
      interval: candleInterval,
      symbols: z.number().int(),
      candles: z.number().int(),
      from: instantText,
      to: instantText,
      gaps: z.number().int(),
    }),
  ),
});
export type MarketSourceView = z.output<typeof marketSourceView>;

/** One symbol of a source with what is known of it. */
export const instrumentView = z.object({
  venue,
  source: z.string(),
  symbol: z.string(),
  name: z.string().nullable().describe('Null for a symbol of which there are only candles.'),
  market: z.string().nullable(),
  state: tradingState.nullable(),
  series: z.array(
    z.object({
      interval: candleInterval,
      candles: z.number().int(),
      from: instantText,
      to: instantText,
      gaps: z.number().int(),
    }),
  ),
});
export type InstrumentView = z.output<typeof instrumentView>;

export const quoteView = z.object({
  venue,
  source: z.string(),
  symbol: z.string(),
  at: instantText.describe("The venue's time."),
  available_at: instantText,
  bid: decimalString.nullable(),
  ask: decimalString.nullable(),
  bid_size: decimalString.nullable(),
  ask_size: decimalString.nullable(),
  last: decimalString.nullable(),
  volume: decimalString.nullable(),
});
export type QuoteView = z.output<typeof quoteView>;

export const candleView = z.object({
  start: instantText,
  end: instantText,
  available_at: instantText,
  open: decimalString,
  high: decimalString,
  low: decimalString,
  close: decimalString,
  volume: decimalString,
  value: decimalString.nullable(),
  adjusted: z.boolean(),
});
export const gapView = z.object({ start: instantText, end: instantText, code: z.string() });
