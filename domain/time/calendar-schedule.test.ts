import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobFields } from '#domain/jobs/definition.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import {
  type Calendar,
  calendarDay,
  dayOf,
  sessionOf,
  tradingDayNumber,
} from '#domain/time/calendar/calendar.ts';
import { calendarException } from '#domain/time/calendar/definition.ts';
import { blockedAt, firstFree } from './bounds.ts';
import { dueFires } from './misfire.ts';
import { previewFires } from './preview.ts';
import { type Schedule, newestFires, nextAfter, scheduleOf } from './schedule.ts';
import { formatInZone } from './zone.ts';

const krx = builtinCalendar('XKRX');
const crypto = builtinCalendar('CRYPTO');
const anchor = new Date('2026-01-01T00:00:00Z');

function scheduled(fields: object, calendar: Calendar | null = krx): Schedule {
  const definition = jobFields.parse({
    task: 'external',
    queue: 'real.jobs.a',
    ...fields,
    calendar: calendar?.id ?? null,
  });
  return scheduleOf({ ...definition, schedule_anchor: anchor }, calendar);
}
const seoul = (at: Date | null) => (at === null ? null : formatInZone(at, 'Asia/Seoul', 'minute'));
const at = (text: string) => new Date(`${text}+09:00`);

function firesIn(schedule: Schedule, from: Date, to: Date): Date[] {
  const fires: Date[] = [];
  for (let fire = nextAfter(schedule, from); fire !== null && fire <= to; fire = nextAfter(schedule, fire))
    fires.push(fire);
  return fires;
}

describe('candles', () => {
  it.each([
    ['1 * * * *', '1h + 60s'],
    ['1,16,31,46 * * * *', '15m + 60s'],
  ])('%s is %s where the market never closes', (cron_expr, candle) => {
    const [from, to] = [at('2026-12-30T00:00'), at('2027-01-03T00:00')];
    const crons = firesIn(scheduled({ cron_expr }, null), from, to);
    expect(firesIn(scheduled({ candle }, crypto), from, to)).toEqual(crons);
    expect(firesIn(scheduled({ candle }, null), from, to)).toEqual(crons);
    expect(crons.length).toBeGreaterThan(90);
  });

  it('of KRX begin at the open and end at the close, also on the day of the exam', () => {
    const hourly = scheduled({ candle: '1h + 60s' });
    const times = (date: string) =>
      firesIn(hourly, at(`${date}T00:00`), at(`${date}T23:59`)).map((fire) => seoul(fire)?.slice(11));
    expect(times('2026-11-23')).toEqual(['10:01', '11:01', '12:01', '13:01', '14:01', '15:01', '15:31']);
    expect(times('2026-11-19')).toEqual(['11:01', '12:01', '13:01', '14:01', '15:01', '16:01', '16:31']);
    expect(times('2026-11-21')).toEqual([]);
    expect(seoul(nextAfter(scheduled({ candle: '1d + 5m' }), at('2026-09-23T16:00')))).toBe(
      '2026-09-28 15:35',
    );
  });
});

describe('sessions', () => {
  const tenBefore = scheduled({ session: 'close - 10m' });
  it('close - 10m follows the day', () => {
    expect(seoul(nextAfter(tenBefore, at('2026-11-19T00:00')))).toBe('2026-11-19 16:20');
    expect(seoul(nextAfter(tenBefore, at('2026-11-20T16:00')))).toBe('2026-11-23 15:20');
    const ending = scheduled({ session: { anchor: 'continuous_close', offset_min: 0 } });
    expect(seoul(nextAfter(ending, at('2026-11-19T00:00')))).toBe('2026-11-19 16:20');
    expect(seoul(nextAfter(scheduled({ session: 'open + 5m' }), at('2026-12-30T12:00')))).toBe(
      '2027-01-04 10:05',
    );
  });
  it('follows an exception', () => {
    const short = new Map([['2026-11-23', calendarException.parse({ close: '12:00' })]]);
    const edited = scheduled({ session: 'close - 10m' }, builtinCalendar('XKRX', short));
    expect(seoul(nextAfter(edited, at('2026-11-22T00:00')))).toBe('2026-11-23 11:50');
  });
});

