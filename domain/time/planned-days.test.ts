import { describe, expect, it } from 'vitest';
import { builtinCalendar } from './calendar/builtin.ts';
import { weeklyCalendar } from './calendar/calendar.ts';
import { dayNumber } from './calendar/day.ts';
import { calendarDefinition } from './calendar/definition.ts';
import { plannedPerDay, tradingDayBounds } from './planned-days.ts';
import type { Schedule } from './schedule.ts';

const krx = builtinCalendar('XKRX');
const zone = 'Asia/Seoul';
const days = (from: string, count: number, calendar: typeof krx | null = krx) =>
  Array.from({ length: count }, (_, index) => tradingDayBounds(calendar, zone, dayNumber(from) + index));
const minutely: Schedule = {
  kind: 'cron',
  expr: '* 9-15 * * 1-5',
  zone,
  bounds: { calendar: krx, onClosed: 'skip', window: 'session', zone },
};

describe('plannedPerDay', () => {
  it('counts each day from where the schedule stands, none on closed days, later hours on the CSAT day', () => {
    const due = new Date('2026-11-18T12:00:00+09:00');
    // Wednesday from noon; CSAT day 10:00 to 16:30, of which the cron takes up to 15:59; Friday; the weekend; Monday.
    expect(plannedPerDay(minutely, due, days('2026-11-18', 6), 10).map(({ count }) => count)).toEqual([
      211, 360, 391, 0, 0, 391,
    ]);
  });

  it('has nothing without a due time, and one fire in queue mode', () => {
    expect(plannedPerDay(minutely, null, days('2026-11-20', 1), 10)).toEqual([{ count: 0, more: false }]);
    const due = new Date('2026-11-20T12:00:00+09:00');
    expect(
      plannedPerDay({ kind: 'queue' }, due, days('2026-11-19', 3), 10).map(({ count }) => count),
    ).toEqual([0, 1, 0]);
  });

  it('gives what is after midnight to the session that goes on', () => {
    const night = weeklyCalendar(
      'NIGHT',
      calendarDefinition.parse({ sessions: { fri: { open: '18:00', close: '05:00' } } }),
    );
    const hourly: Schedule = { kind: 'cron', expr: '0 * * * *', zone };
    const due = new Date('2026-11-20T00:00:00+09:00');
    expect(plannedPerDay(hourly, due, days('2026-11-20', 2, night), 100).map(({ count }) => count)).toEqual([
      29, 19,
    ]);
  });
});
