import { fixedOffset, instantsOf, offsetMs, wallAsUtc, wallOf } from '#domain/time/zone.ts';
import { type DayNumber, dateText, dayMs, dayNumber, isWeekend, minutesOf, weekdayOf } from './day.ts';
import { type CalendarDefinition, type CalendarException, weekdays } from './definition.ts';
import { closedName, notInWeekName, weekendName } from './names.ts';
import type { DayName } from './names.ts';
import type { DayPlan, DaySource, OpenPlan, PhaseName } from './plan.ts';

/** A venue's days and hours with the exceptions to them. Make one and keep it: what it works out stays with it. */
export interface Calendar {
  readonly id: string;
  /** Its dates are dates of this zone; UTC for crypto. */
  readonly zone: string;
  readonly plan: (day: DayNumber) => DayPlan;
  readonly days: Map<DayNumber, CalendarDay>;
}

export interface Phase {
  readonly name: PhaseName;
  readonly start: Date;
  readonly end: Date;
}

interface DayBase {
  /** The trading day, YYYY-MM-DD. */
  readonly date: string;
  readonly source: DaySource;
  /** Beyond the table: by today's law, to be confirmed by the broker. */
  readonly projected: boolean;
}
export interface Session extends DayBase {
  readonly kind: 'open';
  readonly open: Date;
  readonly continuous_close: Date;
  readonly close: Date;
  readonly phases: readonly Phase[];
  /** Why the hours are not the usual ones. */
  readonly name: DayName | null;
}
export interface ClosedDay extends DayBase {
  readonly kind: 'closed';
  readonly name: DayName;
  readonly weekly: boolean;
}
export type CalendarDay = Session | ClosedDay;

export type Exceptions = ReadonlyMap<string, CalendarException>;
const noExceptions: Exceptions = new Map();

type Hours = (day: DayNumber, open: number, close: number) => Pick<OpenPlan, 'continuousClose' | 'phases'>;

/** What a calendar is made of. */
export interface CalendarRules {
  readonly id: string;
  readonly zone: string;
  readonly plan: (day: DayNumber) => DayPlan;
  /** The hours of a day if it were open, for an exception that opens a closed one. */
  readonly usual: (day: DayNumber) => OpenPlan;
  /** What follows from other hours that an exception gives. */
  readonly hours: Hours;
  readonly exceptions: Exceptions;
}

function exceptional(rules: CalendarRules, day: DayNumber, exception: CalendarException): DayPlan {
  const plan = rules.plan(day);
  const given = exception.name === '' ? null : { en: exception.name, ko: exception.name };
  if (exception.closed) {
    const name = given ?? (plan.kind === 'closed' ? plan.name : closedName);
    return { kind: 'closed', name, weekly: false, source: 'exception', projected: false };
  }
  if (plan.kind === 'closed' && exception.open === null && exception.close === null)
    return { ...plan, name: given ?? plan.name, source: 'exception', projected: false };
  const base = plan.kind === 'open' ? plan : rules.usual(day);
  const open = (exception.open === null ? null : minutesOf(exception.open)) ?? base.open;
  const asked = (exception.close === null ? null : minutesOf(exception.close)) ?? base.close;
  const close = asked <= open ? asked + 1_440 : asked;
  const name = given ?? (plan.kind === 'open' ? plan.name : null);
  return {
    kind: 'open',
    open,
    close,
    ...rules.hours(day, open, close),
    name,
    source: 'exception',
    projected: false,
  };
}

/** A calendar of given rules. */
export function makeCalendar(rules: CalendarRules): Calendar {
  const byDay = new Map([...rules.exceptions].map(([date, exception]) => [dayNumber(date), exception]));
  const plan = (day: DayNumber) => {
    const exception = byDay.get(day);
    return exception === undefined ? rules.plan(day) : exceptional(rules, day, exception);
  };
  return { id: rules.id, zone: rules.zone, plan, days: new Map() };
}

const continuousOnly: Hours = (_day, open, close) => ({
  continuousClose: close,
  phases: [{ name: 'continuous', from: open, to: close }],
});

const alwaysPlan: OpenPlan = {
  kind: 'open',
  open: 0,
  close: 1_440,
  ...continuousOnly(0, 0, 1_440),
  name: null,
  source: 'rule',
  projected: false,
};

/** A calendar that never closes; its trading day starts at 00:00 UTC, 09:00 in Seoul. */
export function alwaysCalendar(id: string, exceptions: Exceptions = noExceptions): Calendar {
  return makeCalendar({
    id,
    zone: 'UTC',
    plan: () => alwaysPlan,
    usual: () => alwaysPlan,
    hours: continuousOnly,
    exceptions,
  });
}

