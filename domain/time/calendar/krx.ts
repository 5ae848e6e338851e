import { type DayNumber, dateText, dayNumber, isWeekend, weekdayOf, yearOf } from './day.ts';
import { projectedClosures, projectedExamDay } from './krx-rule.ts';
import { krxClosures, krxExamDays, krxTableYears } from './krx-table.ts';
import { examName, firstDayName, holidayName, weekendName } from './names.ts';
import type { DayPlan, OpenPlan } from './plan.ts';

/** The dates from which hours of KRX changed. */
const since = {
  close1530: dayNumber('2016-08-01'),
  shortOpeningAuction: dayNumber('2019-04-29'),
  afterMarket: dayNumber('2026-09-14'),
} as const;

const hour = 60;

interface Year {
  readonly closures: ReadonlyMap<DayNumber, string>;
  readonly examDay: (day: DayNumber) => boolean;
  readonly firstSession: DayNumber;
  readonly projected: boolean;
}

const years = new Map<number, Year>();

function tableClosures(year: number): ReadonlyMap<DayNumber, string> {
  const entries = krxClosures[year]?.split(', ') ?? [];
  return new Map(
    entries.map((entry) => [dayNumber(`${year}-${entry.slice(0, 5)}`), entry.slice(6)] as const),
  );
}

function readYear(year: number): Year {
  const tabled = year >= krxTableYears.first && year <= krxTableYears.last;
  const closures = tabled ? tableClosures(year) : projectedClosures(year);
  let firstSession = dayNumber(`${year}-01-01`);
  while (isWeekend(firstSession) || closures.has(firstSession)) firstSession += 1;
  const exam = dayNumber(projectedExamDay(year));
  const examDay = tabled
    ? (day: DayNumber) => krxExamDays.has(dateText(day))
    : (day: DayNumber) => day === exam;
  return { closures, firstSession, examDay, projected: !tabled };
}

function yearFor(day: DayNumber): Year {
  const year = yearOf(day);
  const known = years.get(year);
  if (known !== undefined) return known;
  const read = readYear(year);
  years.set(year, read);
  return read;
}

/**
 * The phases around given hours. Everything before the open moves with it and everything after the close with that;
 * the evening session alone keeps its end.
 */
export function krxPhases(day: DayNumber, open: number, close: number): OpenPlan['phases'] {
  const short = day >= since.shortOpeningAuction;
  const auction = open - (short ? 30 : hour);
  const preOpen = short ? [auction, auction + 10] : [auction - 30, auction + 30];
  const evening =
    day >= since.afterMarket
      ? ({ name: 'after_market', from: close + 30, to: 20 * hour } as const)
      : ({ name: 'single_price', from: close + 30, to: 18 * hour } as const);
  return [
    { name: 'pre_open', from: preOpen[0] ?? auction, to: preOpen[1] ?? auction },
    { name: 'opening_auction', from: auction, to: open },
    { name: 'continuous', from: open, to: Math.max(open, close - 10) },
    { name: 'closing_auction', from: Math.max(open, close - 10), to: close },
    { name: 'post_close', from: close + 10, to: close + 30 },
    ...(evening.from < evening.to ? [evening] : []),
  ];
}

/** The hours of a day KRX is open: 09:00 to 15:30, later on the first day of a year and on the exam's day. */
export function krxOpenPlan(day: DayNumber): OpenPlan {
  const { examDay, firstSession, projected } = yearFor(day);
  const usualClose = day >= since.close1530 ? 15 * hour + 30 : 15 * hour;
  const exam = examDay(day);
  const first = day === firstSession;
  const open = (exam || first ? 10 : 9) * hour;
  const close = usualClose + (exam ? hour : 0);
  return {
    kind: 'open',
    open,
    close,
    continuousClose: close - 10,
    phases: krxPhases(day, open, close),
    name: exam ? examName : first ? firstDayName : null,
    source: projected ? 'rule' : 'table',
    projected,
  };
}

/** KRX on a day: the table for its years, today's law beyond them (projected). */
export function krxPlan(day: DayNumber): DayPlan {
  const { closures, projected } = yearFor(day);
  const source = projected ? 'rule' : 'table';
  if (weekdayOf(day) % 6 === 0)
    return { kind: 'closed', name: weekendName, weekly: true, source: 'rule', projected: false };
  const code = closures.get(day);
  if (code !== undefined)
    return { kind: 'closed', name: holidayName(code), weekly: false, source, projected };
  return krxOpenPlan(day);
}
