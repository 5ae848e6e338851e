import { z } from 'zod';
import { perform } from '#db/core/operation.ts';
import { cancelRun, discardRun, rerunRun } from '#db/runs/control.ts';
import { getRun, listRuns, readLogs } from '#db/runs/queries.ts';
import { notFound } from '#domain/core/errors.ts';
import { runState } from '#domain/runs/run.ts';
import type { LogLine, RunDetail, RunView } from '#domain/runs/view.ts';
import { formatDuration } from '#domain/time/duration.ts';
import { formatInZone } from '#domain/time/zone.ts';
import { type Command, type CommandContext, UsageError, parseOptions } from './command.ts';
import { exitWith, followRun, stateText } from './follow.ts';
import { columns } from './grants.ts';
import { scopeOption, scopesToRead } from './scope.ts';
import { countOf, facts, none, only, paramsOf, reasonText, timeText } from './text.ts';

type Verb = (args: readonly string[], context: CommandContext) => Promise<void>;
const verbs: Readonly<Record<string, Verb>> = {
  list,
  show,
  logs,
  cancel: controlling(cancelRun),
  rerun,
  discard: controlling(discardRun),
};

export const command: Command = {
  summary: 'Lists, shows, cancels, reruns and discards runs, and prints their logs.',
  usage: [
    `[list] [--scope SCOPE] [--job JOB] [--state ${runState.options.join('|')},…] [--day YYYY-MM-DD] [--limit 50] [--json]   newest first`,
    'show RUN [--json]   with its attempts and every move',
    'logs RUN [--follow] [--tail N] [--search TEXT] [--times] [--json]   --follow: until it ends, exit code 0 when it succeeded',
    'cancel RUN [--json]',
    'rerun RUN [--params JSON] [--wait] [--json]',
    'discard RUN [--json]   gives up a quarantined run',
  ],
  async run(args, context) {
    const [verb, ...rest] = args;
    if (verb === undefined || verb.startsWith('-')) return list(args, context);
    const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (act === undefined) throw new UsageError(`runs has no "${verb}".`);
    await act(rest, context);
  },
};

function statesOf(text: string | undefined): RunView['state'][] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .map((name) => {
      const parsed = runState.safeParse(name);
      if (!parsed.success) throw new UsageError(`--state ${name}: one of ${runState.options.join(', ')}.`);
      return parsed.data;
    });
}

async function list(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOption,
    job: { type: 'string' },
    state: { type: 'string' },
    day: { type: 'string' },
    limit: { type: 'string' },
    json: { type: 'boolean' },
  });
  none(positionals);
  if (values.day !== undefined && !z.iso.date().safeParse(values.day).success)
    throw new UsageError(`--day ${values.day} is no date, as in 2026-11-20.`);
  const limit = countOf('--limit', values.limit, 50, 200);
  const filter = { job_id: values.job, state: statesOf(values.state), trading_day: values.day, limit };
  const scopes = await scopesToRead(context, values.scope);
  const pages = await Promise.all(scopes.map((scope) => listRuns(context.database(), scope, filter)));
  const runs = pages
    .flatMap(({ items }) => items)
    .sort((a, b) => (a.run_id < b.run_id ? 1 : -1))
    .slice(0, limit);
  const capped =
    pages.some(({ next_cursor: next }) => next !== null) || pages.flatMap((p) => p.items).length > limit;
  if (values.json === true) return context.print(JSON.stringify(runs, null, 2));
  if (runs.length === 0) return context.say(`No run matches in ${scopes.join(', ')}.`);
  context.print(
    columns([
      ['RUN', 'SCOPE', 'JOB', 'STATE', 'DUE', 'TOOK', 'WHY'],
      ...runs.map((run) => [
        run.run_id,
        run.scope,
        run.job_id,
        run.state,
        timeText(run.scheduled_for, context.config.timeZone),
        run.duration_ms === null ? '–' : formatDuration(run.duration_ms, 'en'),
        reasonText(run.reason),
      ]),
    ]),
  );
  if (capped) context.say(`The newest ${limit}; more with --limit or narrower filters.`);
}

/** A run's id is unique in the instance: its scope is looked up. @throws Problem 404. */
async function scopeOf(context: CommandContext, runId: string, given: string | undefined): Promise<string> {
  for (const scope of await scopesToRead(context, given)) {
    const found = await getRun(context.database(), scope, runId).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'Problem') return null;
      throw error;
    });
    if (found !== null) return scope;
  }
  throw notFound('run', runId);
}

