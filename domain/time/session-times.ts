import { type Calendar, type Session, dayOf, tradingDayNumber } from '#domain/time/calendar/calendar.ts';
import { openDay } from './bounds.ts';

/** What of a session a schedule is relative to. */
export type Anchor = 'open' | 'continuous_close' | 'close';

/** Fires made by sessions: after each candle's close, or once beside an anchor. */
export type SessionTimes =
  | {
      readonly kind: 'candle';
      /** Minutes of a candle; null: one per session. Counted from the open; the last ends at the close. */
      readonly minutes: number | null;
      readonly bufferSec: number;
      readonly calendar: Calendar;
    }
  | {
      readonly kind: 'session';
      readonly anchor: Anchor;
      /** Before (negative) or after the anchor. */
      readonly offsetMin: number;
      readonly calendar: Calendar;
    };

const shiftMs = (times: SessionTimes) =>
  times.kind === 'candle' ? times.bufferSec * 1_000 : times.offsetMin * 60_000;

/** The first instant of the session, before the shift, that is later than `after`; null when it has none. */
function firstIn(times: SessionTimes, session: Session, after: number): number | null {
  if (times.kind === 'session') {
    const at = session[times.anchor].getTime();
    return at > after ? at : null;
  }
  const [open, close] = [session.open.getTime(), session.close.getTime()];
  if (close <= after) return null;
  if (times.minutes === null) return close;
  const step = times.minutes * 60_000;
  const candles = after < open ? 1 : Math.floor((after - open) / step) + 1;
  return Math.min(close, open + candles * step);
}

/** The newest instants of the session in (after, until], before the shift, newest first. */
function newestIn(
  times: SessionTimes,
  session: Session,
  after: number,
  until: number,
  count: number,
): number[] {
  if (times.kind === 'session' || times.minutes === null) {
    const at = (times.kind === 'session' ? session[times.anchor] : session.close).getTime();
    return at > after && at <= until ? [at] : [];
  }
  const [open, close] = [session.open.getTime(), session.close.getTime()];
  const step = times.minutes * 60_000;
  const last = until >= close ? Math.ceil((close - open) / step) : Math.floor((until - open) / step);
  const found: number[] = [];
  for (let candle = last; candle >= 1 && found.length < count; candle -= 1) {
    const at = Math.min(close, open + candle * step);
    if (at <= after) break;
    found.push(at);
  }
  return found;
}

/** The first fire strictly after an instant; null when the calendar has no session within reach. */
export function nextSessionTime(times: SessionTimes, after: Date): Date | null {
  const shift = shiftMs(times);
  const from = after.getTime() - shift;
  let day: number | null = tradingDayNumber(times.calendar, new Date(from));
  while (day !== null) {
    const session = dayOf(times.calendar, day);
    const at = session.kind === 'open' ? firstIn(times, session, from) : null;
    if (at !== null) return new Date(at + shift);
    day = openDay(times.calendar, day, 1);
  }
  return null;
}

/** The newest fires in (after, until], at most `count`, oldest first. */
export function newestSessionTimes(times: SessionTimes, after: Date, until: Date, count: number): Date[] {
  const shift = shiftMs(times);
  const [from, to] = [after.getTime() - shift, until.getTime() - shift];
  const found: number[] = [];
  let day: number | null = tradingDayNumber(times.calendar, new Date(to));
  while (day !== null && found.length < count) {
    const session = dayOf(times.calendar, day);
    if (session.kind === 'open') {
      found.push(...newestIn(times, session, from, to, count - found.length));
      if (session.open.getTime() < from) break;
    }
    day = openDay(times.calendar, day, -1);
  }
  return found.toReversed().map((at) => new Date(at + shift));
}
