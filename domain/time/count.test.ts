import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinCalendar } from './calendar/builtin.ts';
import { countWithin } from './count.ts';
import type { Schedule } from './schedule.ts';
import { firesBetween } from './schedule.ts';

const krx = builtinCalendar('XKRX');
const zones = ['Asia/Seoul', 'UTC', 'America/New_York'];
const part = (max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 1, max: 20 }).map((step) => `*/${step}`),
    fc.integer({ min: 0, max }).map(String),
    fc.tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max })).map(([a, b]) => `${a},${b}`),
  );
const bounds = fc.option(
  fc.record({
    calendar: fc.constantFrom(krx, null),
    onClosed: fc.constantFrom('skip' as const, 'run' as const),
    window: fc.constantFrom('session' as const, { from: 570, to: 700 }, { from: 1_380, to: 60 }, null),
    zone: fc.constantFrom(...zones),
  }),
  { nil: undefined },
);
const times: fc.Arbitrary<Schedule> = fc.oneof(
  fc
    .record({
      m: part(59),
      h: part(23),
      d: fc.constantFrom('*', '1-5', '0,6'),
      zone: fc.constantFrom(...zones),
    })
    .map(({ m, h, d, zone }) => ({
      kind: 'cron' as const,
      expr: `${m} ${h.replace('/20', '/7')} * * ${d}`,
      zone,
    })),
  fc
    .integer({ min: 300, max: 90_000 })
    .map((seconds) => ({ kind: 'interval' as const, seconds, anchor: new Date('2026-11-01T00:00:07Z') })),
  fc
    .constantFrom(15, 60, null)
    .map((minutes) => ({ kind: 'candle' as const, minutes, bufferSec: 60, calendar: krx })),
);

describe('countWithin', () => {
  it('is what going through the fires one by one gives', () => {
    fc.assert(
      fc.property(
        times,
        bounds,
        // Both changes of the clock of New York, the CSAT day and the end of the year are within reach.
        fc.constantFrom('2026-10-30', '2026-11-17', '2026-12-29', '2027-03-12'),
        fc.integer({ min: 0, max: 86_400 * 2 }),
        fc.integer({ min: 1, max: 86_400 * 2 }),
        (schedule, bounded, day, start, length) => {
          const bent: Schedule = bounded === undefined ? schedule : { ...schedule, bounds: bounded };
          const after = new Date(Date.parse(`${day}T00:00:00Z`) + start * 1_000);
          const until = new Date(after.getTime() + length * 1_000);
          const { fires } = firesBetween(bent, after, until, 10_000);
          expect(countWithin(bent, after, until, 10_000)).toEqual({ count: fires.length, more: false });
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);

  it('counts a month of seconds without going through them', () => {
    const schedule: Schedule = { kind: 'cron', expr: '* * * * * *', zone: 'Asia/Seoul' };
    const from = new Date('2026-11-01T00:00:00+09:00');
    const month = countWithin(
      schedule,
      new Date(from.getTime() - 1),
      new Date(from.getTime() + 30 * 86_400_000 - 1),
      40,
    );
    expect(month).toEqual({ count: 30 * 86_400, more: false });
  });

  it('says where it stopped', () => {
    const schedule: Schedule = { kind: 'candle', minutes: 1, bufferSec: 0, calendar: krx };
    const day = ['2026-11-20T00:00:00+09:00', '2026-11-21T00:00:00+09:00'].map((text) => new Date(text));
    expect(countWithin(schedule, day[0] ?? new Date(0), day[1] ?? new Date(0), 100)).toEqual({
      count: 100,
      more: true,
    });
  });
});
