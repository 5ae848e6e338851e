import { expect, test } from 'vitest';
import { isOwn, presetRange, rangeOf } from './range.ts';

test('presets end today', () => {
  expect(presetRange('1w', '2026-11-20')).toEqual({ from: '2026-11-14', to: '2026-11-20' });
  expect(presetRange('ytd', '2026-11-20')).toEqual({ from: '2026-01-01', to: '2026-11-20' });
});

test('dates of the URL count when they are dates in order', () => {
  const asked = { range: '1m', from: '2026-01-05', to: '2026-02-05' } as const;
  expect(rangeOf(asked, '2026-11-20')).toEqual({ from: '2026-01-05', to: '2026-02-05' });
  for (const bad of [{ from: '2026-02-06' }, { to: 'yesterday' }, { from: null }]) {
    expect(isOwn({ ...asked, ...bad })).toBe(false);
    expect(rangeOf({ ...asked, ...bad }, '2026-11-20').to).toBe('2026-11-20');
  }
});