describe('calendar and window', () => {
  it('*/5 9-15 * * 1-5 with window session never fires after the close', () => {
    const schedule = scheduled({ cron_expr: '*/5 9-15 * * 1-5', window: 'session' });
    for (const fire of firesIn(schedule, at('2026-11-01T00:00'), at('2027-01-31T00:00'))) {
      const day = sessionOf(krx, calendarDay(krx, fire));
      expect(day.kind === 'open' && fire >= day.open && fire <= day.close, seoul(fire) ?? '').toBe(true);
    }
    const day = firesIn(schedule, at('2026-11-23T00:00'), at('2026-11-23T23:59'));
    expect([day.length, seoul(day[0] ?? null), seoul(day.at(-1) ?? null)]).toEqual([
      79,
      '2026-11-23 09:00',
      '2026-11-23 15:30',
    ]);
  });

  it('an hourly window bounds an interval, also past midnight', () => {
    const night = scheduled({ interval_seconds: 3_600, window: '22:00-02:00' }, null);
    const fires = firesIn(night, at('2026-11-21T12:00'), at('2026-11-22T12:00')).map((fire) => seoul(fire));
    expect(fires.map((fire) => fire?.slice(11))).toEqual(['22:00', '23:00', '00:00', '01:00', '02:00']);
  });

  it.each([
    ['2026-08-17', 'Liberation Day substitute'],
    ['2026-09-24', 'Chuseok eve'],
    ['2026-10-05', 'National Foundation Day substitute'],
    ['2026-12-31', 'Year-end closing (KRX)'],
    ['2027-02-08', 'Seollal (day after)'],
    ['2027-05-13', "Buddha's Birthday"],
    ['2027-10-11', 'Hangeul Day substitute'],
    ['2027-12-31', 'Year-end closing (KRX)'],
  ])('skips %s by name: %s', (date, name) => {
    const from = new Date(at(`${date}T00:00`).getTime() - 60_000);
    for (const fields of [
      { cron_expr: '30 8 * * 1-5' },
      { cron_expr: '*/5 9-15 * * 1-5', window: 'session' },
      { cron_expr: '*/5 * * * *', window: '09:00-15:00' },
      { candle: '15m + 60s' },
      { session: 'close - 10m' },
    ]) {
      const preview = previewFires(scheduled(fields), { from, count: 3, zone: 'Asia/Seoul', calendar: krx });
      expect(preview.skipped).toContainEqual({
        date,
        reason: { code: 'calendar_closed', params: expect.objectContaining({ calendar: 'XKRX', name }) },
      });
      expect(preview.fires.map((fire) => fire.trading_day)).not.toContain(date);
    }
  });

  it('fires on closed days where the job says so', () => {
    const schedule = scheduled({ cron_expr: '30 8 * * *', on_closed: 'run' });
    expect(seoul(nextAfter(schedule, at('2026-09-24T00:00')))).toBe('2026-09-24 08:30');
  });

  it('a preview names the times outside the window', () => {
    const schedule = scheduled({ cron_expr: '*/5 9-15 * * 1-5', window: 'session' });
    const preview = previewFires(schedule, {
      from: at('2026-11-23T15:20'),
      count: 4,
      zone: 'Asia/Seoul',
      calendar: krx,
    });
    expect(preview.fires.map((fire) => seoul(fire.at)?.slice(8))).toEqual([
      '23 15:25',
      '23 15:30',
      '24 09:00',
      '24 09:05',
    ]);
    expect(preview.skipped).toEqual([
      {
        date: '2026-11-23',
        reason: { code: 'outside_window', params: { time: '15:35', window: '09:00–15:30' } },
      },
    ]);
  });

  it('ends where nothing can ever fire', () => {
    expect(nextAfter(scheduled({ cron_expr: '0 9 1 1 *' }), anchor)).toBeNull();
    expect(nextAfter(scheduled({ cron_expr: '0 20 * * *', window: '09:00-10:00' }), anchor)).toBeNull();
  });

  it('queue mode waits for the next free instant', () => {
    const { bounds } = scheduled({ reschedule_mode: 'queue', interval_seconds: 60, window: 'session' });
    expect(seoul(firstFree(bounds, at('2026-11-20T15:31')))).toBe('2026-11-23 09:00');
    expect(seoul(firstFree(bounds, at('2026-11-20T10:00')))).toBe('2026-11-20 10:00');
  });

  it('what was missed over a holiday is made up by its own fires only', () => {
    const schedule = scheduled({ cron_expr: '0 9 * * *' });
    const due = at('2026-09-23T09:00');
    const decision = dueFires({
      schedule,
      nextDueAt: due,
      now: at('2026-09-28T08:00'),
      misfire: 'run_all',
      graceSec: 60,
    });
    expect(decision.runs.map((run) => seoul(run.nominal))).toEqual(['2026-09-23 09:00']);
    expect(seoul(decision.nextDueAt)).toBe('2026-09-28 09:00');
  });
});

