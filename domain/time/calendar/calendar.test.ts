import { describe, expect, it } from 'vitest';
import { formatInZone } from '#domain/time/zone.ts';
import { builtinCalendar } from './builtin.ts';
import {
  type Calendar,
  type CalendarDay,
  calendarDay,
  daysBetween,
  sessionOf,
  weeklyCalendar,
} from './calendar.ts';
import { dateText, dayNumber } from './day.ts';
import { calendarDefinition, calendarException } from './definition.ts';
import { projectedClosures, projectedExamDay } from './krx-rule.ts';
import { krxClosures, krxExamDays } from './krx-table.ts';

const krx = builtinCalendar('XKRX');
const crypto = builtinCalendar('CRYPTO');
const time = (at: Date, zone = 'Asia/Seoul') => formatInZone(at, zone, 'minute').slice(11);

function hours(day: CalendarDay, zone?: string): string {
  return day.kind === 'closed'
    ? `closed: ${day.name.en}`
    : `${time(day.open, zone)}–${time(day.close, zone)}`;
}
function phasesOf(calendar: Calendar, date: string): string[] {
  const day = sessionOf(calendar, date);
  return day.kind === 'closed' ? [] : day.phases.map((p) => `${p.name} ${time(p.start)}–${time(p.end)}`);
}
const exceptions = (entries: Readonly<Record<string, object>>) =>
  new Map(Object.entries(entries).map(([date, given]) => [date, calendarException.parse(given)]));

describe('XKRX', () => {
  it.each([
    ['2016-07-29', '09:00–15:00'],
    ['2016-08-01', '09:00–15:30'],
    ['2016-01-04', '10:00–15:00'],
    ['2015-11-12', '10:00–16:00'],
    ['2017-11-16', '10:00–16:30'],
    ['2026-01-02', '10:00–15:30'],
    ['2026-11-19', '10:00–16:30'],
    ['2026-11-23', '09:00–15:30'],
    ['2027-01-04', '10:00–15:30'],
    ['2027-11-18', '10:00–16:30'],
    ['2026-11-21', 'closed: Weekend'],
    ['2026-08-17', 'closed: Liberation Day substitute'],
    ['2026-09-24', 'closed: Chuseok eve'],
    ['2026-10-05', 'closed: National Foundation Day substitute'],
    ['2026-12-31', 'closed: Year-end closing (KRX)'],
    ['2027-02-09', 'closed: Seollal substitute'],
    ['2027-05-03', 'closed: Labour Day substitute'],
    ['2027-12-27', 'closed: Christmas Day substitute'],
  ])('%s: %s', (date, expected) => {
    const day = sessionOf(krx, date);
    expect(hours(day)).toBe(expected);
    expect(day.projected).toBe(false);
  });

  it('has its phases by date', () => {
    expect(phasesOf(krx, '2026-11-23')).toEqual([
      'pre_open 08:30–08:40',
      'opening_auction 08:30–09:00',
      'continuous 09:00–15:20',
      'closing_auction 15:20–15:30',
      'post_close 15:40–16:00',
      'after_market 16:00–20:00',
    ]);
    expect(phasesOf(krx, '2026-09-11').at(-1)).toBe('single_price 16:00–18:00');
    expect(phasesOf(krx, '2026-11-19')).toEqual([
      'pre_open 09:30–09:40',
      'opening_auction 09:30–10:00',
      'continuous 10:00–16:20',
      'closing_auction 16:20–16:30',
      'post_close 16:40–17:00',
      'after_market 17:00–20:00',
    ]);
    expect(phasesOf(krx, '2018-03-02').slice(0, 2)).toEqual([
      'pre_open 07:30–08:30',
      'opening_auction 08:00–09:00',
    ]);
  });

  it('has 203 weekday closures and as many sessions as KRX held', () => {
    const days = daysBetween(krx, '2015-01-01', '2027-12-31');
    expect(days.filter((day) => day.kind === 'closed' && !day.weekly)).toHaveLength(203);
    const held = daysBetween(krx, '2015-01-01', '2026-01-23').filter((day) => day.kind === 'open');
    expect(held).toHaveLength(2_716);
  });

  it('is open on Constitution Day where it was no day off', () => {
    expect(sessionOf(krx, '2014-07-17').kind).toBe('open');
    expect(sessionOf(krx, '2006-07-17').kind).toBe('closed');
    expect(sessionOf(krx, '2028-07-17').kind).toBe('closed');
  });

  it('is projected by rule beyond the table', () => {
    expect(sessionOf(krx, '2028-10-05')).toMatchObject({
      kind: 'closed',
      name: { en: 'National Foundation Day substitute', ko: '개천절 대체공휴일' },
      source: 'rule',
      projected: true,
    });
    expect(hours(sessionOf(krx, '2028-01-03'))).toBe('10:00–15:30');
    expect(hours(sessionOf(krx, '2028-11-16'))).toBe('10:00–16:30');
    expect(sessionOf(krx, '2028-12-29')).toMatchObject({ name: { en: 'Year-end closing (KRX)' } });
  });

  it.each([2026, 2027])('the rule gives what the table has for %i', (year) => {
    const ruled = [...projectedClosures(year)].map(([day, code]) => `${dateText(day).slice(5)} ${code}`);
    expect(ruled.sort().join(', ')).toBe(krxClosures[year]);
  });

  it('the rule finds the day of every exam but the two of the pandemic and the earthquake', () => {
    const missed = [...krxExamDays].filter((date) => projectedExamDay(Number(date.slice(0, 4))) !== date);
    expect(missed).toEqual(['2015-11-12', '2017-11-23', '2020-12-03']);
  });
});

