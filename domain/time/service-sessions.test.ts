import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobFields } from '#domain/jobs/definition.ts';
import { builtinCalendar } from './calendar/builtin.ts';
import { previewFires } from './preview.ts';
import { nextAfter, scheduleOf } from './schedule.ts';
import {
  newestServiceStarts,
  nextServiceSession,
  nextTick,
  serviceDue,
  type ServiceHours,
  serviceSessionAt,
  tickPoint,
} from './service-sessions.ts';
import { describeSchedule } from './words.ts';
import { formatInZone } from './zone.ts';

const krx = builtinCalendar('XKRX');
const crypto = builtinCalendar('CRYPTO');
const hoursOf = (given: Partial<ServiceHours>): ServiceHours => ({
  calendar: null,
  calendarId: given.calendar?.id ?? null,
  onClosed: 'skip',
  window: null,
  zone: 'Asia/Seoul',
  ...given,
});
const seoul = (text: string) => new Date(`${text.replace(' ', 'T')}:00+09:00`);
const shown = (at: Date | undefined, zone = 'Asia/Seoul') =>
  at === undefined ? null : formatInZone(at, zone, 'minute');
const spanOf = (hours: ServiceHours, at: string) => {
  const session = serviceSessionAt(hours, seoul(at));
  return session === null ? null : [shown(session.start), shown(session.end), session.tradingDay];
};

const minutes = fc.integer({ min: 0, max: 1_439 });
const windows = fc
  .tuple(minutes, minutes)
  .filter(([from, to]) => from !== to)
  .map(([from, to]) => ({ from, to }));
const anyHours = fc
  .record({
    calendar: fc.constantFrom(null, krx, crypto),
    onClosed: fc.constantFrom('skip' as const, 'run' as const),
    window: fc.oneof(fc.constant(null), windows),
    zone: fc.constantFrom('Asia/Seoul', 'UTC', 'America/New_York'),
  })
  .map(hoursOf);
const instants = fc.date({
  min: new Date('2026-01-01T00:00:00Z'),
  max: new Date('2027-12-31T00:00:00Z'),
  noInvalidDate: true,
});

describe('sessions of a service', () => {
  it('are those of the calendar, late days and holidays included', () => {
    const hours = hoursOf({ calendar: krx });
    expect(spanOf(hours, '2026-11-20 10:00')).toEqual(['2026-11-20 09:00', '2026-11-20 15:30', '2026-11-20']);
    expect(spanOf(hours, '2026-11-19 16:00')).toEqual(['2026-11-19 10:00', '2026-11-19 16:30', '2026-11-19']);
    expect(spanOf(hours, '2026-11-20 15:30')).toBeNull();
    expect(spanOf(hours, '2026-11-21 10:00')).toBeNull();
    expect(shown(nextServiceSession(hours, seoul('2026-12-30 12:00'))?.start)).toBe('2027-01-04 10:00');
  });

  it('of crypto are trading days from 09:00 in Seoul', () => {
    expect(spanOf(hoursOf({ calendar: crypto }), '2026-11-21 08:59')).toEqual([
      '2026-11-20 09:00',
      '2026-11-21 09:00',
      '2026-11-20',
    ]);
    expect(spanOf(hoursOf({ calendar: crypto }), '2026-11-21 09:00')).toEqual([
      '2026-11-21 09:00',
      '2026-11-22 09:00',
      '2026-11-21',
    ]);
  });

  it('of set hours lie on open days, past midnight too, and every day without a calendar', () => {
    const night = { from: 22 * 60, to: 6 * 60 };
    expect(spanOf(hoursOf({ window: night }), '2026-11-22 03:00')).toEqual([
      '2026-11-21 22:00',
      '2026-11-22 06:00',
      '2026-11-21',
    ]);
    expect(spanOf(hoursOf({ window: night, calendar: krx }), '2026-11-21 03:00')).toEqual([
      '2026-11-20 22:00',
      '2026-11-21 06:00',
      '2026-11-20',
    ]);
    expect(spanOf(hoursOf({ window: night, calendar: krx }), '2026-11-22 03:00')).toBeNull();
    expect(spanOf(hoursOf({ window: night, calendar: krx, onClosed: 'run' }), '2026-11-22 03:00')?.[0]).toBe(
      '2026-11-21 22:00',
    );
    expect(spanOf(hoursOf({}), '2026-11-22 00:00')).toEqual([
      '2026-11-22 00:00',
      '2026-11-23 00:00',
      '2026-11-22',
    ]);
  });

  it('have as many hours as the day has, over a change of the clock', () => {
    const session = serviceSessionAt(hoursOf({ zone: 'America/New_York' }), new Date('2027-03-14T12:00:00Z'));
    expect((session?.end.getTime() ?? 0) - (session?.start.getTime() ?? 0)).toBe(23 * 3_600_000);
  });

  it('agree however they are asked for', () => {
    fc.assert(
      fc.property(anyHours, instants, (hours, at) => {
        const now = serviceSessionAt(hours, at);
        if (now !== null) {
          expect(now.start <= at && at < now.end).toBe(true);
          expect(nextServiceSession(hours, new Date(now.start.getTime() - 1))?.start).toEqual(now.start);
          expect(newestServiceStarts(hours, new Date(now.start.getTime() - 1), at, 5)).toEqual([now.start]);
        }
        const next = nextServiceSession(hours, at);
        if (next === null) return;
        expect(next.start > at).toBe(true);
        expect(serviceSessionAt(hours, next.start)?.start).toEqual(next.start);
        expect(now === null || next.start >= now.end).toBe(true);
        expect(newestServiceStarts(hours, at, next.start, 5)).toEqual([next.start]);
        const three = newestServiceStarts(
          hours,
          new Date(next.start.getTime() - 30 * 86_400_000),
          next.start,
          3,
        );
        expect(three.map((start) => serviceSessionAt(hours, start)?.start)).toEqual(three);
      }),
      { numRuns: 300 },
    );
  });
});