const schedules = fc
  .oneof(
    fc.record({ candle: fc.constantFrom('1m', '5m + 10s', '15m + 60s', '1h + 60s', '1d + 5m') }),
    fc.record({
      session: fc.constantFrom('open', 'open - 30m', 'continuous_close - 5m', 'close - 10m', 'close + 3h'),
    }),
    fc.record({
      cron_expr: fc.constantFrom('*/7 * * * *', '*/5 9-15 * * 1-5', '0 8,16 * * *', '*/20 * 9 * * *'),
    }),
    fc.record({ interval_seconds: fc.constantFrom(97, 1_800, 86_400) }),
  )
  .chain((kind) =>
    fc.record({
      fields: fc
        .record({
          window: fc.constantFrom(null, 'session', '09:30-15:00', '22:00-03:00'),
          on_closed: fc.constantFrom('skip', 'run'),
        })
        .map((bounds) => ({ ...kind, ...bounds })),
      calendar: fc.constantFrom('XKRX', 'CRYPTO'),
    }),
  );
const instant = fc
  .integer({ min: 0, max: 3 * 366 * 86_400 })
  .map((s) => new Date(anchor.getTime() + s * 1_000));

describe('every schedule on a calendar', () => {
  it('is strictly after, monotone, inside its bounds, and the same from both ends', () => {
    fc.assert(
      fc.property(schedules, instant, ({ fields, calendar }, after) => {
        const schedule = scheduled(fields, calendar === 'XKRX' ? krx : crypto);
        const forward: Date[] = [];
        const yearAfter = new Date(after.getTime() + 366 * 86_400_000);
        let last = after;
        for (
          let next = nextAfter(schedule, last);
          next !== null && forward.length < 12 && next < yearAfter;
        ) {
          expect(next > last).toBe(true);
          if (schedule.bounds !== undefined) expect(blockedAt(schedule.bounds, next)).toBeNull();
          forward.push(next);
          last = next;
          next = nextAfter(schedule, last);
        }
        expect(newestFires(schedule, after, last, 12)).toEqual(forward);
      }),
      { numRuns: 150 },
    );
  });

  it('candles fire when the session is on, or by their buffer after it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('1m', '10m', '30m', '1h', '4h'),
        fc.nat(3_600),
        instant,
        (interval, buffer_sec, after) => {
          const fire = nextAfter(scheduled({ candle: { interval, buffer_sec } }), after);
          const closed = new Date((fire?.getTime() ?? Number.NaN) - buffer_sec * 1_000);
          const day = dayOf(krx, tradingDayNumber(krx, closed));
          expect(day.kind === 'open' && closed > day.open && closed <= day.close).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('a next fire costs well under 0.2 ms', () => {
  const list = [
    scheduled({ candle: '15m + 60s' }),
    scheduled({ session: 'close - 10m' }),
    scheduled({ cron_expr: '*/5 9-15 * * 1-5', window: 'session' }),
  ];
  const run = () => {
    const begun = performance.now();
    for (let index = 0; index < 300; index += 1)
      for (const schedule of list) nextAfter(schedule, new Date(anchor.getTime() + index * 7_777_777));
    return (performance.now() - begun) / 900;
  };
  run();
  expect(Math.min(run(), run(), run())).toBeLessThan(0.2);
});
