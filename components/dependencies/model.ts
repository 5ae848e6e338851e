import { blocksOf } from '#domain/dependencies/blocked.ts';
import type { Edge } from '#domain/dependencies/edge.ts';
import { criticalPath, nearest, neighbourhood, type CriticalPath } from '#domain/dependencies/paths.ts';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { edgeId } from '#components/dependencies/edge-words.tsx';

/** Beyond this many jobs with edges, the graph shows a part of them. */
export const mostNodes = 100;
/** How many of them it shows then. */
export const nodesAround = 60;

export interface ShownGraph {
  readonly jobs: readonly GraphJob[];
  readonly edges: readonly Edge[];
  /** Jobs without an edge. */
  readonly alone: readonly GraphJob[];
  /** The job around which a part is shown; null when everything is. */
  readonly around: string | null;
  /** Jobs with edges, whether shown or not. */
  readonly connected: number;
}

interface Wanted {
  readonly focus: string | null;
  /** Only what is before and after `focus`. */
  readonly near: boolean;
  /** Jobs without an edge that are to be in the picture nevertheless. */
  readonly extra: ReadonlySet<string>;
}

/** Where to begin in a graph that is too large: a cause of trouble, else the job with most edges. */
function startOf(jobs: readonly GraphJob[], edges: readonly Edge[]): string | null {
  const cause = jobs.flatMap((job) => job.blocked_by)[0];
  if (cause !== undefined) return cause;
  const counts = new Map<string, number>();
  for (const { upstream, downstream } of edges)
    for (const id of [upstream, downstream]) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

/** What of a scope's jobs is drawn, and what stands in the strip of jobs without dependencies. */
export function shownGraph(jobs: readonly GraphJob[], edges: readonly Edge[], wanted: Wanted): ShownGraph {
  const ends = new Set(edges.flatMap((edge): string[] => [edge.upstream, edge.downstream]));
  const known = new Set(jobs.map((job) => job.job_id));
  const focus = wanted.focus !== null && known.has(wanted.focus) ? wanted.focus : null;
  const isDrawn = (id: string) => ends.has(id) || wanted.extra.has(id);
  const connected = jobs.filter((job) => isDrawn(job.job_id));
  const tooMany = connected.length > mostNodes;
  const around = tooMany ? (focus !== null && ends.has(focus) ? focus : startOf(jobs, edges)) : null;
  let chosen: ReadonlySet<string> | null = null;
  if (wanted.near && focus !== null && ends.has(focus)) {
    const { upstream, downstream } = neighbourhood(focus, edges);
    chosen = new Set([focus, ...upstream, ...downstream]);
  }
  if (around !== null && (chosen === null || chosen.size > mostNodes))
    chosen = new Set(nearest(around, edges, nodesAround));
  const shows = (id: string) => chosen === null || chosen.has(id) || wanted.extra.has(id);
  return {
    jobs: connected.filter((job) => shows(job.job_id)),
    edges: edges.filter((edge) => shows(edge.upstream) && shows(edge.downstream)),
    alone: jobs.filter((job) => !isDrawn(job.job_id)),
    around: chosen === null ? null : (around ?? focus),
    connected: connected.length,
  };
}

/** How long a job took on the day, or takes on average; null when nobody knows. @param now for what still runs. */
export function durationOf(
  job: GraphJob,
  now: Date,
): { readonly ms: number; readonly actual: boolean } | null {
  const { run } = job;
  const started = run?.started_at ?? null;
  if (run !== null && started !== null && run.finished_at !== null)
    return { ms: Date.parse(run.finished_at) - Date.parse(started), actual: true };
  const elapsed = run?.state === 'running' && started !== null ? now.getTime() - Date.parse(started) : 0;
  if (job.mean_duration_ms === null && elapsed <= 0) return null;
  return { ms: Math.max(job.mean_duration_ms ?? 0, elapsed), actual: false };
}

/** The day's critical path by what jobs took, or where they have not ended by what they take on average. */
export function criticalOf(
  jobs: readonly GraphJob[],
  edges: readonly Edge[],
  now: Date,
): CriticalPath | null {
  const durations = new Map(jobs.map((job): [string, number] => [job.job_id, durationOf(job, now)?.ms ?? 0]));
  return criticalPath(durations, edges);
}

/** The edges along which a root cause reaches the jobs it holds. */
export function blockedEdges(jobs: readonly GraphJob[], edges: readonly Edge[]): ReadonlySet<string> {
  const causesOf = new Map(jobs.map((job): [string, readonly string[]] => [job.job_id, job.blocked_by]));
  return new Set(
    edges
      .filter(({ upstream, downstream }) => {
        const down = causesOf.get(downstream) ?? [];
        const up = causesOf.get(upstream) ?? [];
        return down.includes(upstream) || up.some((cause) => down.includes(cause));
      })
      .map(edgeId),
  );
}

/** Edges of a path of jobs. */
export function pathEdges(path: readonly string[]): ReadonlySet<string> {
  return new Set(
    path.slice(1).map((downstream, index) => edgeId({ upstream: path[index] ?? '', downstream })),
  );
}

export interface Blocker {
  readonly job: GraphJob;
  /** The run that failed; null for a job that has none. */
  readonly runId: string | null;
  readonly blocks: readonly string[];
}

const badEnds: ReadonlySet<string> = new Set(['failed', 'quarantined', 'cancelled']);

/** The job's run that others wait for: the one they name, for a later one may have gone well. */
export function failedRun(job: GraphJob, jobs: readonly GraphJob[]): string | null {
  for (const { run } of jobs) {
    const { code, params } = run?.reason ?? { code: null, params: {} };
    if (code === 'upstream_failed' && params['job'] === job.job_id && typeof params['run_id'] === 'string')
      return params['run_id'];
  }
  return job.run !== null && badEnds.has(job.run.state) ? job.run.run_id : null;
}

/** Root causes and what each of them holds, the one that holds most first. */
export function blockersOf(jobs: readonly GraphJob[]): Blocker[] {
  const byId = new Map(jobs.map((job) => [job.job_id, job]));
  return [...blocksOf(jobs)]
    .flatMap(([cause, blocks]) => {
      const job = byId.get(cause);
      return job === undefined ? [] : [{ job, blocks, runId: failedRun(job, jobs) }];
    })
    .toSorted((a, b) => b.blocks.length - a.blocks.length || (a.job.job_id < b.job.job_id ? -1 : 1));
}
