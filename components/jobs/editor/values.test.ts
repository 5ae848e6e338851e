import { describe, expect, it } from 'vitest';
import { jobFields, scheduleKind } from '#domain/jobs/definition.ts';
import type { JobView } from '#domain/jobs/view.ts';
import { checkValues } from '#components/jobs/editor/check.ts';
import {
  blankValues,
  changedFields,
  definitionOf,
  paramsOf,
  valuesOf,
} from '#components/jobs/editor/values.ts';
import type { EditorValues } from '#components/jobs/editor/values.ts';

const at = '2026-11-20T00:00:00.000Z';

function job(fields: Record<string, unknown>): JobView {
  const definition = jobFields.parse({
    task: 'command',
    queue: 'real.jobs.a',
    params: { argv: ['true'] },
    ...fields,
  });
  return {
    ...definition,
    default_params: definition.params,
    job_id: 'a',
    scope: 'real',
    version: 1,
    schedule_kind: scheduleKind(definition),
    schedule_anchor: at,
    next_due_at: null,
    last_run_at: null,
    last_status: null,
    last_error: null,
    depends_on: [],
    triggers: [],
    open_runs: [],
    created_at: at,
    updated_at: at,
  };
}

const jobs = [
  job({ cron_expr: '*/10 * * * *' }),
  job({ cron_expr: '*/5 9-15 * * 1-5', calendar: 'XKRX', window: 'session', on_closed: 'run' }),
  job({ candle: '15m + 60s', window: '09:00-15:00' }),
  job({ session: 'close - 10m', calendar: 'XKRX' }),
  job({
    interval_seconds: 60,
    params: { argv: ['sh', '-c', `echo "it's" 'x'`, ''], env: { A: '1' }, cwd: '/tmp', stdin: 'x\ny' },
  }),
  job({ task: 'http', params: { url: 'http://127.0.0.1/x', method: 'POST', headers: {}, body: { a: [1] } } }),
  job({
    task: 'external',
    params: { deep: { any: [null, 1] } },
    reschedule_mode: 'queue',
    interval_seconds: 5,
    telemetry_label: 'x',
  }),
];

function issuePaths(values: EditorValues, isNew: boolean): string[] {
  const issues = checkValues(values, definitionOf(values, paramsOf(values) ?? {}), isNew);
  return issues.map((issue) => `${issue.path}: ${issue.code}`);
}

describe('the job form', () => {
  it.each(jobs)('changes nothing of a job that is only opened (%#)', (opened) => {
    const values = valuesOf(opened);
    const params = paramsOf(values);
    expect(params).toEqual(expect.objectContaining(opened.task === 'http' ? {} : opened.params));
    expect(changedFields(definitionOf(values, params ?? {}), opened)).toEqual({});
    const edited = definitionOf({ ...values, description: 'new' }, params ?? {});
    expect(changedFields(edited, opened)).toEqual({ description: 'new' });
    expect(issuePaths(values, false)).toEqual([]);
  });

  it('names every field that is missing or wrong', () => {
    expect(issuePaths(blankValues, true)).toEqual([
      'job_id: required',
      'cron_expr: required',
      'params.argv: required',
    ]);
    const values: EditorValues = {
      ...blankValues,
      job_id: 'A b',
      task: 'http',
      cron_expr: '61 8 * * 1-5',
      timeout_sec: 0,
    };
    expect(issuePaths(values, true)).toEqual([
      'job_id: job_id_pattern',
      'cron_expr: cron_out_of_range',
      'timeout_sec: too_small',
      'params.url: url_invalid',
    ]);
  });

  it('does not take a line with an open quote for a command', () => {
    const command = { ...blankValues.command, line: 'echo "a' };
    expect(paramsOf({ ...blankValues, command })).toBeNull();
  });
});