async function show(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, { ...scopeOption, json: { type: 'boolean' } });
  const id = only(positionals, 'run');
  const run = await getRun(context.database(), await scopeOf(context, id, values.scope), id);
  context.print(values.json === true ? JSON.stringify(run, null, 2) : runText(run, context.config.timeZone));
}

function runText(run: RunDetail, zone: string): string {
  const took = run.duration_ms === null ? '' : `, took ${formatDuration(run.duration_ms, 'en')}`;
  return [
    facts([
      ['run', run.run_id],
      ['job', `${run.scope}/${run.job_id}, version ${run.job_version}`],
      ['state', stateText(run)],
      [
        'due',
        `${timeText(run.scheduled_for, zone)}, trading day ${run.trading_day}, by ${run.trigger_source}`,
      ],
      ['ran', `${timeText(run.started_at, zone)}${took}`],
      ['task', run.task],
      ['params', JSON.stringify(run.params, null, 2)],
      ...run.attempts.map((attempt): [string, string] => [
        `attempt ${attempt.attempt}`,
        `${attempt.outcome ?? 'open'} on ${attempt.consumer ?? attempt.host}, ${timeText(attempt.started_at, zone)}${attempt.error === null ? '' : `\n${attempt.error}`}`,
      ]),
    ]),
    '',
    columns(
      run.history.map((move) => [
        formatInZone(new Date(move.at), zone, 'millis'),
        move.to,
        move.actor,
        reasonText(move.reason),
      ]),
    ),
  ].join('\n');
}

async function logs(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOption,
    follow: { type: 'boolean', short: 'f' },
    tail: { type: 'string' },
    search: { type: 'string' },
    times: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const id = only(positionals, 'run');
  if (values.follow === true && values.search !== undefined)
    throw new UsageError('--follow and --search do not go together: pipe the output through grep.');
  const scope = await scopeOf(context, id, values.scope);
  const print = ({ at, stream, line, ...rest }: LogLine) => {
    if (values.json === true) return context.print(JSON.stringify({ ...rest, stream, at, line }));
    const time = `${formatInZone(new Date(at), context.config.timeZone, 'millis')} ${stream.padEnd(6)} `;
    context.print(`${values.times === true ? time : ''}${line}`);
  };
  let after = 0;
  const tail = values.tail === undefined ? null : countOf('--tail', values.tail, 100, 5_000);
  if (values.follow !== true || tail !== null) {
    for (let full = true; full;) {
      const page = await readLogs(context.database(), scope, id, {
        after_seq: after,
        search: values.search,
        ...(tail === null ? { limit: 1_000 } : { tail: true, limit: tail }),
      });
      page.items.forEach(print);
      after = page.next_seq;
      full = tail === null && page.items.length === 1_000;
    }
  }
  if (values.follow !== true) return;
  const ended = await followRun(context, scope, id, { after, line: print });
  context.say(stateText(ended));
  exitWith(ended);
}

function controlling(operation: typeof cancelRun): Verb {
  return async (args, context) => {
    const { values, positionals } = parseOptions(args, { ...scopeOption, json: { type: 'boolean' } });
    const id = only(positionals, 'run');
    const scope = await scopeOf(context, id, values.scope);
    const run = await perform(context.database(), context.actor, operation, scope, { run_id: id });
    if (values.json === true) return context.print(JSON.stringify(run, null, 2));
    const asked = run.cancel_requested_at !== null && run.state === 'running';
    context.say(`${scope}/${run.job_id}: ${asked ? 'running: asked to stop' : stateText(run)}`);
  };
}

async function rerun(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    ...scopeOption,
    params: { type: 'string' },
    wait: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const id = only(positionals, 'run');
  const input = { run_id: id, ...paramsOf(values.params) };
  const scope = await scopeOf(context, id, values.scope);
  // The earlier attempts' lines stay in the run's log: only what comes after them is followed.
  const { next_seq: after } = await readLogs(context.database(), scope, id, { tail: true, limit: 1 });
  const again = await perform(context.database(), context.actor, rerunRun, scope, input);
  const json = values.json === true;
  if (values.wait !== true) {
    if (json) return context.print(JSON.stringify(again, null, 2));
    return context.say(`${scope}/${again.job_id}: ${stateText(again)}`);
  }
  const ended = await followRun(context, scope, id, {
    after,
    moved: (now) => context.say(stateText(now)),
    line: ({ line, stream }) => (json || stream !== 'stdout' ? context.say : context.print)(line),
  });
  if (json) context.print(JSON.stringify(ended, null, 2));
  exitWith(ended);
}
