import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type SymbolHold,
  answerTo,
  mayTake,
  mayWrite,
  nextFree,
  reconcile,
  symbolRenewSec,
  symbolStateOf,
  symbolTtlSec,
  untouched,
} from './symbol.ts';

const now = new Date('2026-11-20T01:00:00Z');
const later = new Date(now.getTime() + 60_000);
const earlier = new Date(now.getTime() - 1);

const trader = fc.constantFrom('a', 'b', 'c');
/** Any row the table allows: a trader and an end, or neither. */
const hold: fc.Arbitrary<SymbolHold> = fc
  .record({
    trader: fc.option(trader),
    fencing: fc.nat(1_000),
    until: fc.constantFrom(earlier, now, later),
    hasPosition: fc.boolean(),
    needsReconcile: fc.boolean(),
  })
  .map((row) => (row.trader === null ? { ...row, until: null } : row));

describe('symbol locks', () => {
  it('are renewed three times before they end', () => {
    expect(symbolRenewSec * 3).toBe(symbolTtlSec);
  });

  it('say what they are', () => {
    const held = { ...untouched, trader: 'a', until: later };
    expect(symbolStateOf(untouched, now)).toBe('free');
    expect(symbolStateOf(held, now)).toBe('held');
    expect(symbolStateOf({ ...held, until: now }, now)).toBe('expired');
    expect(symbolStateOf({ ...held, until: now, hasPosition: true }, now)).toBe('overdue');
    expect(symbolStateOf({ ...untouched, needsReconcile: true }, now)).toBe('reconcile');
  });

  it('are taken by whoever may, with a higher token; others hear why not', () => {
    fc.assert(
      fc.property(hold, trader, (row, who) => {
        const answer = answerTo(row, who, now);
        expect(answer.taken).toBe(mayTake(row, who, now));
        if (answer.taken) expect(answer.token).toBeGreaterThan(row.fencing);
        else
          expect(answer.why).toBe(
            {
              held: 'held',
              overdue: 'overdue',
              expired: 'reconcile_first',
              reconcile: 'reconcile_first',
              free: '',
            }[symbolStateOf(row, now)],
          );
      }),
    );
  });

  it('with a position are never taken by another, however long the silence', () => {
    fc.assert(
      fc.property(hold, trader, fc.date({ noInvalidDate: true }), (row, who, at) => {
        fc.pre(row.trader !== null && row.trader !== who && row.hasPosition);
        expect(mayTake(row, who, at)).toBe(false);
        expect(mayWrite(row, row.fencing, at)).toBe('yes');
      }),
    );
  });

  it('let only the latest token write', () => {
    fc.assert(
      fc.property(hold, fc.nat(1_000), (row, token) => {
        fc.pre(token !== row.fencing);
        expect(mayWrite(row, token, now)).toBe('stale');
      }),
    );
  });

  it('are never stuck: reconciled without a position, anybody may take them', () => {
    fc.assert(
      fc.property(hold, trader, (row, who) => {
        fc.pre(symbolStateOf(row, now) !== 'held' && !mayTake(row, who, now));
        expect(reconcile(row, false, now)).toBe('freed');
        expect(reconcile(row, true, now)).toBe('kept');
      }),
    );
  });

  it('are not touched by a reconciliation while their trader lives', () => {
    expect(reconcile({ ...untouched, trader: 'a', until: later }, false, now)).toBe('held');
    expect(reconcile(untouched, false, now)).toBe('not_needed');
  });

  it('of another are passed over for the next candidate', () => {
    const holds = new Map([
      ['A', { ...untouched, trader: 'x', until: later }],
      ['B', { ...untouched, trader: 'x', until: earlier }],
      ['C', { ...untouched, trader: 'me', until: earlier }],
    ]);
    expect(nextFree(['A', 'B', 'C', 'D'], holds, 'me', now)).toBe('C');
    expect(nextFree(['A', 'B', 'D', 'C'], holds, 'me', now)).toBe('D');
    expect(nextFree(['A', 'B'], holds, 'me', now)).toBeNull();
  });
});
