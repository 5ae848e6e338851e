import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronFires, cronText, oracleZones } from './cron-oracle.test-kit.ts';
import { type Schedule, countFires, firesBetween, newestFires, nextAfter, scheduleOf } from './schedule.ts';

const anchor = new Date('2027-03-14T06:00:00Z');
const fields = {
  cron_expr: null,
  interval_seconds: null,
  time_zone: 'Asia/Seoul',
  candle: null,
  session: null,
  calendar: null,
  on_closed: 'skip',
  window: null,
  reschedule_mode: 'scheduler',
  mode: 'runs',
  schedule_anchor: anchor,
} as const;

const interval = fc
  .tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: -10_000_000, max: 10_000_000 }))
  .map(([seconds, shift]): Schedule => ({
    kind: 'interval',
    seconds,
    anchor: new Date(anchor.getTime() + shift),
  }));
const cron = fc
  .tuple(cronText, fc.constantFrom(...oracleZones))
  .map(([expr, zone]): Schedule => ({ kind: 'cron', expr, zone }));
const instant = fc
  .integer({ min: -20_000_000, max: 20_000_000 })
  .map((shift) => new Date(anchor.getTime() + shift));

describe('scheduleOf', () => {
  it('lets the cron win over the interval in scheduler mode', () => {
    const both = { ...fields, cron_expr: '*/10 * * * *', interval_seconds: 600 };
    expect(scheduleOf(both, null)).toEqual({ kind: 'cron', expr: '*/10 * * * *', zone: 'Asia/Seoul' });
    expect(scheduleOf({ ...both, reschedule_mode: 'queue' }, null)).toEqual({ kind: 'queue' });
  });

  it('knows intervals and jobs without a schedule', () => {
    expect(scheduleOf({ ...fields, interval_seconds: 5 }, null)).toEqual({
      kind: 'interval',
      seconds: 5,
      anchor,
    });
    expect(scheduleOf(fields, null)).toEqual({ kind: 'none' });
  });
});

describe('nextAfter', () => {
  it('is strictly after, leaves nothing out and does not depend on where one stands in between', () => {
    fc.assert(
      fc.property(fc.oneof(interval, cron), instant, fc.nat(1_000_000), (schedule, after, step) => {
        const next = nextAfter(schedule, after);
        if (next === null) throw new Error('these schedules never end');
        expect(next > after).toBe(true);
        const between = new Date(Math.min(after.getTime() + step, next.getTime() - 1));
        expect(nextAfter(schedule, between)).toEqual(next);
      }),
      { numRuns: 300 },
    );
  });

  it('fires intervals at anchor + k * seconds, never at the anchor itself', () => {
    const every: Schedule = { kind: 'interval', seconds: 600, anchor };
    expect(nextAfter(every, new Date(0))).toEqual(new Date('2027-03-14T06:10:00Z'));
    expect(nextAfter(every, anchor)).toEqual(new Date('2027-03-14T06:10:00Z'));
    expect(nextAfter(every, new Date('2027-03-14T06:10:00Z'))).toEqual(new Date('2027-03-14T06:20:00Z'));
  });

  it('has nothing for queue and none', () => {
    expect(nextAfter({ kind: 'queue' }, anchor)).toBeNull();
    expect(nextAfter({ kind: 'none' }, anchor)).toBeNull();
  });
});

describe('firesBetween', () => {
  it('agrees with a list of all fires, from either end', () => {
    const days = fc.integer({ min: 1, max: 2 });
    fc.assert(
      fc.property(
        cronText,
        fc.constantFrom(...oracleZones),
        days,
        fc.integer({ min: 0, max: 50 }),
        (expr, zone, length, cap) => {
          const until = new Date(anchor.getTime() + length * 86_400_000);
          const schedule: Schedule = { kind: 'cron', expr, zone };
          const all = cronFires(expr, zone, anchor, until);
          expect(firesBetween(schedule, anchor, until, cap)).toEqual({
            fires: all.slice(0, cap),
            more: all.length > cap,
            latest: all.at(-1) ?? null,
          });
          expect(newestFires(schedule, anchor, until, cap)).toEqual(cap === 0 ? [] : all.slice(-cap));
          expect(countFires(schedule, anchor, until, 10_000)).toEqual({ count: all.length, more: false });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('agrees with itself for intervals', () => {
    fc.assert(
      fc.property(
        interval,
        instant,
        fc.integer({ min: 0, max: 5_000_000 }),
        fc.integer({ min: 1, max: 20 }),
        (schedule, after, span, cap) => {
          const until = new Date(after.getTime() + span);
          const all = firesBetween(schedule, after, until, 1_000_000).fires;
          expect(countFires(schedule, after, until, 1)).toEqual({ count: all.length, more: false });
          expect(newestFires(schedule, after, until, cap)).toEqual(all.slice(-cap));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('finds the newest of a year of seconds without counting them', () => {
    const until = new Date('2028-03-14T06:00:00.250Z');
    const newest = new Date('2028-03-14T06:00:00Z');
    const seconds: Schedule = { kind: 'cron', expr: '* * * * * *', zone: 'Asia/Seoul' };
    const started = performance.now();
    expect(firesBetween(seconds, anchor, until, 10)).toMatchObject({ more: true, latest: newest });
    expect(firesBetween({ kind: 'interval', seconds: 1, anchor }, anchor, until, 10).latest).toEqual(newest);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('is empty when the end is not after the start', () => {
    const every: Schedule = { kind: 'interval', seconds: 1, anchor: new Date(0) };
    expect(firesBetween(every, anchor, anchor, 5)).toEqual({ fires: [], more: false, latest: null });
    expect(countFires(every, anchor, new Date(0), 5)).toEqual({ count: 0, more: false });
  });
});
