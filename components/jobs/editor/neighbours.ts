import type { DependsOn, Triggers } from '#domain/dependencies/edge.ts';
import type { JobView } from '#domain/jobs/view.ts';

/** An entry of `depends_on` while its job may still be open. */
export interface UpstreamDraft extends Omit<DependsOn, 'job_id'> {
  readonly job_id: string | null;
}
/** An entry of `triggers` while its job may still be open. */
export interface DownstreamDraft extends Omit<Triggers, 'job_id'> {
  readonly job_id: string | null;
}
export interface NeighbourDrafts {
  readonly depends_on: readonly UpstreamDraft[];
  readonly triggers: readonly DownstreamDraft[];
}

/** The edges of a job as the form shows them. */
export function draftsOfEdges(job: Pick<JobView, 'depends_on' | 'triggers'>): NeighbourDrafts {
  return { depends_on: job.depends_on, triggers: job.triggers };
}

const chosen = <Entry extends { readonly job_id: string | null }>(list: readonly Entry[]) =>
  list.filter((entry) => entry.job_id !== null);

/** The edges the form stands for; lines without a job say nothing. */
export function edgesOfDrafts({ depends_on, triggers }: NeighbourDrafts): NeighbourDrafts {
  return { depends_on: chosen(depends_on), triggers: chosen(triggers) };
}
