import { describe, expect, it } from 'vitest';
import { keyOf, matchKeys, takesTyping } from '#components/shell/keys.ts';

const press = { key: 'j', code: 'KeyJ', ctrlKey: false, metaKey: false, altKey: false };

describe('keyOf', () => {
  it('reads a Korean layout by the place of the key', () => {
    expect(keyOf({ ...press, key: 'ㅓ' })).toBe('j');
    expect(keyOf({ ...press, key: 'ㅎ', code: 'KeyG' })).toBe('g');
  });

  it('leaves presses with a modifier to the browser', () => {
    expect(keyOf({ ...press, metaKey: true })).toBeNull();
    expect(keyOf({ ...press, key: 'J' })).toBeNull();
    expect(keyOf({ ...press, key: '?', code: 'Slash' })).toBe('?');
  });
});

describe('takesTyping', () => {
  it('is off while an input method composes', () => {
    expect(takesTyping({ isComposing: true, keyCode: 74, target: null })).toBe(true);
    expect(takesTyping({ isComposing: false, keyCode: 229, target: null })).toBe(true);
    expect(takesTyping({ isComposing: false, keyCode: 74, target: null })).toBe(false);
  });
});

describe('matchKeys', () => {
  const bound = [
    { keys: 'g j' },
    { keys: 'g r' },
    { keys: 'j' },
    { keys: 'n', name: 'outer' },
    { keys: 'n', name: 'inner' },
  ];

  it('waits for the second key of a sequence', () => {
    expect(matchKeys(bound, null, 'g')).toEqual({ kind: 'begun' });
    expect(matchKeys(bound, 'g', 'j')).toEqual({ kind: 'found', shortcut: { keys: 'g j' } });
  });

  it('takes a single key for itself, and after a sequence that means nothing', () => {
    expect(matchKeys(bound, null, 'j')).toEqual({ kind: 'found', shortcut: { keys: 'j' } });
    expect(matchKeys(bound, 'g', 'n')).toMatchObject({ kind: 'found', shortcut: { name: 'inner' } });
    expect(matchKeys(bound, null, 'q')).toEqual({ kind: 'none' });
  });
});
