import { gates, starts, type Edge } from './edge.ts';

/** Runs of one job on one trading day, skipped ones left out. */
export interface DayRuns {
  /** How the one due last stands; null when there is none. `bad`: it ended otherwise than by success. */
  readonly latest: 'held' | 'open' | 'succeeded' | 'bad' | null;
  readonly succeeded: number;
  /** Ended otherwise than by success. */
  readonly bad: number;
  /** Not ended. */
  readonly open: number;
}

export interface BlockedJob extends DayRuns {
  readonly jobId: string;
  /** A schedule of its own starts it; without one it is started by the jobs before it. */
  readonly scheduled: boolean;
  /** What its gates said of the run that waits: they look at the time of the run too, which a day's figures do not. */
  readonly told?: { readonly job: string; readonly cause: 'failed' | 'missing' | null } | null;
}

/** Whether an upstream's runs of the day let a gate pass. */
function passes(runs: DayRuns, { on, satisfied_by }: Pick<Edge, 'on' | 'satisfied_by'>): boolean {
  const counting = on === 'success' ? runs.succeeded : runs.succeeded + runs.bad;
  const lacking = on === 'success' ? runs.bad + runs.open : runs.open;
  if (satisfied_by === 'any') return counting > 0;
  if (satisfied_by === 'all') return counting > 0 && lacking === 0;
  return runs.latest === 'succeeded' || (on === 'any' && runs.latest === 'bad');
}

/** Nothing of the day has got past the gates: a run waits at them, or there is no run yet. */
function before(job: BlockedJob): boolean {
  return job.latest === 'held' || job.latest === null;
}

/** The edges that keep a job from starting now. */
function holding(job: BlockedJob, incoming: readonly Edge[], jobs: ReadonlyMap<string, BlockedJob>): Edge[] {
  if (!before(job)) return [];
  const started = job.latest !== null || job.scheduled;
  return incoming.filter((edge) => {
    const upstream = jobs.get(edge.upstream);
    if (upstream === undefined) return false;
    if (gates(edge) && !passes(upstream, edge)) return true;
    return !started && starts(edge) && !passes(upstream, { on: edge.on, satisfied_by: 'any' });
  });
}

interface Causes {
  readonly failed: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
}
const none: Causes = { failed: new Set(), missing: new Set() };

/** The cause an upstream is by itself, if it is one. */
function ownCause(upstream: BlockedJob, edge: Edge): 'failed' | 'missing' | null {
  if (upstream.latest === null) return 'missing';
  if (upstream.latest === 'bad') return 'failed';
  return edge.satisfied_by === 'all' && upstream.bad > 0 && edge.on === 'success' ? 'failed' : null;
}

/**
 * What keeps each job from starting on a trading day: the root causes only, by job. A cause is a job whose run ended
 * otherwise than the edge asks for, or, for a run that waits already, one that has no run; a job that is itself held by
 * another is never a cause. A job whose upstream is merely not finished is not blocked. The edges have no cycle.
 */
export function blockedBy(list: readonly BlockedJob[], edges: readonly Edge[]): Map<string, string[]> {
  const jobs = new Map<string, BlockedJob>(list.map((job) => [job.jobId, job]));
  const incoming = Map.groupBy(edges, (edge): string => edge.downstream);
  const known = new Map<string, Causes>();

  const causesOf = (job: BlockedJob): Causes => {
    const found = known.get(job.jobId);
    if (found !== undefined) return found;
    // Ends the walk, should the edges have a cycle after all.
    known.set(job.jobId, none);
    const failed = new Set<string>();
    const missing = new Set<string>();
    for (const edge of holding(job, incoming.get(job.jobId) ?? [], jobs)) {
      const upstream = jobs.get(edge.upstream);
      if (upstream === undefined) continue;
      const deeper = causesOf(upstream);
      for (const id of deeper.failed) failed.add(id);
      for (const id of deeper.missing) missing.add(id);
      if (deeper.failed.size + deeper.missing.size > 0) continue;
      const own = ownCause(upstream, edge);
      if (own !== null && holding(upstream, incoming.get(upstream.jobId) ?? [], jobs).length === 0)
        (own === 'failed' ? failed : missing).add(upstream.jobId);
    }
    const told = job.latest === 'held' ? (job.told ?? null) : null;
    const named = told === null ? undefined : jobs.get(told.job);
    if (told !== null && named !== undefined) {
      const deeper = causesOf(named);
      for (const id of deeper.failed) failed.add(id);
      for (const id of deeper.missing) missing.add(id);
      const root = deeper.failed.size + deeper.missing.size === 0;
      if (root && told.cause !== null) (told.cause === 'failed' ? failed : missing).add(told.job);
    }
    const causes = { failed, missing };
    known.set(job.jobId, causes);
    return causes;
  };

  return new Map(
    list.map((job) => {
      const { failed, missing } = causesOf(job);
      return [job.jobId, [...failed, ...(job.latest === 'held' ? missing : [])].toSorted()];
    }),
  );
}

/** Of a graph's jobs, what each root cause holds. */
export function blocksOf(
  jobs: readonly { readonly job_id: string; readonly blocked_by: readonly string[] }[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const job of jobs)
    for (const cause of job.blocked_by) {
      const list = found.get(cause);
      if (list === undefined) found.set(cause, [job.job_id]);
      else list.push(job.job_id);
    }
  return found;
}
