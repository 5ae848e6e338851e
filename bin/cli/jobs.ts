import { perform } from '#db/core/operation.ts';
import { deleteJob } from '#db/jobs/delete.ts';
import { pauseJob, resumeJob } from '#db/jobs/edit.ts';
import { getJob, type JobFilter, listJobs } from '#db/jobs/queries.ts';
import { runNow } from '#db/runs/run-now.ts';
import type { JobListItem, JobView } from '#domain/jobs/view.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { describeSchedule } from '#domain/time/words.ts';
import { type Command, type CommandContext, UsageError, parseOptions } from './command.ts';
import { exitWith, followRun, stateText } from './follow.ts';
import { columns } from './grants.ts';
import { exportJobs } from './job-export.ts';
import { scopeFor, scopeOption, scopesToRead } from './scope.ts';
import { facts, none, only, paramsOf, reasonText, timeText } from './text.ts';

type Verb = (args: readonly string[], context: CommandContext) => Promise<void>;
const verbs: Readonly<Record<string, Verb>> = {
  list,
  show,
  run,
  pause: enabling(pauseJob, 'paused: nothing fires until it is resumed; open runs go on'),
  resume: enabling(resumeJob, 'resumed'),
  delete: remove,
  export: exportJobs,
};

const states = ['enabled', 'paused', 'running', 'failed'] as const;

export const command: Command = {
  summary: 'Lists, shows, runs, pauses, resumes, deletes and exports jobs.',
  usage: [
    `[list] [--scope SCOPE] [--state ${states.join('|')}] [--search TEXT] [--json]   of all scopes unless one is named`,
    'show JOB --scope SCOPE [--json]',
    'run JOB --scope SCOPE [--params JSON] [--wait] [--json]   with --wait: prints the log, exit code 0 when it succeeded',
    'pause JOB --scope SCOPE [--json]',
    'resume JOB --scope SCOPE [--json]',
    'delete JOB --scope SCOPE [--json]   its runs and versions stay',
    'export --scope SCOPE [JOB …] [--json]   YAML as `import jobs` reads it',
  ],
  async run(args, context) {
    const [verb, ...rest] = args;
    if (verb === undefined || verb.startsWith('-')) return list(args, context);
    const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (act === undefined) throw new UsageError(`jobs has no "${verb}".`);
    await act(rest, context);
  },
};

/** The schedule as a sentence in English. */
function words(job: JobView): string {
  return describeSchedule(scheduleOf({ ...job, schedule_anchor: new Date(job.schedule_anchor) }, null), 'en');
}

function stateOf(job: JobView): string {
  const running = job.open_runs.filter((open) => open.state === 'running').length;
  const paused = job.enabled ? 'enabled' : 'paused';
  if (running > 0) return `${paused}, running`;
  return job.open_runs.length > 0 ? `${paused}, waiting` : paused;
}

function lastOf(job: JobView): string {
  if (job.last_status === null) return '–';
  return job.last_run_at === null
    ? job.last_status
    : `${job.last_status} ${timeText(job.last_run_at, job.time_zone)}`;
}

async function all(context: CommandContext, scope: string, filter: JobFilter): Promise<JobListItem[]> {
  const found: JobListItem[] = [];
  let cursor: string | undefined;
  do {
    const page = await listJobs(context.database(), scope, { ...filter, limit: 200, cursor });
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}

async function list(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOption,
    state: { type: 'string' },
    search: { type: 'string' },
    json: { type: 'boolean' },
  });
  none(positionals);
  const state = states.find((known) => known === values.state);
  if (values.state !== undefined && state === undefined)
    throw new UsageError(`--state ${values.state}: one of ${states.join(', ')}.`);
  const scopes = await scopesToRead(context, values.scope);
  const jobs: JobListItem[] = [];
  for (const scope of scopes) jobs.push(...(await all(context, scope, { state, q: values.search })));
  if (values.json === true) return context.print(JSON.stringify(jobs, null, 2));
  if (jobs.length === 0) {
    const filtered = state !== undefined || values.search !== undefined;
    return context.say(`${filtered ? 'No job matches' : 'There are no jobs'} in ${scopes.join(', ')}.`);
  }
  const rows = jobs.map((job) => [
    job.scope,
    job.job_id,
    stateOf(job),
    words(job),
    timeText(job.next_due_at, job.time_zone),
    lastOf(job),
  ]);
  context.print(columns([['SCOPE', 'JOB', 'STATE', 'SCHEDULE', 'NEXT', 'LAST'], ...rows]));
}

