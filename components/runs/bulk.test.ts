import { describe, expect, it } from 'vitest';
import { actOnEach } from './bulk.ts';
import { apiFilter, isFiltered } from './filters.ts';
import { parseParams } from './json-params.ts';
import { instantOfWall, wallOfInstant } from './wall-input.ts';

const nothing = { tab: 'all' as const, job: null, trigger: [], day: null, from: null, to: null };

describe('actOnEach', () => {
  it('answers for each item in order and never does more than four at once', async () => {
    let under = 0;
    let most = 0;
    const progress: number[] = [];
    const results = await actOnEach(
      Array.from({ length: 11 }, (_, index) => index),
      async (item) => {
        under += 1;
        most = Math.max(most, under);
        await Promise.resolve();
        under -= 1;
        if (item === 3) throw new Error('moved on');
      },
      (done) => progress.push(done),
    );
    expect(most).toBe(4);
    expect(results.map((result) => result.item)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(results.filter((result) => result.problem !== null).map((result) => result.item)).toEqual([3]);
    expect(progress.at(-1)).toBe(11);
  });
});

describe('apiFilter', () => {
  it('is empty where nothing is set', () => {
    expect(apiFilter(nothing)).toEqual({});
    expect(isFiltered(nothing)).toBe(false);
  });

  it('counts quarantine among the failed', () => {
    expect(apiFilter({ ...nothing, tab: 'failed' })).toEqual({ state: ['failed', 'quarantined'] });
  });

  it('passes over what is no date', () => {
    expect(apiFilter({ ...nothing, day: 'today', from: 'x', job: '' })).toEqual({});
    expect(apiFilter({ ...nothing, day: '2026-11-21', to: '2026-11-21T09:00:00+09:00' })).toEqual({
      trading_day: '2026-11-21',
      to: '2026-11-21T00:00:00.000Z',
    });
  });
});

describe('wall input', () => {
  it('goes there and back', () => {
    expect(instantOfWall('2026-11-21T09:30')).toBe('2026-11-21T00:30:00.000Z');
    expect(wallOfInstant('2026-11-21T00:30:00.000Z')).toBe('2026-11-21T09:30');
    expect([instantOfWall(''), wallOfInstant(null), wallOfInstant('x')]).toEqual([null, '', '']);
  });
});

describe('parseParams', () => {
  it('takes objects only', () => {
    expect(parseParams('{"a": [1, null]}')).toEqual({ kind: 'ok', params: { a: [1, null] } });
    expect(parseParams(' ')).toEqual({ kind: 'ok', params: {} });
    expect(parseParams('[1]').kind).toBe('not_object');
    expect(parseParams('{a}').kind).toBe('not_json');
  });
});
