import type { RunReason, RunState } from './run.ts';

/** Legal transitions of a run. A rerun reopens an ended run as a further attempt of the same run. */
const legal: Readonly<Record<RunState, readonly RunState[]>> = {
  waiting: ['ready', 'cancelled', 'skipped'],
  ready: ['dispatched', 'waiting', 'running', 'cancelled', 'skipped'],
  dispatched: ['running', 'ready', 'cancelled'],
  running: ['succeeded', 'failed', 'cancelled', 'waiting', 'ready', 'quarantined'],
  succeeded: ['ready', 'waiting'],
  failed: ['ready', 'waiting'],
  cancelled: ['ready', 'waiting'],
  skipped: ['ready', 'waiting'],
  quarantined: ['ready', 'waiting', 'cancelled'],
};

export function isLegal(from: RunState, to: RunState): boolean {
  return legal[from].includes(to);
}

export interface Transition {
  readonly from: RunState | null;
  readonly to: RunState;
  readonly reason: RunReason;
}

/**
 * The one transition function: every change of a run's state is made of its answer.
 * @throws RangeError when the change is not legal: a defect in the caller, never a user's mistake.
 */
export function transition(from: RunState, to: RunState, reason: RunReason): Transition {
  if (!isLegal(from, to)) throw new RangeError(`A run cannot go from ${from} to ${to} (${reason.code}).`);
  return { from, to, reason };
}

/** The history's first row of a run. */
export function creation(
  to: Extract<RunState, 'waiting' | 'ready' | 'skipped'>,
  reason: RunReason,
): Transition {
  return { from: null, to, reason };
}
