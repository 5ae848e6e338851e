import { z } from 'zod';
import type { JobDefinition } from '#domain/jobs/definition.ts';
import { jobFields, scheduleKind } from '#domain/jobs/definition.ts';
import type { ScheduleKind } from '#domain/jobs/definition.ts';
import type { JobView } from '#domain/jobs/view.ts';
import { joinLine, splitLine } from '#components/jobs/editor/argv.ts';
import { parseParams } from '#components/jobs/editor/json-params.ts';
import { draftsOfEdges, edgesOfDrafts, type NeighbourDrafts } from '#components/jobs/editor/neighbours.ts';
import { readCommand, readHttp } from '#components/jobs/editor/task-params.ts';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Anchor } from '#domain/time/session-times.ts';
import type { Params, SchedulePart } from '#components/jobs/queries.ts';

export interface Pair {
  readonly name: string;
  readonly value: string;
}
/** Tasks that have a form of their own; the others' parameters are JSON. */
const formTasks = ['command', 'http'] as const;
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';

export interface CommandDraft {
  readonly mode: 'line' | 'list';
  readonly line: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: readonly Pair[];
  readonly stdin: string;
}
export interface HttpDraft {
  readonly method: HttpMethod;
  readonly url: string;
  readonly headers: readonly Pair[];
  readonly body: string;
  readonly expected: string;
}

/** Numbers of the “how” part; null takes the default. */
export const numberFields = [
  'timeout_sec',
  'retry_limit',
  'retry_delay_sec',
  'retry_max_delay_sec',
  'retry_jitter',
  'max_parallel',
  'lock_wait_sec',
  'lock_timeout_sec',
  'misfire_grace_sec',
  'keep_runs',
] as const;
export type NumberField = (typeof numberFields)[number];

/** What the form holds: drafts as typed, so that nothing is lost while it is not valid yet. */
export interface EditorValues extends Record<NumberField, number | null>, NeighbourDrafts {
  readonly job_id: string;
  readonly description: string;
  /** A built-in task, or a plug-in's. */
  readonly task: string;
  readonly queue: string;
  /** `json` edits the parameters as text. */
  readonly params_as: 'form' | 'json';
  readonly json: string;
  readonly command: CommandDraft;
  readonly http: HttpDraft;
  readonly schedule: ScheduleKind;
  readonly cron_expr: string;
  readonly interval_seconds: number | null;
  readonly candle_interval: CandleInterval;
  /** null: none. */
  readonly candle_buffer_sec: number | null;
  readonly session_anchor: Anchor;
  readonly session_offset_min: number | null;
  readonly calendar: string | null;
  readonly on_closed: JobDefinition['on_closed'];
  readonly window_kind: 'none' | 'session' | 'hours';
  readonly window_hours: string;
  readonly time_zone: string;
  readonly enabled: boolean;
  readonly priority: number;
  readonly overlap: JobDefinition['overlap'];
  readonly misfire: JobDefinition['misfire'];
  readonly resource_group: string | null;
  /** Names of locks, as typed. */
  readonly locks: string;
  readonly critical: boolean;
  readonly telemetry_label: string;
}

/** The defaults of every field that has one; shown as placeholders. */
export const fieldDefaults = jobFields.parse({ task: 'command', queue: 'x' });

const blankCommand: CommandDraft = { mode: 'line', line: '', argv: [''], cwd: '', env: [], stdin: '' };
const blankHttp: HttpDraft = { method: 'GET', url: '', headers: [], body: '', expected: '' };

export const blankValues: EditorValues = {
  job_id: '',
  description: '',
  task: 'command',
  queue: '',
  params_as: 'form',
  json: '{}',
  command: blankCommand,
  http: blankHttp,
  schedule: 'cron',
  cron_expr: '',
  interval_seconds: null,
  candle_interval: '1h',
  candle_buffer_sec: 60,
  session_anchor: 'close',
  session_offset_min: -10,
  calendar: null,
  on_closed: 'skip',
  window_kind: 'none',
  window_hours: '',
  time_zone: 'Asia/Seoul',
  enabled: true,
  timeout_sec: null,
  retry_limit: null,
  retry_delay_sec: null,
  retry_max_delay_sec: null,
  retry_jitter: null,
  max_parallel: null,
  lock_wait_sec: null,
  lock_timeout_sec: null,
  misfire_grace_sec: null,
  keep_runs: null,
  priority: fieldDefaults.priority,
  overlap: fieldDefaults.overlap,
  misfire: fieldDefaults.misfire,
  resource_group: null,
  locks: '',
  critical: false,
  telemetry_label: '',
  depends_on: [],
  triggers: [],
};

export function hasForm(task: string): boolean {
  return formTasks.some((name) => name === task);
}

/** Fills the drafts of a task's form from parameters; null when the form cannot show them. */
export function draftsOf(
  task: string,
  params: Params,
): Partial<Pick<EditorValues, 'command' | 'http'>> | null {
  switch (task) {
    case 'command': {
      const command = readCommand(params);
      return command === null
        ? null
        : { command: { ...command, mode: 'line', line: joinLine(command.argv) } };
    }
    case 'http': {
      const http = readHttp(params);
      return http === null ? null : { http };
    }
    default:
      return null;
  }
}

