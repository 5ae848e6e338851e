import { describe, expect, it } from 'vitest';
import { StaleSet, parseLiveEvent, prefixOf, withShown } from '#components/query/live-changes.ts';

describe('live changes', () => {
  it('names the query-key prefix of a change', () => {
    expect(prefixOf({ topic: 'runs', entity: 'r1', scope: 'real' })).toEqual(['real', 'runs']);
    expect(prefixOf({ topic: 'users', entity: null })).toEqual(['instance', 'users']);
  });

  it('gathers each prefix once and forgets it when taken', () => {
    const stale = new StaleSet();
    stale.add([
      { topic: 'runs', entity: 'a', scope: 'real' },
      { topic: 'runs', entity: 'b', scope: 'real' },
      { topic: 'jobs', entity: 'c', scope: 'mock' },
    ]);
    expect(stale.take()).toEqual([
      ['real', 'runs'],
      ['mock', 'jobs'],
    ]);
    expect(stale.empty).toBe(true);
    expect(stale.take()).toEqual([]);
  });

  it('makes graph and desk stale with what they show, once', () => {
    expect(
      withShown([
        ['real', 'runs'],
        ['real', 'jobs'],
        ['real', 'engine'],
      ]),
    ).toEqual([
      ['real', 'runs'],
      ['real', 'dependencies'],
      ['real', 'desk'],
      ['real', 'jobs'],
      ['real', 'engine'],
    ]);
  });

  it('lets everything swallow the rest', () => {
    const stale = new StaleSet();
    stale.add([{ topic: 'runs', scope: 'real' }]);
    stale.addEverything();
    expect(stale.empty).toBe(false);
    expect(stale.take()).toBeNull();
  });

  it('takes only events of our shape', () => {
    expect(
      parseLiveEvent('{"id":"7","changes":[{"topic":"runs","entity":"x","scope":"real"}]}')?.changes,
    ).toHaveLength(1);
    expect(parseLiveEvent('{"changes":1}')).toBeNull();
    expect(parseLiveEvent('not json')).toBeNull();
  });
});
