import { describe, expect, it } from 'vitest';
import { durationParts, formatTime, relativeStep, wallTime } from '#components/ui/time-format.ts';

const at = new Date('2026-11-20T15:00:05.678Z');

describe('wallTime', () => {
  it('writes the wall of a zone and names it', () => {
    expect(wallTime(at, 'Asia/Seoul')).toEqual({ date: '2026-11-21', time: '00:00:05', zone: 'KST' });
    expect(wallTime(at, 'UTC')).toEqual({ date: '2026-11-20', time: '15:00:05', zone: 'UTC' });
    expect(wallTime(at, 'America/New_York')).toEqual({ date: '2026-11-20', time: '10:00:05', zone: 'GMT-5' });
  });
});

describe('formatTime', () => {
  it.each([
    ['full', '2026-11-21 00:00:05'],
    ['minute', '2026-11-21 00:00'],
    ['date', '2026-11-21'],
    ['time', '00:00:05'],
  ] as const)('%s', (style, text) => {
    expect(formatTime(at, 'Asia/Seoul', style)).toBe(text);
  });

  it('drops today, keeps another day, and names another year', () => {
    expect(formatTime(at, 'Asia/Seoul', 'auto', new Date('2026-11-21T05:00:00Z'))).toBe('00:00:05');
    expect(formatTime(at, 'Asia/Seoul', 'auto', new Date('2026-11-22T05:00:00Z'))).toBe('11-21 00:00:05');
    expect(formatTime(at, 'Asia/Seoul', 'auto', new Date('2027-01-02T05:00:00Z'))).toBe('2026-11-21 00:00');
    expect(formatTime(at, 'Asia/Seoul', 'auto')).toBe('11-21 00:00:05');
  });
});

const text = (ms: number) =>
  durationParts(ms)
    .map((part) => part.value + part.unit)
    .join(' ');

describe('durationParts', () => {
  it.each([
    [0, '0ms'],
    [340, '340ms'],
    [999.6, '1.0s'],
    [4_230, '4.2s'],
    [9_960, '10s'],
    [59_600, '1m'],
    [65_000, '1m 5s'],
    [3_599_700, '1h'],
    [11_400_000, '3h 10m'],
    [187_200_000, '2d 4h'],
  ])('%d ms -> %s', (ms, expected) => {
    expect(text(ms)).toBe(expected);
  });
});

describe('relativeStep', () => {
  it.each([
    [500, null],
    [-5_000, { value: -5, unit: 'second' }],
    [90_000, { value: 1, unit: 'minute' }],
    [-7_200_000, { value: -2, unit: 'hour' }],
    [200_000_000, { value: 2, unit: 'day' }],
  ])('%d', (ms, expected) => {
    expect(relativeStep(ms)).toEqual(expected);
  });
});
