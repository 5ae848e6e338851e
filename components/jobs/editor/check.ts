import { z } from 'zod';
import type { ProblemIssue } from '#components/query/api.ts';
import { jobId } from '#domain/core/ids.ts';
import type { FieldIssue } from '#domain/core/errors.ts';
import { scheduleIssues, serviceFieldIssues } from '#domain/jobs/schedule-fields.ts';
import { jobFields } from '#domain/jobs/definition.ts';
import { isBuiltinTask, taskParams } from '#domain/jobs/tasks.ts';
import type { EditedDefinition, EditorValues } from '#components/jobs/editor/values.ts';

const definition = z.object({ ...jobFields.shape, queue: jobFields.shape.queue.optional() });
const codeOf = z.object({ code: z.string() });

/** Codes that say more to a person than zod's own. */
function codeFor(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' && (issue.origin === 'array' || issue.origin === 'string'))
    return 'required';
  if (issue.code === 'invalid_format' && issue.format === 'url') return 'url_invalid';
  return issue.code;
}

function issuesUnder(error: z.ZodError, prefix: string): ProblemIssue[] {
  return error.issues.map((issue) => {
    const named = issue.code === 'custom' ? codeOf.safeParse(issue.params) : null;
    return {
      path: [prefix, ...issue.path.map(String)].filter((part) => part !== '').join('.'),
      code: named?.success === true ? named.data.code : codeFor(issue),
      message: issue.message,
      params:
        issue.code === 'custom'
          ? textParams(issue.params)
          : 'minimum' in issue
            ? { minimum: Number(issue.minimum) }
            : 'maximum' in issue
              ? { maximum: Number(issue.maximum) }
              : {},
    };
  });
}

const scalar = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);
function textParams(params: unknown): ProblemIssue['params'] {
  const parsed = scalar.safeParse(params);
  return parsed.success ? parsed.data : {};
}

const required = (path: string): ProblemIssue => ({
  path,
  code: 'required',
  message: 'required',
  params: {},
});

function asProblem({ path, code, message, params = {} }: FieldIssue): ProblemIssue {
  return { path: path.join('.'), code, message, params: textParams(params) };
}

/** What the rules of a job would refuse, found before the server is asked. Paths are the API's. */
export function checkValues(
  values: EditorValues,
  edited: EditedDefinition,
  isNew: boolean,
): readonly ProblemIssue[] {
  const issues: ProblemIssue[] = [];
  if (isNew) {
    const id = jobId.safeParse(values.job_id);
    if (values.job_id === '') issues.push(required('job_id'));
    else if (!id.success)
      issues.push({
        ...required('job_id'),
        code: 'job_id_pattern',
        message: 'lower-case letters, digits, "_" and "-"',
      });
  }
  if (edited.cron_expr === '') issues.push(required('cron_expr'));
  if ((values.schedule === 'interval' || values.schedule === 'queue') && edited.interval_seconds === null)
    issues.push(required('interval_seconds'));
  issues.push(...[...scheduleIssues(edited), ...serviceFieldIssues(edited)].map(asProblem));
  const parsed = definition.safeParse(edited);
  if (!parsed.success) issues.push(...issuesUnder(parsed.error, ''));
  if (isBuiltinTask(edited.task)) {
    const params = taskParams[edited.task].safeParse(edited.params);
    if (!params.success) issues.push(...issuesUnder(params.error, 'params'));
  }
  const seen = new Set<string>();
  return issues.filter(({ path }) => !seen.has(path) && seen.add(path) !== undefined);
}