async function show(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, { ...scopeOption, json: { type: 'boolean' } });
  const id = only(positionals, 'job');
  const job = await getJob(context.database(), await scopeFor(context, values.scope), id);
  if (values.json === true) return context.print(JSON.stringify(job, null, 2));
  const optional: [string, string | null][] = [
    ['description', job.description || null],
    ['calendar', job.calendar],
    ['window', job.window],
    ['group', job.resource_group],
    ['last error', job.last_error],
  ];
  context.print(
    facts([
      ['job', `${job.scope}/${job.job_id}, version ${job.version}`],
      ['state', stateOf(job)],
      ['schedule', `${words(job)} (${job.time_zone})`],
      ['next', timeText(job.next_due_at, job.time_zone)],
      ['last', lastOf(job)],
      ...optional.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]])),
      ['task', `${job.task}, queue ${job.queue}`],
      ['params', JSON.stringify(job.params, null, 2)],
      [
        'limits',
        `${job.timeout_sec} s, ${job.retry_limit} retries, ${job.max_parallel} at once (${job.overlap})`,
      ],
      ...job.open_runs.map((open): [string, string] => [
        'open run',
        `${open.run_id} ${open.state}: ${reasonText(open.reason)}`,
      ]),
    ]),
  );
}

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOption,
    params: { type: 'string' },
    wait: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const id = only(positionals, 'job');
  const input = { job_id: id, ...paramsOf(values.params) };
  const scope = await scopeFor(context, values.scope);
  const started = await perform(context.database(), context.actor, runNow, scope, input);
  if (values.wait !== true) {
    context.say(`${scope}/${id}: run ${started.run_id} is ${stateText(started)}`);
    return context.print(values.json === true ? JSON.stringify(started, null, 2) : started.run_id);
  }
  const json = values.json === true;
  const onInterrupt = () => {
    context.say(`Left alone: the run ${started.run_id} goes on. To stop it: runs cancel ${started.run_id}`);
    process.exit(130);
  };
  process.once('SIGINT', onInterrupt);
  context.say(`run ${started.run_id}`);
  const ended = await followRun(context, scope, started.run_id, {
    moved: (now) => context.say(`${now.state}: ${reasonText(now.reason)}`),
    line: ({ line, stream }) => (json || stream !== 'stdout' ? context.say : context.print)(line),
  });
  process.off('SIGINT', onInterrupt);
  if (json) context.print(JSON.stringify(ended, null, 2));
  exitWith(ended);
}

function enabling(operation: typeof pauseJob, done: string): Verb {
  return async (args, context) => {
    const { values, positionals } = parseOptions(args, { ...scopeOption, json: { type: 'boolean' } });
    const id = only(positionals, 'job');
    const scope = await scopeFor(context, values.scope);
    const job = await perform(context.database(), context.actor, operation, scope, { job_id: id });
    if (values.json === true) return context.print(JSON.stringify(job, null, 2));
    context.say(`${scope}/${id} ${done}; next: ${timeText(job.next_due_at, job.time_zone)}.`);
  };
}

async function remove(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, { ...scopeOption, json: { type: 'boolean' } });
  const id = only(positionals, 'job');
  const scope = await scopeFor(context, values.scope);
  const deleted = await perform(context.database(), context.actor, deleteJob, scope, { job_id: id });
  if (values.json === true) return context.print(JSON.stringify(deleted, null, 2));
  context.say(`${scope}/${id} is deleted; its runs and versions stay.`);
}
