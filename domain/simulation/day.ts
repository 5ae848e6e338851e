import type { PhaseName } from '#domain/time/calendar/plan.ts';
import { type Calendar, dayOf } from '#domain/time/calendar/calendar.ts';
import type { DayNumber } from '#domain/time/calendar/day.ts';
import type { Matching } from '#domain/market/trading-phase.ts';

/** The market moves once a second. */
export const gridMs = 1_000;

export interface MarketPhase {
  readonly name: PhaseName;
  readonly matching: Exclude<Matching, 'none'>;
  /** Milliseconds since 1970; the phase is [start, end). */
  readonly start: number;
  readonly end: number;
}

/** A trading day of a simulated market, in milliseconds. */
export interface MarketDay {
  readonly number: DayNumber;
  readonly date: string;
  readonly phases: readonly MarketPhase[];
  /** Continuous trading from here … */
  readonly open: number;
  readonly continuousClose: number;
  /** … and the regular session to here: orders of the day end with it. */
  readonly close: number;
  /** The first and last instant of any phase. */
  readonly first: number;
  readonly last: number;
}

const matchingOf: Record<PhaseName, MarketPhase['matching'] | null> = {
  // Runs beside the opening auction, which is what the symbol's price comes from.
  pre_open: null,
  opening_auction: 'auction',
  continuous: 'continuous',
  closing_auction: 'auction',
  post_close: 'fixed_price',
  single_price: 'auction',
  after_market: 'continuous',
};

/** The hours of a day; null when the calendar is closed. */
export function marketDay(calendar: Calendar, number: DayNumber): MarketDay | null {
  const session = dayOf(calendar, number);
  if (session.kind === 'closed') return null;
  const phases = session.phases.flatMap(({ name, start, end }): MarketPhase[] => {
    const matching = matchingOf[name];
    if (matching === null || end <= start) return [];
    return [{ name, matching, start: start.getTime(), end: end.getTime() }];
  });
  const [first] = phases;
  const last = phases.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    number,
    date: session.date,
    phases,
    open: session.open.getTime(),
    continuousClose: session.continuous_close.getTime(),
    close: session.close.getTime(),
    first: first.start,
    last: last.end,
  };
}

/** The phase at an instant, null between phases. */
export function phaseOf(day: MarketDay, at: number): MarketPhase | null {
  return day.phases.find(({ start, end }) => start <= at && at < end) ?? null;
}
