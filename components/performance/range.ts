import { dateText, dayNumber } from '#domain/time/calendar/day.ts';

/** Lengths that are chosen with one press; `own`: the two dates in the URL. */
export const presets = ['1w', '1m', '3m', '6m', 'ytd', '1y', 'all'] as const;
export type Preset = (typeof presets)[number];

/** Trading days, both included. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

const days: Record<Exclude<Preset, 'ytd'>, number> = {
  '1w': 6,
  '1m': 30,
  '3m': 91,
  '6m': 182,
  '1y': 365,
  all: 3_650,
};

/** The days of a preset up to a day (YYYY-MM-DD). */
export function presetRange(preset: Preset, today: string): Range {
  if (preset === 'ytd') return { from: `${today.slice(0, 4)}-01-01`, to: today };
  return { from: dateText(dayNumber(today) - days[preset]), to: today };
}

interface Asked {
  readonly range: Preset;
  readonly from: string | null;
  readonly to: string | null;
}

const isDate = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** The days that a URL names: its own dates where both are there and in order, else its preset. */
export function rangeOf({ range, from, to }: Asked, today: string): Range {
  return isDate(from) && isDate(to) && from <= to ? { from, to } : presetRange(range, today);
}

/** Whether the URL names dates of its own. */
export function isOwn({ from, to }: Asked): boolean {
  return isDate(from) && isDate(to) && from <= to;
}