describe('ticks', () => {
  it('fall on the grid, each once, none early and none after the end, whatever each takes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 5_000 })), {
          maxLength: 40,
        }),
        (seconds, ticks) => {
          const grid = { start: new Date('2026-11-20T00:00:00Z'), seconds };
          const until = new Date('2026-11-20T06:30:00Z');
          let now = grid.start;
          let last: Date | null = null;
          let counted = 0;
          const points: number[] = [];
          for (const [takes, late] of ticks) {
            const next = nextTick(grid, last, now, until);
            if (next === null) break;
            expect((next.point.getTime() - grid.start.getTime()) % (seconds * 1_000)).toBe(0);
            expect(next.point < until).toBe(true);
            expect(next.point.getTime()).toBeGreaterThan(points.at(-1) ?? -1);
            counted += next.skipped + 1;
            const begun = new Date(Math.max(now.getTime(), next.point.getTime()));
            expect(begun.getTime() - next.point.getTime()).toBeLessThan(seconds * 1_000);
            points.push(next.point.getTime());
            last = begun;
            now = new Date(begun.getTime() + takes + late);
          }
          const final = points.at(-1);
          if (final !== undefined)
            expect(counted).toBe((final - grid.start.getTime()) / (seconds * 1_000) + 1);
        },
      ),
    );
  });

  it('of one who takes over: the point that is on unless it was ticked, else the next', () => {
    const grid = { start: seoul('2026-11-20 09:00'), seconds: 60 };
    const until = seoul('2026-11-20 15:30');
    const at = new Date(seoul('2026-11-20 10:00').getTime() + 20_000);
    expect(nextTick(grid, null, at, until)?.point).toEqual(seoul('2026-11-20 10:00'));
    expect(nextTick(grid, seoul('2026-11-20 09:58'), at, until)).toEqual({
      point: seoul('2026-11-20 10:00'),
      skipped: 1,
    });
    expect(nextTick(grid, seoul('2026-11-20 10:00'), at, until)).toEqual({
      point: seoul('2026-11-20 10:01'),
      skipped: 0,
    });
    expect(nextTick(grid, seoul('2026-11-20 15:29'), seoul('2026-11-20 15:29'), until)).toBeNull();
  });
});

