import { describe, expect, it } from 'vitest';
import { deviceOf } from './device.ts';
import { changedFields } from './diff.ts';

describe('changedFields', () => {
  it('names the fields that differ, nested in dots', () => {
    const before = { name: 'a', schedule: { cron: '* * * * *', zone: 'Asia/Seoul' }, tags: ['x'] };
    const after = {
      name: 'a',
      schedule: { cron: '0 9 * * *', zone: 'Asia/Seoul' },
      tags: ['x', 'y'],
      note: null,
    };
    expect(changedFields(before, after)).toEqual([
      { path: 'schedule.cron', before: '* * * * *', after: '0 9 * * *' },
      { path: 'tags', before: '["x"]', after: '["x","y"]' },
    ]);
  });

  it('shows everything when one side is missing, and nothing when both are', () => {
    expect(changedFields(null, { a: 1, b: { c: true } })).toEqual([
      { path: 'a', before: null, after: '1' },
      { path: 'b.c', before: null, after: 'true' },
    ]);
    expect(changedFields({ a: 1 }, null)).toEqual([{ path: 'a', before: '1', after: null }]);
    expect(changedFields(null, null)).toEqual([]);
  });
});

describe('deviceOf', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
      'Edge',
      'Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
      'Safari',
      'macOS',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari',
      'iPhone',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0 Mobile Safari/537.36',
      'Samsung Internet',
      'Android',
    ],
    ['curl/8.5.0', 'curl', null],
    ['', null, null],
  ])('%s', (userAgent, browser, system) => {
    expect(deviceOf(userAgent)).toEqual({ browser, system });
  });
});
