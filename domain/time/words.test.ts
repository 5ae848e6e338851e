import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronText } from './cron-oracle.test-kit.ts';
import { describeCronExpr, describeSchedule } from './words.ts';

describe('describeSchedule', () => {
  it.each([
    ['*/10 * * * *', 'Every 10 minutes', '10분마다'],
    ['0 0 * * *', 'Every day at 00:00', '매일 00:00'],
    ['30 8 * * 1-5', 'At 08:30, Monday through Friday', '월요일부터 금요일까지 08:30'],
    ['1 * * * *', 'At 1 minute past the hour', '매시 1분'],
    ['0 0 1 * 1', 'At 00:00, on day 1 of the month, or on Monday', '매월 1일 또는 월요일에 00:00'],
    [
      '0 0 1 * 1-5',
      'At 00:00, on day 1 of the month, or Monday through Friday',
      '매월 1일 또는 월요일부터 금요일까지 00:00',
    ],
    ['*/10 * * * * *', 'Every 10 seconds', '10초마다'],
    ['@hourly', 'Every hour', '1시간마다'],
  ])('%s', (expr, en, ko) => {
    const schedule = { kind: 'cron', expr, zone: 'Asia/Seoul' } as const;
    expect(describeSchedule(schedule, 'en')).toBe(en);
    expect(describeSchedule(schedule, 'ko')).toBe(ko);
  });

  it.each([
    [600, 'Every 10 minutes', '10분마다'],
    [1, 'Every second', '1초마다'],
    [90, 'Every 90 seconds', '90초마다'],
    [7_200, 'Every 2 hours', '2시간마다'],
    [86_400, 'Every day', '1일마다'],
  ])('every %d s', (seconds, en, ko) => {
    const schedule = { kind: 'interval', seconds, anchor: new Date(0) } as const;
    expect(describeSchedule(schedule, 'en')).toBe(en);
    expect(describeSchedule(schedule, 'ko')).toBe(ko);
  });

  it('does not describe what is refused', () => {
    expect(describeCronExpr(`${'1,'.repeat(500)}1 * * * *`, 'en')).toBeNull();
    expect(describeCronExpr('61 * * * *', 'ko')).toBeNull();
  });

  it('has words for every expression that is taken', () => {
    fc.assert(
      fc.property(cronText, fc.constantFrom('ko' as const, 'en' as const), (expr, locale) => {
        expect(describeCronExpr(expr, locale)).toMatch(/^(?!.*(undefined|null|%s|error|오류)).{2,}/);
      }),
    );
  });
});
