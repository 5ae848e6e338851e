import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockChanges, formatInZone, instantsOf, isTimeZone, offsetMs, tradingDay, wallOf } from './zone.ts';

function changesOf2027(zone: string): string[] {
  const changes = clockChanges(zone, new Date('2027-01-01T00:00:00Z'), new Date('2028-01-01T00:00:00Z'));
  return changes.map((change) => change.at.toISOString());
}

describe('isTimeZone', () => {
  it.each(['Asia/Seoul', 'America/New_York', 'UTC', 'America/Argentina/Buenos_Aires'])('takes %s', (zone) => {
    expect(isTimeZone(zone)).toBe(true);
  });
  it.each(['', 'Asia/Soul', '+09:00', 'Asia/Seoul; drop table', 'a'.repeat(100)])('refuses "%s"', (zone) => {
    expect(isTimeZone(zone)).toBe(false);
  });
});

describe('wall time', () => {
  it('turns back into the instants it came from', () => {
    const zone = fc.constantFrom(
      'Asia/Seoul',
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'UTC',
    );
    const seconds = fc.integer({ min: 1_780_000_000, max: 1_860_000_000 });
    fc.assert(
      fc.property(zone, seconds, (name, second) => {
        const at = new Date(second * 1_000);
        expect(instantsOf(wallOf(at, name), name)).toContainEqual(at);
      }),
    );
  });

  it('knows gaps and doubled hours', () => {
    const wall = { year: 2027, month: 3, day: 14, hour: 2, minute: 30, second: 0 };
    expect(instantsOf(wall, 'America/New_York')).toEqual([]);
    expect(instantsOf({ ...wall, month: 11, day: 7, hour: 1 }, 'America/New_York')).toEqual([
      new Date('2027-11-07T05:30:00Z'),
      new Date('2027-11-07T06:30:00Z'),
    ]);
    expect(offsetMs(new Date('2027-01-01T00:00:00.123Z'), 'Asia/Seoul')).toBe(9 * 3_600_000);
  });

  it('finds the clock changes of a year', () => {
    expect(changesOf2027('America/New_York')).toEqual([
      '2027-03-14T07:00:00.000Z',
      '2027-11-07T06:00:00.000Z',
    ]);
    expect(changesOf2027('Asia/Seoul')).toEqual([]);
  });
});

describe('formatting', () => {
  it('writes the wall clock', () => {
    const at = new Date('2026-11-19T23:05:09.007Z');
    expect(formatInZone(at, 'Asia/Seoul')).toBe('2026-11-20 08:05:09');
    expect(formatInZone(at, 'Asia/Seoul', 'minute')).toBe('2026-11-20 08:05');
    expect(formatInZone(at, 'Asia/Seoul', 'millis')).toBe('2026-11-20 08:05:09.007');
    expect(formatInZone(at, 'Asia/Seoul', 'time')).toBe('08:05:09');
    expect(formatInZone(new Date('2026-11-19T15:00:00Z'), 'Asia/Seoul', 'minute')).toBe('2026-11-20 00:00');
  });

  it('takes the trading day from the venue zone', () => {
    const at = new Date('2026-11-19T23:05:00Z');
    expect(tradingDay(at)).toBe('2026-11-20');
    expect(tradingDay(at, 'UTC')).toBe('2026-11-19');
  });
});
