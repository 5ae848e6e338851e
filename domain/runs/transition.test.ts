import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RunReason, type RunState, endedStates, openStates, runState, shownStatus } from './run.ts';
import { creation, isLegal, transition } from './transition.ts';

const states = runState.options;
const reason: RunReason = { code: 'due', params: {} };
const ends: readonly RunState[] = endedStates;
const anyState = fc.constantFrom(...states);

/** What a machine fed with arbitrary wishes goes through: legal wishes happen, the others throw and change nothing. */
function walk(start: RunState, wishes: readonly RunState[]): RunState[] {
  const visited = [start];
  let state = start;
  for (const wish of wishes) {
    try {
      const step = transition(state, wish, reason);
      expect(step).toEqual({ from: state, to: wish, reason });
      state = step.to;
      visited.push(state);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      expect(isLegal(state, wish)).toBe(false);
    }
  }
  return visited;
}

describe('transition', () => {
  it('keeps every walk inside the table, whatever is asked of it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('waiting' as const, 'ready' as const, 'skipped' as const),
        fc.array(anyState, { maxLength: 60 }),
        (start, wishes) => {
          const visited = walk(creation(start, reason).to, wishes);
          for (const [index, to] of visited.entries()) {
            const from = visited[index - 1];
            if (from === undefined) continue;
            expect(isLegal(from, to)).toBe(true);
            if (to === 'succeeded' || to === 'failed' || to === 'quarantined') expect(from).toBe('running');
            if (to === 'dispatched') expect(from).toBe('ready');
            if (ends.includes(from))
              expect(
                to === 'ready' || to === 'waiting' || (from === 'quarantined' && to === 'cancelled'),
              ).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reaches every state from a creation, and an end from every state', () => {
    const reach = (start: RunState) => {
      const seen = new Set<RunState>([start]);
      for (const from of seen) for (const to of states) if (isLegal(from, to)) seen.add(to);
      return seen;
    };
    expect([...reach('waiting')].sort()).toEqual([...states].sort());
    for (const state of states) expect([...reach(state)].some((to) => ends.includes(to))).toBe(true);
  });

  it('never goes from a state to itself', () => {
    for (const state of states) expect(isLegal(state, state)).toBe(false);
  });

  it('opens an ended run only by a further attempt, and lets every open one be cancelled', () => {
    for (const state of ends) {
      const reopened = states.filter((to) => isLegal(state, to) && !ends.includes(to));
      expect(reopened.toSorted()).toEqual(['ready', 'waiting']);
    }
    for (const state of openStates) expect(isLegal(state, 'cancelled')).toBe(true);
  });

  it('names the change it refuses', () => {
    expect(() => transition('succeeded', 'running', reason)).toThrow(
      'A run cannot go from succeeded to running (due).',
    );
  });
});

describe('states', () => {
  it('are open or ended, never both', () => {
    expect([...openStates, ...endedStates].sort()).toEqual([...states].sort());
  });

  it('are shown as retrying while they wait after a failure', () => {
    expect(states.map((state) => shownStatus(state, 0))).toEqual([
      'waiting',
      'waiting',
      'waiting',
      'running',
      'succeeded',
      'failed',
      'cancelled',
      'skipped',
      'failed',
    ]);
    expect(openStates.map((state) => shownStatus(state, 1))).toEqual([
      'retrying',
      'retrying',
      'retrying',
      'running',
    ]);
  });
});
