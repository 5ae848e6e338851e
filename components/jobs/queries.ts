import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { jobListItem, jobVersionView, jobView, previewView, type runNowRequest } from '#domain/jobs/view.ts';
import type { JobDefinition } from '#domain/jobs/definition.ts';
import type { JobView } from '#domain/jobs/view.ts';
import { calendarView } from '#domain/time/calendar/view.ts';
import { taskView } from '#domain/jobs/plugins.ts';
import { runView } from '#domain/runs/view.ts';
import { api, queryString } from '#components/query/api.ts';

/** What the list may be narrowed to; both live in the URL. */
export const jobStates = ['enabled', 'paused', 'running', 'failed'] as const;
export type JobStateFilter = (typeof jobStates)[number];
export interface JobsFilter {
  readonly q: string;
  readonly state: JobStateFilter | null;
}

const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullable() });
const jobsPage = page(jobListItem);
const runsPage = page(runView);
const versionsPage = page(jobVersionView);
export type JobsPage = z.output<typeof jobsPage>;
export type RunsPage = z.output<typeof runsPage>;
export type VersionsPage = z.output<typeof versionsPage>;

/** Jobs of one page of the list, and runs of one page of a job. */
export const jobsPerPage = 100;
export const runsPerPage = 50;

/** Query keys: `[scope, topic, …]`, so that a live change of the topic makes them stale. */
export const jobKeys = {
  list: (scope: string, filter: JobsFilter) => [scope, 'jobs', 'list', filter] as const,
  one: (scope: string, jobId: string) => [scope, 'jobs', 'one', jobId] as const,
  versions: (scope: string, jobId: string) => [scope, 'jobs', 'versions', jobId] as const,
  preview: (scope: string, schedule: unknown) => [scope, 'jobs', 'preview', schedule] as const,
  calendars: (scope: string) => [scope, 'calendars', 'list'] as const,
  runs: (scope: string, jobId: string) => [scope, 'runs', 'of-job', jobId] as const,
  durations: (scope: string, jobId: string) => [scope, 'runs', 'durations', jobId] as const,
};

const root = (scope: string) => `/api/v1/${encodeURIComponent(scope)}`;
const jobRoot = (scope: string, jobId: string) => `${root(scope)}/jobs/${encodeURIComponent(jobId)}`;
const abort = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });

export function fetchJobs(
  scope: string,
  filter: JobsFilter,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<JobsPage> {
  const query = queryString({ q: filter.q, state: filter.state, limit: jobsPerPage, cursor });
  return api('GET', `${root(scope)}/jobs${query}`, { schema: jobsPage, ...abort(signal) });
}

export function fetchJob(scope: string, jobId: string, signal?: AbortSignal): Promise<JobView> {
  return api('GET', jobRoot(scope, jobId), { schema: jobView, ...abort(signal) });
}

export function fetchVersions(
  scope: string,
  jobId: string,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<VersionsPage> {
  return api('GET', `${jobRoot(scope, jobId)}/versions${queryString({ limit: 50, cursor })}`, {
    schema: versionsPage,
    ...abort(signal),
  });
}

/** Runs of a job, newest first. */
export function fetchJobRuns(
  scope: string,
  jobId: string,
  limit: number,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<RunsPage> {
  return api('GET', `${root(scope)}/runs${queryString({ job_id: jobId, limit, cursor })}`, {
    schema: runsPage,
    ...abort(signal),
  });
}

/** The fields that decide when a job comes due. */
export type SchedulePart = Pick<
  JobDefinition,
  | 'cron_expr'
  | 'interval_seconds'
  | 'candle'
  | 'session'
  | 'time_zone'
  | 'calendar'
  | 'on_closed'
  | 'window'
  | 'reschedule_mode'
  | 'mode'
>;

const serviceReadMs = 10_000;

/** While a service runs it is read anew now and then: one that falls silent tells nobody. */
export function readAgain(jobs: readonly JobView[] | undefined): number | false {
  return jobs?.some((job) => job.open_runs.some((run) => run.service !== null)) === true
    ? serviceReadMs
    : false;
}

/** The calendars a job of the scope can be on. */
export function fetchCalendars(scope: string, signal?: AbortSignal) {
  return api('GET', `${root(scope)}/calendars`, {
    schema: z.object({ calendars: z.array(calendarView) }),
    ...abort(signal),
  });
}

/** The tasks a job can name; `engine` changes make it stale, as plug-ins come and go with the workers. */
export function tasksQuery() {
  return queryOptions({
    queryKey: ['instance', 'engine', 'tasks'] as const,
    queryFn: ({ signal }) =>
      api('GET', '/api/v1/instance/tasks', { schema: z.object({ tasks: z.array(taskView) }), signal }),
  });
}

/** The next fires of a schedule that need not be saved. @throws ApiProblem 400 naming the field. */
export function fetchPreview(scope: string, schedule: SchedulePart, count: number, signal?: AbortSignal) {
  return api('POST', `${root(scope)}/preview`, {
    schema: previewView,
    body: { ...schedule, count },
    ...abort(signal),
  });
}

/** The next fires of a job as it is saved. */
export function fetchJobPreview(scope: string, jobId: string, count: number, signal?: AbortSignal) {
  return api('GET', `${jobRoot(scope, jobId)}/preview${queryString({ count })}`, {
    schema: previewView,
    ...abort(signal),
  });
}

export type Params = JobDefinition['params'];

/** Writes on jobs. Every POST carries a key, so that a repeated request does nothing twice. */
/** What a run by hand may differ in. */
export type RunNow = z.input<typeof runNowRequest>;

export const jobCalls = {
  create: (scope: string, body: unknown, key: string) =>
    api('POST', `${root(scope)}/jobs`, { schema: jobView, body, idempotencyKey: key }),
  edit: (scope: string, jobId: string, body: unknown) =>
    api('PATCH', jobRoot(scope, jobId), { schema: jobView, body }),
  remove: (scope: string, jobId: string) => api('DELETE', jobRoot(scope, jobId)),
  pause: (scope: string, jobId: string) =>
    api('POST', `${jobRoot(scope, jobId)}/pause`, { schema: jobView, idempotencyKey: crypto.randomUUID() }),
  resume: (scope: string, jobId: string) =>
    api('POST', `${jobRoot(scope, jobId)}/resume`, { schema: jobView, idempotencyKey: crypto.randomUUID() }),
  runNow: (scope: string, jobId: string, how: RunNow, key: string) =>
    api('POST', `${jobRoot(scope, jobId)}/run-now`, {
      schema: runView,
      body: how,
      idempotencyKey: key,
    }),
  restore: (scope: string, jobId: string, version: number) =>
    api('POST', `${jobRoot(scope, jobId)}/versions/${version}/restore`, {
      schema: jobView,
      idempotencyKey: crypto.randomUUID(),
    }),
};

/** Addresses of the pages about a job. */
export const jobHref = {
  list: (scope: string) => `/${scope}/jobs`,
  create: (scope: string) => `/${scope}/jobs/new`,
  one: (scope: string, jobId: string) => `/${scope}/jobs/${jobId}`,
  edit: (scope: string, jobId: string) => `/${scope}/jobs/${jobId}/edit`,
  run: (scope: string, runId: string) => `/${scope}/runs/${runId}`,
};