describe('a service that is due', () => {
  const schedule = { kind: 'service', seconds: 5, hours: hoursOf({ calendar: krx }) } as const;

  it('starts late for the rest of the session that is on', () => {
    const due = serviceDue(schedule, seoul('2026-11-20 09:00'), seoul('2026-11-20 14:00'), false);
    expect(due.start).toMatchObject({ nominal: seoul('2026-11-20 09:00'), from: seoul('2026-11-20 09:00') });
    expect(due.missed).toBeNull();
    expect(due.nextDueAt).toEqual(seoul('2026-11-23 09:00'));
  });

  it('made or resumed in the middle counts from the grid', () => {
    const now = new Date(seoul('2026-11-20 10:30').getTime() + 7_123);
    const due = serviceDue(schedule, now, now, false);
    expect(due.start?.nominal).toEqual(now);
    expect(due.start?.from.getTime()).toBe(seoul('2026-11-20 10:30').getTime() + 5_000);
  });

  it('says what it missed', () => {
    const due = serviceDue(schedule, seoul('2026-11-18 09:00'), seoul('2026-11-22 10:00'), false);
    expect(due.start).toBeNull();
    expect(due.missed).toEqual({
      from: seoul('2026-11-18 09:00'),
      to: seoul('2026-11-20 09:00'),
      count: 3,
      more: false,
    });
  });

  it('leaves no session out and starts none that is not on', () => {
    fc.assert(
      fc.property(
        anyHours,
        instants,
        fc.integer({ min: 0, max: 20 * 86_400_000 }),
        fc.boolean(),
        (hours, from, later, running) => {
          const first = nextServiceSession(hours, from)?.start;
          if (first === undefined) return;
          const now = new Date(first.getTime() + later);
          const due = serviceDue({ kind: 'service', seconds: 7, hours }, first, now, running);
          const starts = newestServiceStarts(hours, new Date(first.getTime() - 1), now, 1_000);
          const on = serviceSessionAt(hours, now);
          expect((due.missed?.count ?? 0) + (on === null ? 0 : 1)).toBe(starts.length);
          expect(due.start !== null).toBe(on !== null && !running);
          expect(due.nextDueAt === null || due.nextDueAt > now).toBe(true);
          if (due.start !== null && on !== null) {
            expect(due.start.session).toEqual(on);
            expect(due.start.from >= on.start && due.start.from <= now).toBe(true);
            expect(tickPoint(on.start, 7, due.start.from)).toEqual(due.start.from);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('its schedule', () => {
  const fields = jobFields.parse({
    task: 'command',
    queue: 'x',
    mode: 'service',
    interval_seconds: 5,
    calendar: 'XKRX',
  });
  const made = (given: Partial<typeof fields>) =>
    scheduleOf({ ...fields, ...given, schedule_anchor: new Date(0) }, given.calendar === null ? null : krx);

  it('fires at the starts, and its preview says until when and what is left out', () => {
    expect(nextAfter(made({}), seoul('2026-11-20 12:00'))).toEqual(seoul('2026-11-23 09:00'));
    const preview = previewFires(made({}), {
      from: seoul('2026-12-24 16:00'),
      count: 2,
      zone: 'Asia/Seoul',
      calendar: krx,
    });
    expect(
      preview.fires.map((fire) => [shown(fire.at), shown(fire.until ?? undefined), fire.trading_day]),
    ).toEqual([
      ['2026-12-28 09:00', '2026-12-28 15:30', '2026-12-28'],
      ['2026-12-29 09:00', '2026-12-29 15:30', '2026-12-29'],
    ]);
    expect(preview.skipped.map((skip) => skip.date)).toEqual(['2026-12-25']);
  });

  it('is said in words', () => {
    expect(describeSchedule(made({}), 'en')).toBe('Every 5 seconds, from open to close of each trading day');
    expect(describeSchedule(made({}), 'ko')).toBe('매 거래일 개장부터 장 마감까지, 5초마다');
    expect(describeSchedule(made({ window: '09:00-15:30' }), 'ko')).toBe('매 거래일 09:00–15:30, 5초마다');
    expect(describeSchedule(made({ window: '22:00-06:00', calendar: null }), 'en')).toBe(
      'Every 5 seconds, 22:00–06:00 every day',
    );
    expect(describeSchedule(made({ calendar: null }), 'ko')).toBe('매일 하루 종일, 5초마다');
  });
});
