import type { RunReason, RunState } from '#domain/runs/run.ts';
import type { EdgeRule } from './edge.ts';

/** A run of an upstream as a gate sees it. */
export interface SeenRun {
  readonly runId: string;
  readonly state: RunState;
  /** A service that ticks well and runs beyond the downstream's time: what the downstream waits for, though it has not ended. */
  readonly up?: boolean;
}

/**
 * What a gate knows of one upstream: its runs of the downstream's trading day that were due no later than the
 * downstream's own time, skipped ones left out.
 */
export interface SeenUpstream {
  readonly jobId: string;
  readonly rule: Pick<EdgeRule, 'on' | 'satisfied_by'>;
  /** The one due last. */
  readonly latest: SeenRun | null;
  /** One that counts, if any does. */
  readonly counting: SeenRun | null;
  /** The first that does not count, if one does not. */
  readonly lacking: SeenRun | null;
  /** A fire that is due no later than the downstream's time and has no run yet. */
  readonly dueAt: Date | null;
}

const over: ReadonlySet<RunState> = new Set(['succeeded', 'failed', 'cancelled', 'quarantined']);

/** Whether a run's end is one that the edge asks for. */
export function counts(state: RunState, on: EdgeRule['on']): boolean {
  return on === 'success' ? state === 'succeeded' : over.has(state);
}

function heldBy(jobId: string, run: SeenRun): RunReason {
  const code = over.has(run.state) ? 'upstream_failed' : 'upstream_open';
  return { code, params: { job: jobId, run_id: run.runId, state: run.state } };
}

function due(jobId: string, at: Date): RunReason {
  return { code: 'upstream_due', params: { job: jobId, due_at: at.toISOString() } };
}

/** Why one upstream holds the downstream; null when it does not. */
export function heldByUpstream(seen: SeenUpstream): RunReason | null {
  const { jobId, rule, latest, counting, lacking, dueAt } = seen;
  if (rule.satisfied_by === 'any' && counting !== null) return null;
  if (dueAt !== null) return due(jobId, dueAt);
  if (latest === null) return { code: 'upstream_none', params: { job: jobId } };
  const blame =
    rule.satisfied_by === 'all'
      ? lacking
      : latest.up === true || counts(latest.state, rule.on)
        ? null
        : latest;
  return blame === null ? null : heldBy(jobId, blame);
}

/** A failure is told before what is merely not finished: it needs somebody. */
const order = ['upstream_failed', 'upstream_open', 'upstream_due', 'upstream_none'];

/**
 * Why a run waits for the jobs before it, the most urgent cause first and how many more there are; null when it may go.
 */
export function heldByUpstreams(upstreams: readonly SeenUpstream[]): RunReason | null {
  const held = upstreams
    .map(heldByUpstream)
    .filter((reason) => reason !== null)
    .sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  const [first] = held;
  return first === undefined ? null : { ...first, params: { ...first.params, more: held.length - 1 } };
}
