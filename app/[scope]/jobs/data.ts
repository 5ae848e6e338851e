import { dehydrate } from '@tanstack/react-query';
import type { DehydratedState } from '@tanstack/react-query';
import { notFound } from 'next/navigation';
import { db } from '#app/_server/db.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { Problem } from '#domain/core/errors.ts';
import type { JobView } from '#domain/jobs/view.ts';
import { engineView } from '#db/engine/queries.ts';
import { getJob, listJobs } from '#db/jobs/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';
import { jobKeys, jobsPerPage } from '#components/jobs/queries.ts';
import type { JobsFilter } from '#components/jobs/queries.ts';

/** The first page of the jobs list for those who may see it. */
export async function jobsListData(scope: string, filter: JobsFilter): Promise<DehydratedState> {
  await requirePageAccess(scope, 'jobs.view');
  const page = await listJobs(db(), scope, {
    q: filter.q,
    state: filter.state ?? undefined,
    limit: jobsPerPage,
  });
  const client = makeQueryClient();
  client.setQueryData(jobKeys.list(scope, filter), { pages: [page], pageParams: [null] });
  return dehydrate(client);
}

/** One job, or the page that says there is none. */
async function jobOr404(scope: string, jobId: string): Promise<JobView> {
  try {
    return await getJob(db(), scope, jobId);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not_found') notFound();
    throw error;
  }
}

/** What the page of a job shows first. */
export async function jobPageData(scope: string, jobId: string): Promise<DehydratedState> {
  await requirePageAccess(scope, 'jobs.view');
  const client = makeQueryClient();
  client.setQueryData(jobKeys.one(scope, jobId), await jobOr404(scope, jobId));
  return dehydrate(client);
}

/**
 * What the form needs.
 * @param jobId null for a new job.
 */
export async function jobEditorData(scope: string, jobId: string | null) {
  await requirePageAccess(scope, 'jobs.edit');
  const [job, engine] = await Promise.all([jobId === null ? null : jobOr404(scope, jobId), engineView(db())]);
  const rooms = engine.scopes.find((candidate) => candidate.scope === scope)?.resource_groups ?? [];
  const groups = rooms
    .filter((room) => room.kind === 'group' || room.kind === 'lab')
    .map(({ name, capacity }) => ({ name, capacity }));
  return { job, groups };
}
