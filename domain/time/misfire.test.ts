import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronText } from './cron-oracle.test-kit.ts';
import { type DueInput, countCap, dueFires, onTimeCap, runAllCap } from './misfire.ts';
import { type Schedule, firesBetween, nextAfter } from './schedule.ts';

const at = (time: string) => new Date(`2026-11-20T${time}Z`);
const everyTen: Schedule = { kind: 'cron', expr: '*/10 * * * *', zone: 'Asia/Seoul' };
const base: DueInput = {
  schedule: everyTen,
  nextDueAt: at('09:10:00'),
  now: at('09:10:00'),
  misfire: 'run_latest',
  graceSec: 60,
};
const times = (decision: ReturnType<typeof dueFires>) =>
  decision.runs.map((run) => run.nominal.toISOString().slice(11, 16));

describe('dueFires', () => {
  it('does nothing before the due time', () => {
    expect(dueFires({ ...base, now: at('09:09:59.999') })).toEqual({
      runs: [],
      skipped: [],
      nextDueAt: at('09:10:00'),
    });
    expect(dueFires({ ...base, nextDueAt: null })).toEqual({ runs: [], skipped: [], nextDueAt: null });
  });

  it('runs what is due, up to the grace', () => {
    const due = { runs: [{ nominal: at('09:10:00'), late: false }], skipped: [], nextDueAt: at('09:20:00') };
    expect(dueFires(base)).toEqual(due);
    expect(dueFires({ ...base, now: at('09:11:00'), misfire: 'skip' })).toEqual(due);
  });

  it('skip: a misfire is recorded, not run', () => {
    expect(dueFires({ ...base, now: at('09:11:00.001'), misfire: 'skip' })).toEqual({
      runs: [],
      skipped: [{ from: at('09:10:00'), to: at('09:10:00'), count: 1, more: false, code: 'misfire' }],
      nextDueAt: at('09:20:00'),
    });
  });

  it('run_latest: the newest missed one runs, those before it are one range', () => {
    const decision = dueFires({ ...base, now: at('09:45:00') });
    expect(decision.runs).toEqual([{ nominal: at('09:40:00'), late: true }]);
    expect(decision.skipped).toEqual([
      { from: at('09:10:00'), to: at('09:30:00'), count: 3, more: false, code: 'misfire_range' },
    ]);
    expect(decision.nextDueAt).toEqual(at('09:50:00'));
  });

  it('runs the fire within its grace; under run_latest it stands for the missed ones', () => {
    expect(times(dueFires({ ...base, now: at('09:40:20') }))).toEqual(['09:40']);
    expect(times(dueFires({ ...base, now: at('09:40:20'), misfire: 'skip' }))).toEqual(['09:40']);
    expect(times(dueFires({ ...base, now: at('09:40:20'), misfire: 'run_all' }))).toEqual([
      '09:10',
      '09:20',
      '09:30',
      '09:40',
    ]);
  });

  it('run_all: the newest hundred, the rest one range', () => {
    const schedule: Schedule = { kind: 'interval', seconds: 1, anchor: at('00:00:00') };
    const decision = dueFires({
      ...base,
      schedule,
      nextDueAt: at('00:00:01'),
      now: at('10:00:00'),
      misfire: 'run_all',
      graceSec: 1,
    });
    expect(decision.runs).toHaveLength(runAllCap + 2);
    expect(decision.skipped).toEqual([
      { from: at('00:00:01'), to: at('09:58:18'), count: 35_898, more: false, code: 'misfire_range' },
    ]);
  });

  it('says when it stopped counting', () => {
    const schedule: Schedule = { kind: 'cron', expr: '* * * * * *', zone: 'Asia/Seoul' };
    const decision = dueFires({
      ...base,
      schedule,
      nextDueAt: at('00:00:00'),
      now: at('23:00:00'),
      graceSec: 1,
    });
    expect(decision.skipped[0]).toMatchObject({
      from: at('00:00:00'),
      to: at('22:59:58'),
      count: countCap,
      more: true,
    });
  });

  it('bounds the fires inside a long grace', () => {
    const schedule: Schedule = { kind: 'interval', seconds: 1, anchor: at('00:00:00') };
    const decision = dueFires({
      ...base,
      schedule,
      nextDueAt: at('00:00:01'),
      now: at('02:00:00'),
      graceSec: 86_400,
    });
    expect(decision.runs).toHaveLength(onTimeCap);
    expect(decision.skipped).toMatchObject([{ from: at('00:00:01'), count: 7_200 - onTimeCap }]);
  });

  it('queue: the due fire runs however late, and the next one is for its end to set', () => {
    const late = {
      ...base,
      schedule: { kind: 'queue' } as const,
      now: at('23:00:00'),
      misfire: 'skip' as const,
    };
    expect(dueFires(late)).toEqual({
      runs: [{ nominal: at('09:10:00'), late: true }],
      skipped: [],
      nextDueAt: null,
    });
  });

  it(
    'loses nothing, runs nothing early and moves on, whatever the schedule and policy',
    { timeout: 60_000 },
    () => {
      const schedule = fc.oneof(
        fc
          .tuple(cronText, fc.constantFrom('Asia/Seoul', 'America/New_York'))
          .map(([expr, zone]): Schedule => ({ kind: 'cron', expr, zone })),
        fc
          .integer({ min: 30, max: 9_000 })
          .map((seconds): Schedule => ({ kind: 'interval', seconds, anchor: at('00:00:00') })),
      );
      const input = fc.record({
        schedule,
        start: fc.constantFrom('2026-11-20T00:00:00Z', '2027-03-13T20:00:00Z', '2027-11-06T20:00:00Z'),
        offSchedule: fc.boolean(),
        outageSec: fc.integer({ min: 0, max: 200_000 }),
        misfire: fc.constantFrom('skip' as const, 'run_latest' as const, 'run_all' as const),
        graceSec: fc.integer({ min: 1, max: 20_000 }),
      });
      fc.assert(
        fc.property(input, ({ schedule, start, offSchedule, outageSec, misfire, graceSec }) => {
          const scheduled = nextAfter(schedule, new Date(start));
          if (scheduled === null) throw new Error('these schedules never end');
          const nextDueAt = offSchedule ? new Date(scheduled.getTime() - 1_000) : scheduled;
          const now = new Date(nextDueAt.getTime() + outageSec * 1_000);
          const decision = dueFires({ schedule, nextDueAt, now, misfire, graceSec });
          const fires = [nextDueAt, ...firesBetween(schedule, nextDueAt, now, 100_000).fires];
          const ran = new Set(decision.runs.map((run) => run.nominal.getTime()));
          const skips = (fire: Date) =>
            decision.skipped.filter((range) => fire >= range.from && fire <= range.to).length;
          const strays = fires.filter((fire) => (ran.has(fire.getTime()) ? 1 : 0) + skips(fire) !== 1);
          expect(strays).toEqual([]);
          const nominals = new Set(fires.map((fire) => fire.getTime()));
          expect(ran.size).toBe(decision.runs.length);
          for (const { nominal, late } of decision.runs) {
            expect(nominals.has(nominal.getTime())).toBe(true);
            expect(late).toBe(now.getTime() - nominal.getTime() > graceSec * 1_000);
          }
          for (const range of decision.skipped) {
            const covered = fires.filter((fire) => fire >= range.from && fire <= range.to);
            expect([covered[0], covered.at(-1)]).toEqual([range.from, range.to]);
            expect(range.more ? countCap : covered.length).toBe(range.count);
          }
          const lateRuns = decision.runs.filter((run) => run.late).length;
          expect(lateRuns).toBeLessThanOrEqual({ skip: 0, run_latest: 1, run_all: runAllCap }[misfire]);
          expect(decision.nextDueAt).toEqual(nextAfter(schedule, fires.at(-1) ?? now));
          expect(decision.nextDueAt === null || decision.nextDueAt > now).toBe(true);
        }),
        { numRuns: 100 },
      );
    },
  );
});