function weeklyPlan(definition: CalendarDefinition, weekday: number): OpenPlan | null {
  const session = definition.sessions[weekdays[weekday] ?? 'sun'];
  if (session === null) return null;
  const open = minutesOf(session.open) ?? 0;
  const after = (text: string) => {
    const minutes = minutesOf(text) ?? 0;
    return minutes <= open ? minutes + 1_440 : minutes;
  };
  const close = after(session.close);
  const continuousClose =
    session.continuous_close === null ? close : Math.min(close, after(session.continuous_close));
  return {
    kind: 'open',
    open,
    close,
    continuousClose,
    phases: auctionPhases(open, continuousClose, close),
    name: null,
    source: 'rule',
    projected: false,
  };
}

function auctionPhases(open: number, continuousClose: number, close: number): OpenPlan['phases'] {
  return [
    { name: 'continuous', from: open, to: continuousClose },
    ...(continuousClose < close
      ? [{ name: 'closing_auction' as const, from: continuousClose, to: close }]
      : []),
  ];
}

/** A calendar of the desk's own. */
export function weeklyCalendar(
  id: string,
  definition: CalendarDefinition,
  exceptions: Exceptions = noExceptions,
): Calendar {
  const plans = weekdays.map((_, weekday) => weeklyPlan(definition, weekday));
  const some = plans.find((plan) => plan !== null) ?? alwaysPlan;
  const plan = (day: DayNumber): DayPlan =>
    plans[weekdayOf(day)] ?? {
      kind: 'closed',
      name: isWeekend(day) ? weekendName : notInWeekName,
      weekly: true,
      source: 'rule',
      projected: false,
    };
  const usual = (day: DayNumber) => plans[weekdayOf(day)] ?? some;
  // The closing auction keeps its length when the close moves.
  const hours: Hours = (day, open, close) => {
    const { close: usualClose, continuousClose: usualEnd } = usual(day);
    const continuousClose = Math.max(open, close - (usualClose - usualEnd));
    return { continuousClose, phases: auctionPhases(open, continuousClose, close) };
  };
  return makeCalendar({ id, zone: definition.time_zone, plan, usual, hours, exceptions });
}

/** The instant of a wall time; one in a doubled hour is its first pass, one in a gap the same distance after the jump. */
export function instantAt(day: DayNumber, minutes: number, zone: string): Date {
  const asUtc = day * dayMs + minutes * 60_000;
  const fixed = fixedOffset(zone);
  if (fixed !== null) return new Date(asUtc - fixed);
  const [first] = instantsOf(wallOf(new Date(asUtc), 'UTC'), zone);
  return first ?? new Date(asUtc - offsetMs(new Date(asUtc - dayMs), zone));
}

/** The date of an instant in the calendar's zone. */
function zoneDay(calendar: Calendar, at: Date): DayNumber {
  const fixed = fixedOffset(calendar.zone);
  if (fixed !== null) return Math.floor((at.getTime() + fixed) / dayMs);
  return Math.floor(wallAsUtc(wallOf(at, calendar.zone)).getTime() / dayMs);
}

/** Worked-out days kept per calendar: some ten years. */
const daysKept = 4_000;

export function dayOf(calendar: Calendar, day: DayNumber): CalendarDay {
  const known = calendar.days.get(day);
  if (known !== undefined) return known;
  const plan = calendar.plan(day);
  const base = { date: dateText(day), source: plan.source, projected: plan.projected };
  const at = (minutes: number) => instantAt(day, minutes, calendar.zone);
  const made: CalendarDay =
    plan.kind === 'closed'
      ? { kind: 'closed', ...base, name: plan.name, weekly: plan.weekly }
      : {
          kind: 'open',
          ...base,
          open: at(plan.open),
          continuous_close: at(plan.continuousClose),
          close: at(plan.close),
          phases: plan.phases.map(({ name, from, to }) => ({ name, start: at(from), end: at(to) })),
          name: plan.name,
        };
  if (calendar.days.size >= daysKept) calendar.days.clear();
  calendar.days.set(day, made);
  return made;
}

/** The session of a date (YYYY-MM-DD), or why there is none. @throws RangeError for text that is no date. */
export function sessionOf(calendar: Calendar, date: string): CalendarDay {
  return dayOf(calendar, dayNumber(date));
}

/** The days of a calendar from one date to another, both included. */
export function daysBetween(calendar: Calendar, from: string, to: string): CalendarDay[] {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => dayOf(calendar, first + index));
}

/** The trading day an instant belongs to: its date in the calendar's zone, or the day before while that one's session goes on past midnight. */
export function tradingDayNumber(calendar: Calendar, at: Date): DayNumber {
  const day = zoneDay(calendar, at);
  const before = dayOf(calendar, day - 1);
  return before.kind === 'open' && at < before.close ? day - 1 : day;
}

/** {@link tradingDayNumber} as YYYY-MM-DD. */
export function calendarDay(calendar: Calendar, at: Date): string {
  return dateText(tradingDayNumber(calendar, at));
}

/** The first instant of a date in the calendar's zone. */
export function startOfDay(calendar: Calendar, day: DayNumber): Date {
  return instantAt(day, 0, calendar.zone);
}
