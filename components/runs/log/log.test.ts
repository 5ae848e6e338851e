import { describe, expect, it } from 'vitest';
import type { LogLine } from '#domain/runs/view.ts';
import { follow } from './follow.ts';
import { lineHash, parseLineRange, selectLines } from './line-range.ts';
import { LogBuffer, LogSearch, nextMatch, rowOfLine } from './log-buffer.ts';
import { markSegments, parseSgr, plainText } from './sgr.ts';

const esc = '\u001B';
const line = (seq: number, text = `line ${seq}`, attempt = 1): LogLine => ({
  seq,
  attempt,
  stream: 'stdout',
  line: text,
  at: '2026-11-21T00:00:00.000Z',
});

describe('parseSgr', () => {
  it('colours stretches and resets', () => {
    expect(
      parseSgr(`a${esc}[1;31mred${esc}[0m b`).map(({ text, colour, bold }) => [text, colour, bold]),
    ).toEqual([
      ['a', null, false],
      ['red', 'red', true],
      [' b', null, false],
    ]);
  });

  it('reads 256 and true colours without spilling their numbers', () => {
    expect(parseSgr(`${esc}[38;5;2mgreen`)[0]).toMatchObject({ text: 'green', colour: 'green' });
    expect(parseSgr(`${esc}[38;2;1;4;31mtrue`)[0]).toMatchObject({
      colour: null,
      underline: false,
      bold: false,
    });
    expect(parseSgr(`${esc}[48;5;1;33mon red`)[0]).toMatchObject({ colour: 'yellow' });
  });

  it('drops every other sequence, links and unfinished ones', () => {
    const texts = [
      `${esc}[2Ka${esc}[1;1Hb`,
      `${esc}]8;;http://x\u0007link${esc}]8;;\u0007`,
      `cut${esc}[`,
      `end${esc}`,
    ];
    for (const text of texts)
      expect(
        parseSgr(text)
          .map((part) => part.text)
          .join(''),
      ).toBe(plainText(text));
    expect(texts.map(plainText)).toEqual(['ab', 'link', 'cut', 'end']);
  });

  it('shows what a terminal would: the last writing of a progress line', () => {
    expect(plainText('10%\r50%\r100%')).toBe('100%');
    expect(plainText('windows\r')).toBe('windows');
  });

  it('leaves markup alone and drops marks that reorder text', () => {
    expect(plainText('<script>alert(1)</script>')).toBe('<script>alert(1)</script>');
    expect(plainText('a\u202Eb\u0007c\td')).toBe('abc\td');
  });
});

describe('markSegments', () => {
  it('marks a match that spans two colours', () => {
    const marked = markSegments(parseSgr(`or${esc}[31mder id, ORDER`), 'order');
    expect(marked.map((part) => [part.text, part.marked])).toEqual([
      ['or', true],
      ['der', true],
      [' id, ', false],
      ['ORDER', true],
    ]);
  });

  it('keeps the text whole', () => {
    const text = `${esc}[32maaa${esc}[0maab`;
    expect(
      markSegments(parseSgr(text), 'aa')
        .map((part) => part.text)
        .join(''),
    ).toBe('aaaaab');
  });
});

describe('line links', () => {
  it.each([
    ['#L12', { from: 12, to: 12 }],
    ['#L12-L20', { from: 12, to: 20 }],
    ['#L20-12', { from: 12, to: 20 }],
    ['#l12', null],
    ['#L', null],
    ['', null],
  ])('%s', (hash, range) => {
    expect(parseLineRange(hash)).toEqual(range);
    if (range !== null) expect(parseLineRange(lineHash(range))).toEqual(range);
  });

  it('reaches from the anchor with shift, in either direction', () => {
    expect(selectLines(null, 5, true)).toEqual({ anchor: 5, range: { from: 5, to: 5 } });
    expect(selectLines(5, 2, true)).toEqual({ anchor: 5, range: { from: 2, to: 5 } });
    expect(selectLines(5, 9, false)).toEqual({ anchor: 9, range: { from: 9, to: 9 } });
  });
});

describe('follow', () => {
  const following = { following: true, unseen: 0 };
  const away = { following: false, unseen: 0 };

  it('lets go when the reader scrolls up, and counts what comes', () => {
    const left = follow(following, { kind: 'scrolled', atEnd: false, byUser: true });
    expect(left).toEqual(away);
    expect(follow(left, { kind: 'lines', count: 3 })).toEqual({ following: false, unseen: 3 });
  });

  it('is not fooled by scrolling of its own', () => {
    expect(follow(following, { kind: 'scrolled', atEnd: false, byUser: false })).toBe(following);
    expect(follow(following, { kind: 'lines', count: 9 })).toBe(following);
  });

  it('follows again from the end or on request', () => {
    expect(follow({ following: false, unseen: 4 }, { kind: 'scrolled', atEnd: true, byUser: true })).toEqual(
      following,
    );
    expect(follow({ following: false, unseen: 4 }, { kind: 'jump_to_latest' })).toEqual(following);
    expect(follow(following, { kind: 'went_to_line' })).toEqual(away);
  });
});

describe('LogBuffer', () => {
  it('takes each line once and separates attempts', () => {
    const buffer = new LogBuffer();
    buffer.add([line(1), line(2)]);
    buffer.add([line(2), line(3, 'again', 2)]);
    const { rows, lines, lastSeq } = buffer.snapshot();
    expect(rows.map((row) => `${row.kind} ${row.seq}`)).toEqual([
      'attempt 1',
      'line 1',
      'line 2',
      'attempt 3',
      'line 3',
    ]);
    expect([lines, lastSeq]).toEqual([3, 3]);
    expect(rows[rowOfLine(rows, 3)]).toMatchObject({ kind: 'line', seq: 3 });
    expect(rowOfLine(rows, 4)).toBe(-1);
  });

  it('lets the oldest go beyond its limit and says how many', () => {
    const buffer = new LogBuffer(100);
    buffer.add(Array.from({ length: 150 }, (_, index) => line(index + 1)));
    const { rows, dropped, lines } = buffer.snapshot();
    expect(rows).toHaveLength(90);
    expect(dropped + rows.filter((row) => row.kind === 'line').length).toBe(lines);
  });
});

describe('LogSearch', () => {
  it('finds in new lines what it found in old ones', () => {
    const buffer = new LogBuffer();
    const search = new LogSearch('ERROR');
    buffer.add([line(1, 'ok'), line(2, 'an error')]);
    expect(search.matches(buffer.snapshot().rows)).toEqual([2]);
    buffer.add([line(3, `${esc}[31mErr${esc}[0mor`), line(4, 'fine')]);
    expect(search.matches(buffer.snapshot().rows)).toEqual([2, 3]);
    expect(search.matches(buffer.snapshot().rows)).toEqual([2, 3]);
  });

  it('goes round', () => {
    expect(nextMatch([2, 5], null, 1)).toBe(2);
    expect(nextMatch([2, 5], 5, 1)).toBe(2);
    expect(nextMatch([2, 5], 2, -1)).toBe(5);
    expect(nextMatch([], 1, 1)).toBeNull();
  });
});
