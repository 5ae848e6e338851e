import { describe, expect, it } from 'vitest';
import { formatDuration, formatRelative } from './duration.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms', '0ms'],
    [850.4, '850 ms', '850ms'],
    [999.6, '1 s', '1초'],
    [1_234, '1.2 s', '1.2초'],
    [2_000, '2 s', '2초'],
    [9_970, '10 s', '10초'],
    [59_400, '59 s', '59초'],
    [59_600, '1 min', '1분'],
    [200_000, '3 min 20 s', '3분 20초'],
    [3_599_700, '1 h', '1시간'],
    [7_500_000, '2 h 5 min', '2시간 5분'],
    [86_399_000, '1 d', '1일'],
    [273_600_000, '3 d 4 h', '3일 4시간'],
    [-1_500, '-1.5 s', '-1.5초'],
    [Number.NaN, '–', '–'],
  ])('%d ms', (ms, en, ko) => {
    expect(formatDuration(ms, 'en')).toBe(en);
    expect(formatDuration(ms, 'ko')).toBe(ko);
  });
});

describe('formatRelative', () => {
  const now = new Date('2026-11-20T00:00:00Z');
  it.each([
    [0, 'just now', '방금'],
    [-200_000, '3 min ago', '3분 전'],
    [7_300_000, 'in 2 h', '2시간 후'],
    [-30_000, '30 s ago', '30초 전'],
    [-5 * 86_400_000, '5 d ago', '5일 전'],
  ])('%d ms from now', (shift, en, ko) => {
    const at = new Date(now.getTime() + shift);
    expect(formatRelative(at, now, 'en')).toBe(en);
    expect(formatRelative(at, now, 'ko')).toBe(ko);
  });
});
