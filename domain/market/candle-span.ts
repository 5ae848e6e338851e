import { type CandleInterval, candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { type Calendar, type Session, dayOf, tradingDayNumber } from '#domain/time/calendar/calendar.ts';

/** Where a candle lies: [start, end) of a trading day; the last one of a session holds the close too. */
export interface CandleSpan {
  readonly start: Date;
  readonly end: Date;
  /** The trading day, YYYY-MM-DD. */
  readonly day: string;
}

function spanOf(session: Session, interval: CandleInterval, index: number): CandleSpan {
  const [open, close] = [session.open.getTime(), session.close.getTime()];
  const minutes = candleMinutes[interval];
  const step = minutes === null ? close - open : minutes * 60_000;
  return {
    start: new Date(open + index * step),
    end: new Date(Math.min(close, open + (index + 1) * step)),
    day: session.date,
  };
}

function countOf(session: Session, interval: CandleInterval): number {
  const minutes = candleMinutes[interval];
  if (minutes === null) return 1;
  return Math.ceil((session.close.getTime() - session.open.getTime()) / (minutes * 60_000));
}

/**
 * The candle an instant belongs to, counted from the session's open, as schedules count them; null outside sessions.
 * A trade at the close is the closing auction's and belongs to the last candle; where the next session opens at that
 * very instant (crypto), it belongs to the next day.
 */
export function candleSpan(calendar: Calendar, interval: CandleInterval, at: Date): CandleSpan | null {
  const number = tradingDayNumber(calendar, at);
  const session = dayOf(calendar, number);
  if (session.kind === 'open' && at >= session.open && at <= session.close) {
    const minutes = candleMinutes[interval];
    const step = minutes === null ? Infinity : minutes * 60_000;
    const index = Math.floor((at.getTime() - session.open.getTime()) / step);
    return spanOf(session, interval, Math.min(index, countOf(session, interval) - 1));
  }
  const before = dayOf(calendar, number - 1);
  if (before.kind !== 'open' || at.getTime() !== before.close.getTime()) return null;
  return spanOf(before, interval, countOf(before, interval) - 1);
}

/** All candles of a session, oldest first. */
export function sessionSpans(session: Session, interval: CandleInterval): CandleSpan[] {
  return Array.from({ length: countOf(session, interval) }, (_, index) => spanOf(session, interval, index));
}

/** The candles that lie wholly in [from, to], oldest first, a session at a time. */
export function* spansWithin(
  calendar: Calendar,
  interval: CandleInterval,
  from: Date,
  to: Date,
): Generator<CandleSpan> {
  const last = tradingDayNumber(calendar, to);
  for (let day = tradingDayNumber(calendar, from); day <= last; day += 1) {
    const session = dayOf(calendar, day);
    if (session.kind === 'closed') continue;
    for (const span of sessionSpans(session, interval)) if (span.start >= from && span.end <= to) yield span;
  }
}

/** Candles that should be there and are not. */
export interface CandleGap {
  /** Start of the first one missing. */
  readonly from: Date;
  /** End of the last one missing. */
  readonly to: Date;
  readonly missing: number;
}

/**
 * The gaps in [from, to]: runs of candles that the calendar has and `starts` has not. Closed hours and days are no gap.
 * Thin instruments and Upbit leave out minutes without trades; from the candles alone that cannot be told from a loss.
 * @param starts start of each candle there is, in any order; others than the calendar's are ignored.
 */
export function gapsIn(
  calendar: Calendar,
  interval: CandleInterval,
  range: { readonly from: Date; readonly to: Date },
  starts: Iterable<Date>,
): CandleGap[] {
  const there = new Set<number>();
  for (const start of starts) there.add(start.getTime());
  const gaps: CandleGap[] = [];
  let open: { from: Date; to: Date; missing: number } | null = null;
  for (const { start, end } of spansWithin(calendar, interval, range.from, range.to)) {
    if (there.has(start.getTime())) {
      open = null;
    } else if (open === null) {
      open = { from: start, to: end, missing: 1 };
      gaps.push(open);
    } else {
      open.to = end;
      open.missing += 1;
    }
  }
  return gaps;
}
