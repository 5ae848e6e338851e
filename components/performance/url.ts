import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import { summaryLevel } from '#domain/performance/summary.ts';
import { breakdown } from '#domain/performance/view.ts';
import { presets } from '#components/performance/range.ts';

const range = {
  range: parseAsStringLiteral(presets).withDefault('3m'),
  /** Dates of one's own stand in place of the preset. */
  from: parseAsString,
  to: parseAsString,
};

/** Whole state of the page of profit and loss. */
export const pnlParsers = {
  ...range,
  by: parseAsStringLiteral(breakdown.options).withDefault('trader'),
  trader: parseAsString,
  view: parseAsStringLiteral(['chart', 'table'] as const).withDefault('chart'),
};
export type PnlUrl = inferParserType<typeof pnlParsers>;

/** Whole state of the list of summaries. */
export const summariesParsers = {
  ...range,
  level: parseAsStringLiteral(summaryLevel.options).withDefault('scope'),
};
export type SummariesUrl = inferParserType<typeof summariesParsers>;