/** A registered job as the form shows it. */
export function valuesOf(job: JobView): EditorValues {
  const drafts = draftsOf(job.task, job.params);
  return {
    ...blankValues,
    ...drafts,
    job_id: job.job_id,
    description: job.description,
    task: job.task,
    queue: job.queue,
    params_as: drafts === null ? 'json' : 'form',
    json: JSON.stringify(job.params, null, 2),
    schedule: scheduleKind(job),
    cron_expr: job.cron_expr ?? '',
    interval_seconds: job.interval_seconds,
    ...(job.candle === null
      ? {}
      : { candle_interval: job.candle.interval, candle_buffer_sec: job.candle.buffer_sec }),
    ...(job.session === null
      ? {}
      : { session_anchor: job.session.anchor, session_offset_min: job.session.offset_min }),
    calendar: job.calendar,
    on_closed: job.on_closed,
    window_kind: job.window === null ? 'none' : job.window === 'session' ? 'session' : 'hours',
    window_hours: job.window === null || job.window === 'session' ? '' : job.window,
    time_zone: job.time_zone,
    enabled: job.enabled,
    timeout_sec: job.timeout_sec,
    retry_limit: job.retry_limit,
    retry_delay_sec: job.retry_delay_sec,
    retry_max_delay_sec: job.retry_max_delay_sec,
    retry_jitter: job.retry_jitter,
    max_parallel: job.max_parallel,
    misfire_grace_sec: job.misfire_grace_sec,
    keep_runs: job.keep_runs,
    priority: job.priority,
    overlap: job.overlap,
    misfire: job.misfire,
    resource_group: job.resource_group,
    locks: job.locks.join(', '),
    critical: job.critical,
    telemetry_label: job.telemetry_label ?? '',
    ...draftsOfEdges(job),
  };
}

/** The words a command draft stands for; null while its line cannot be read. */
export function argvOf(command: CommandDraft): readonly string[] | null {
  if (command.mode === 'list') return command.argv;
  const split = splitLine(command.line);
  return split.ok ? split.argv : null;
}

const record = (pairs: readonly Pair[]) =>
  Object.fromEntries(pairs.filter((pair) => pair.name !== '').map((pair) => [pair.name, pair.value]));
const filled = (pairs: readonly Pair[]) => pairs.some((pair) => pair.name !== '');

/** JSON objects and lists go out as JSON, anything else as the text it is. */
function httpBody(text: string): Params[string] {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return text;
  }
}

/** The parameters the form stands for; null while its JSON or command line cannot be read. */
export function paramsOf(values: EditorValues): Params | null {
  if (values.params_as === 'json' || !hasForm(values.task)) {
    const parsed = parseParams(values.json);
    return parsed.ok ? parsed.value : null;
  }
  if (values.task === 'command') {
    const { command } = values;
    const argv = argvOf(command);
    if (argv === null) return null;
    return {
      argv: [...argv],
      ...(command.cwd === '' ? {} : { cwd: command.cwd }),
      ...(filled(command.env) ? { env: record(command.env) } : {}),
      ...(command.stdin === '' ? {} : { stdin: command.stdin }),
    };
  }
  const { http } = values;
  const expected = http.expected
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(Number);
  return {
    method: http.method,
    url: http.url,
    ...(filled(http.headers) ? { headers: record(http.headers) } : {}),
    ...(http.body === '' ? {} : { body: httpBody(http.body) }),
    ...(expected.length === 0 ? {} : { expected_status: expected }),
  };
}

function windowOf({ window_kind, window_hours, calendar }: EditorValues): string | null {
  if (window_kind === 'hours') return window_hours.trim();
  return window_kind === 'session' && calendar !== null ? 'session' : null;
}

/** The fields that decide when the job comes due. */
export function scheduleOfValues(values: EditorValues): SchedulePart {
  const every = ['interval', 'queue', 'service'].includes(values.schedule);
  return {
    cron_expr: values.schedule === 'cron' ? values.cron_expr.trim() : null,
    interval_seconds: every ? values.interval_seconds : null,
    candle:
      values.schedule === 'candle'
        ? { interval: values.candle_interval, buffer_sec: values.candle_buffer_sec ?? 0 }
        : null,
    session:
      values.schedule === 'session'
        ? { anchor: values.session_anchor, offset_min: values.session_offset_min ?? 0 }
        : null,
    time_zone: values.time_zone,
    calendar: values.calendar,
    on_closed: values.on_closed,
    window: windowOf(values),
    reschedule_mode: values.schedule === 'queue' ? 'queue' : 'scheduler',
    mode: values.schedule === 'service' ? 'service' : 'runs',
  };
}

/** The definition the form stands for, every field named. Without a queue the server names it. */
export function definitionOf(values: EditorValues, params: Params) {
  // The form shows no limit of runs and no locks for a service: it is one, and holds none.
  const service = values.schedule === 'service';
  const numbers = Object.fromEntries(
    numberFields.map((field) => [field, values[field] ?? fieldDefaults[field]]),
  ) as Record<NumberField, number>;
  return {
    description: values.description,
    task: values.task,
    params,
    ...(values.queue.trim() === '' ? {} : { queue: values.queue.trim() }),
    ...scheduleOfValues(values),
    enabled: values.enabled,
    ...numbers,
    ...(service ? { max_parallel: 1 } : {}),
    priority: values.priority,
    overlap: values.overlap,
    misfire: values.misfire,
    resource_group: values.resource_group,
    locks: service ? [] : values.locks.split(/[\s,]+/).filter(Boolean),
    critical: values.critical,
    telemetry_label: values.telemetry_label.trim() === '' ? null : values.telemetry_label.trim(),
    ...edgesOfDrafts(values),
  };
}
export type EditedDefinition = ReturnType<typeof definitionOf>;

/**
 * Of a definition, the fields that the reader changed. It is compared with what the untouched form would say, not with
 * the job: stored parameters come back with their keys in another order and without defaults.
 */
export function changedFields(definition: EditedDefinition, job: JobView): Partial<EditedDefinition> {
  const opened = valuesOf(job);
  const before: Partial<Record<string, unknown>> = definitionOf(opened, paramsOf(opened) ?? {});
  return Object.fromEntries(
    Object.entries(definition).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field]),
    ),
  );
}
