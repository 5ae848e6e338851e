import { z } from 'zod';
import { jobId } from '#domain/core/ids.ts';

/** `gate`: the downstream waits for the upstream. `trigger`: the upstream starts it. `both`: starts it, and holds its other runs. */
export const edgeKind = z.enum(['gate', 'trigger', 'both']);
/** Which end of the upstream counts: a success, or any end (a failure, a cancel). */
export const edgeOn = z.enum(['success', 'any']);
/** Which of the upstream's runs of the day a gate looks at. */
export const satisfiedBy = z.enum(['latest', 'any', 'all']);

const rules = {
  kind: edgeKind.describe('`gate` waits, `trigger` starts, `both` does both.'),
  on: edgeOn.default('success').describe('Which end of the upstream counts.'),
  satisfied_by: satisfiedBy
    .default('latest')
    .describe("Which of the upstream's runs of the trading day a gate looks at; skipped ones never count."),
  each: z
    .boolean()
    .default(false)
    .describe(
      'A trigger starts the downstream for each run of the upstream, not only when it has no run that day.',
    ),
};

/** One edge of a scope's graph of jobs: the upstream comes first. */
export const edge = z.strictObject({ upstream: jobId, downstream: jobId, ...rules });
export type Edge = z.output<typeof edge>;

/** What an edge says beside its two jobs. */
export type EdgeRule = Pick<Edge, 'kind' | 'on' | 'satisfied_by' | 'each'>;

/** An entry may be a job's id alone: the rules then take their defaults. */
function entries<Full extends z.ZodObject>(full: Full) {
  const short = jobId.transform((id) => full.parse({ job_id: id }));
  return z
    .array(z.union([full, short]))
    .max(100)
    .refine((list) => new Set(list.map((entry) => entry['job_id'])).size === list.length, {
      error: 'each job once',
      params: { code: 'edge_twice' },
    });
}

/** An upstream as a job writes it. */
export const upstreamEntry = z.strictObject({
  job_id: jobId,
  ...rules,
  kind: z.enum(['gate', 'both']).default('gate').describe('`both` also starts this job.'),
});
/** A downstream as a job writes it. */
export const downstreamEntry = z.strictObject({ job_id: jobId, on: rules.on, each: rules.each });

/** The jobs a job waits for, as the job writes them; an id alone is a gate on success. */
export const dependsOn = entries(upstreamEntry);
export type DependsOn = z.output<typeof upstreamEntry>;
/** The jobs a job starts when it ends, as the job writes them; an id alone starts it on success. */
export const triggers = entries(downstreamEntry);
export type Triggers = z.output<typeof downstreamEntry>;

export function gates(rule: Pick<EdgeRule, 'kind'>): boolean {
  return rule.kind !== 'trigger';
}
export function starts(rule: Pick<EdgeRule, 'kind'>): boolean {
  return rule.kind !== 'gate';
}
