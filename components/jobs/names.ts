import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import type { JobListItem } from '#domain/jobs/view.ts';
import { api, queryString } from '#components/query/api.ts';

const jobNames = z.object({
  items: z.array(z.object({ job_id: z.string(), description: z.string(), time_zone: z.string() })),
  next_cursor: z.string().nullable(),
});
type JobName = Pick<JobListItem, 'job_id' | 'description' | 'time_zone'>;

const pageSize = 200;

async function allNames(scope: string, signal: AbortSignal): Promise<readonly JobName[]> {
  const names: JobName[] = [];
  let cursor: string | undefined;
  do {
    const query = queryString({ limit: pageSize, cursor });
    const page = await api('GET', `/api/v1/${encodeURIComponent(scope)}/jobs${query}`, {
      schema: jobNames,
      signal,
    });
    names.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return names;
}

/** Names and zones of all the scope's jobs; a row's time is written in its job's zone. */
export function jobNamesQuery(scope: string) {
  return queryOptions({
    queryKey: [scope, 'jobs', 'names'],
    queryFn: ({ signal }) => allNames(scope, signal),
    staleTime: 60_000,
  });
}
