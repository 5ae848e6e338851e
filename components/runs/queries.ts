import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { scopeHealth } from '#domain/engine/view.ts';
import { type RunView, runDetail, runView } from '#domain/runs/view.ts';
import { api, queryString } from '#components/query/api.ts';
import { type RunsUrl, apiFilter } from '#components/runs/filters.ts';

export const runsPage = z.object({ items: z.array(runView), next_cursor: z.string().nullable() });
export type RunsPage = z.output<typeof runsPage>;

/** Runs read at a time. */
export const pageSize = 100;
/** Beyond this many the list asks for a narrower filter. */
export const mostShown = 1_000;

export function runsPath(scope: string, rest = ''): string {
  return `/api/v1/${encodeURIComponent(scope)}/runs${rest}`;
}

export const runsKey = (scope: string, url: RunsUrl) => [scope, 'runs', 'list', apiFilter(url)] as const;
export const runKey = (scope: string, runId: string) => [scope, 'runs', 'one', runId] as const;

/** The runs a filter lets through, newest first, page by page. */
export function runsQuery(scope: string, url: RunsUrl) {
  return infiniteQueryOptions({
    queryKey: runsKey(scope, url),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api('GET', runsPath(scope, queryString({ ...apiFilter(url), limit: pageSize, cursor: pageParam })), {
        schema: runsPage,
        signal,
      }),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One run. While it is open it is also read anew every 5 s, for progress that tells nobody. */
export function runQuery(scope: string, runId: string) {
  return queryOptions({
    queryKey: runKey(scope, runId),
    queryFn: ({ signal }) => api('GET', runsPath(scope, `/${runId}`), { schema: runDetail, signal }),
    refetchInterval: (query) =>
      query.state.data !== undefined && query.state.data.finished_at === null ? 5_000 : false,
  });
}

/** How many runs wait, run and are quarantined, for the tabs. */
export function runCountsQuery(scope: string) {
  return queryOptions({
    queryKey: [scope, 'runs', 'counts'],
    queryFn: ({ signal }) =>
      api('GET', `/api/v1/${encodeURIComponent(scope)}/health`, { schema: scopeHealth, signal }),
    select: ({ waiting, running, quarantined }) => ({ open: waiting + running, running, quarantined }),
  });
}

/** What can be done to a run. */
export type RunAct = 'cancel' | 'rerun' | 'discard' | 'release';

/** @throws ApiProblem 409 when the run has moved on and the act means nothing any more. */
export function actOnRun(
  scope: string,
  runId: string,
  act: RunAct,
  params?: RunView['params'],
): Promise<RunView> {
  return api('POST', runsPath(scope, `/${runId}/${act}`), {
    schema: runView,
    ...(act === 'release' ? {} : { body: params === undefined ? {} : { params } }),
    idempotencyKey: crypto.randomUUID(),
  });
}

/** Whether the act means something for a run as it stands. */
export function canAct(
  run: Pick<RunView, 'state' | 'cancel_requested_at' | 'waits_for'>,
  act: RunAct,
): boolean {
  const open =
    run.state === 'waiting' || run.state === 'ready' || run.state === 'dispatched' || run.state === 'running';
  if (act === 'cancel') return open && run.cancel_requested_at === null;
  if (act === 'release') return run.waits_for === 'upstream';
  return act === 'rerun' ? !open : run.state === 'quarantined';
}