describe('exceptions', () => {
  const edited = builtinCalendar(
    'XKRX',
    exceptions({
      '2026-11-24': { closed: true, name: 'Typhoon' },
      '2026-11-25': { open: '10:00' },
      '2026-11-28': { open: '09:00', close: '12:00', name: 'Saturday test' },
      '2026-12-31': { open: '09:00' },
    }),
  );
  it('close, shift and open days, and say that they are exceptions', () => {
    expect(sessionOf(edited, '2026-11-24')).toMatchObject({
      kind: 'closed',
      name: { en: 'Typhoon' },
      source: 'exception',
    });
    expect(hours(sessionOf(edited, '2026-11-25'))).toBe('10:00–15:30');
    expect(phasesOf(edited, '2026-11-25')[1]).toBe('opening_auction 09:30–10:00');
    expect(hours(sessionOf(edited, '2026-11-28'))).toBe('09:00–12:00');
    expect(hours(sessionOf(edited, '2026-12-31'))).toBe('09:00–15:30');
    expect(sessionOf(edited, '2026-11-23')).toMatchObject({ source: 'table' });
  });
  it('refuses what contradicts itself', () => {
    expect(calendarException.safeParse({ closed: true, open: '09:00' }).success).toBe(false);
    expect(calendarException.safeParse({}).success).toBe(false);
    expect(calendarException.safeParse({ open: '25:00' }).success).toBe(false);
  });
});

describe('CRYPTO', () => {
  it('has a trading day from 09:00 to 09:00 in Seoul', () => {
    expect(hours(sessionOf(crypto, '2026-11-21'))).toBe('09:00–09:00');
    expect(calendarDay(crypto, new Date('2026-11-20T23:59:59.999Z'))).toBe('2026-11-20');
    expect(calendarDay(crypto, new Date('2026-11-21T00:00:00Z'))).toBe('2026-11-21');
  });
});

describe('a calendar of the desk', () => {
  const usual = { open: '09:30', close: '16:00' };
  const newYork = weeklyCalendar(
    'NY',
    calendarDefinition.parse({
      time_zone: 'America/New_York',
      sessions: {
        mon: usual,
        tue: usual,
        wed: usual,
        thu: usual,
        fri: { ...usual, continuous_close: '15:50' },
      },
    }),
    exceptions({ '2027-11-26': { close: '13:00', name: 'Day after Thanksgiving' } }),
  );
  it('keeps its hours across changes of the clock', () => {
    const opens = ['2027-03-12', '2027-03-15', '2027-11-05', '2027-11-08'].map((date) => {
      const day = sessionOf(newYork, date);
      return day.kind === 'open' ? day.open.toISOString().slice(11, 16) : null;
    });
    expect(opens).toEqual(['14:30', '13:30', '13:30', '14:30']);
    expect(sessionOf(newYork, '2027-03-13')).toMatchObject({ kind: 'closed', weekly: true });
  });
  it('an early close takes the closing auction with it', () => {
    expect(sessionOf(newYork, '2027-11-26')).toMatchObject({
      continuous_close: new Date('2027-11-26T17:50:00Z'),
      close: new Date('2027-11-26T18:00:00Z'),
    });
  });
  it('a session past midnight belongs to the day it began', () => {
    const night = weeklyCalendar(
      'NIGHT',
      calendarDefinition.parse({
        time_zone: 'Asia/Seoul',
        sessions: { fri: { open: '18:00', close: '05:00' } },
      }),
    );
    expect(calendarDay(night, new Date('2026-11-20T19:59:00Z'))).toBe('2026-11-20');
    expect(calendarDay(night, new Date('2026-11-20T20:00:00Z'))).toBe('2026-11-21');
  });
});

it('dates round-trip', () => {
  expect(dateText(dayNumber('2028-02-29'))).toBe('2028-02-29');
  expect(() => dayNumber('2028-2-29')).toThrow(RangeError);
});
