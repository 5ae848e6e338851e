import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlap } from './overlap.ts';

describe('overlap', () => {
  it('starts whatever the policy while there is room', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('skip' as const, 'queue' as const, 'cancel_previous' as const),
        fc.nat(50),
        fc.integer({ min: 1, max: 50 }),
        (policy, open, spare) => {
          expect(overlap(policy, open, open + spare)).toEqual({ kind: 'start' });
        },
      ),
    );
  });

  it('skips, queues or makes just enough room', () => {
    expect(overlap('skip', 1, 1)).toEqual({ kind: 'skip', open: 1 });
    expect(overlap('queue', 7, 1)).toEqual({ kind: 'start' });
    expect(overlap('cancel_previous', 1, 1)).toEqual({ kind: 'start_and_cancel', cancel: 1 });
    expect(overlap('cancel_previous', 5, 3)).toEqual({ kind: 'start_and_cancel', cancel: 3 });
  });
});
