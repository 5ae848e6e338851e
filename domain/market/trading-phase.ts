import { type Calendar, type Session, dayOf, tradingDayNumber } from '#domain/time/calendar/calendar.ts';
import type { PhaseName } from '#domain/time/calendar/plan.ts';
import type { KrxKind, TradingState } from './instrument.ts';

/** A phase that goes on at an instant; it ends before `end`. */
export interface RunningPhase {
  readonly name: PhaseName;
  readonly start: Date;
  readonly end: Date;
  readonly session: Session;
}

/** Off-hours trading at a fixed price runs beside the opening auction; the auction is what a symbol's phase is. */
const aside: readonly PhaseName[] = ['pre_open'];

/** The phase of the session at an instant; null between phases and on closed days. */
export function phaseAt(calendar: Calendar, at: Date): RunningPhase | null {
  const session = dayOf(calendar, tradingDayNumber(calendar, at));
  if (session.kind === 'closed') return null;
  const running = session.phases.filter(({ start, end }) => start <= at && at < end);
  const phase = running.find(({ name }) => !aside.includes(name)) ?? running[0];
  return phase === undefined ? null : { ...phase, session };
}

/**
 * How orders meet:
 * - `continuous`: at once, against the book.
 * - `auction`: gathered, then all at one price.
 * - `fixed_price`: at the closing price only.
 * - `none`: not at all; what rests stays or is cancelled.
 */
export type Matching = 'continuous' | 'auction' | 'fixed_price' | 'none';

export type MatchingReason = 'market_closed' | 'halted' | 'vi' | 'not_in_this_session' | PhaseName;

export interface TradingNow {
  readonly matching: Matching;
  readonly reason: MatchingReason;
  readonly phase: RunningPhase | null;
  /** When this changes by the clock; null while an interruption's end is not known or the market is closed. */
  readonly until: Date | null;
}

const matchingOf: Record<PhaseName, Matching> = {
  pre_open: 'fixed_price',
  opening_auction: 'auction',
  continuous: 'continuous',
  closing_auction: 'auction',
  post_close: 'fixed_price',
  single_price: 'auction',
  after_market: 'continuous',
};

/** What an instrument's own state is at an instant. */
export interface InstrumentState {
  readonly kind: KrxKind | 'crypto';
  readonly state: TradingState;
  readonly state_until: Date | null;
}

/**
 * How an instrument trades at an instant. An interruption (VI: two minutes and up to 30 seconds) turns continuous
 * trading into an auction; a halt ends all of it. ETFs and ETNs are not traded in KRX's after-market.
 */
export function tradingAt(calendar: Calendar, at: Date, instrument: InstrumentState): TradingNow {
  const phase = phaseAt(calendar, at);
  if (phase === null) return { matching: 'none', reason: 'market_closed', phase, until: null };
  const { state, state_until: until } = instrument;
  if (state === 'halted') return { matching: 'none', reason: 'halted', phase, until };
  const fund = instrument.kind === 'etf' || instrument.kind === 'etn';
  if (fund && phase.name === 'after_market')
    return { matching: 'none', reason: 'not_in_this_session', phase, until: phase.end };
  const usual = { matching: matchingOf[phase.name], reason: phase.name, phase, until: phase.end };
  if (state === 'vi' && usual.matching === 'continuous')
    return {
      matching: 'auction',
      reason: 'vi',
      phase,
      until: until !== null && until < phase.end ? until : null,
    };
  return usual;
}

/** Time left of continuous trading on the instant's day, in milliseconds; null when it is over or there is none. */
export function continuousLeft(calendar: Calendar, at: Date): number | null {
  const session = dayOf(calendar, tradingDayNumber(calendar, at));
  if (session.kind === 'closed' || at >= session.continuous_close) return null;
  return session.continuous_close.getTime() - Math.max(at.getTime(), session.open.getTime());
}
