import { z } from 'zod';
import { Problem, type FieldIssue } from '#domain/core/errors.ts';
import { isUnavailable } from '#db/core/availability.ts';
import { errorFields, log } from '../log.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be processed',
  429: 'Too many requests',
  500: 'Server fault',
  503: 'Not available',
};

const params = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
);

/** RFC 9457 as every refusal answers it. */
export const problemSchema = z
  .object({
    type: z.string().describe('`urn:bellkeeper:problem:{code}`.'),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('What is wrong, in English; a bad field is named here.'),
    instance: z.string().describe('`urn:bellkeeper:request:{request id}`, as in the log.'),
    code: z.string().describe('Stable; stands for `detail` in other languages.'),
    params,
    request_id: z.string(),
    issues: z
      .array(
        z.object({
          path: z.string().describe('The field in dots: `cron_expr`, `params.argv.0`.'),
          pointer: z.string().describe('The field as a JSON pointer: `#/params/argv/0`.'),
          code: z.string(),
          message: z.string(),
          params,
        }),
      )
      .describe('Each field that was refused.'),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.output<typeof problemSchema>;

function issueBody(issue: FieldIssue): ProblemBody['issues'][number] {
  const pointer = issue.path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
  return {
    path: issue.path.join('.'),
    pointer: `#${pointer}`,
    code: issue.code,
    message: issue.message,
    params: copyParams(issue.params ?? {}),
  };
}

function copyParams(given: Problem['params']): ProblemBody['params'] {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? [...value] : value,
    ]),
  );
}

/** The error as a problem: ours as it is, an unreachable database as 503, anything else as a bland 500 (logged). */
export function asProblem(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error)) {
    log().warn({ request_id: requestId, ...errorFields(error) }, 'database unavailable');
    return new Problem(
      'unavailable',
      'database_unavailable',
      'The database does not answer just now: try again in a moment.',
    );
  }
  log().error({ request_id: requestId, ...errorFields(error) }, 'request failed');
  return new Problem(
    'fault',
    'server',
    `The server failed. Its log says why under the request id ${requestId}.`,
    { request_id: requestId },
  );
}

/** The body of a problem. */
export function problemBody(problem: Problem, requestId: string): ProblemBody {
  return {
    type: `urn:bellkeeper:problem:${problem.code}`,
    title: titles[problem.status] ?? 'Problem',
    status: problem.status,
    detail: problem.message,
    instance: `urn:bellkeeper:request:${requestId}`,
    code: problem.code,
    params: copyParams(problem.params),
    request_id: requestId,
    issues: problem.issues.map(issueBody),
  };
}

/** Answers any error as `application/problem+json`. */
export function problemResponse(error: unknown, requestId: string): Response {
  const problem = asProblem(error, requestId);
  const headers = new Headers({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  if (problem.status === 401) headers.set('www-authenticate', 'Bearer realm="bellkeeper"');
  const wait = problem.params['retry_after_sec'];
  if (typeof wait === 'number') headers.set('retry-after', String(Math.ceil(wait)));
  else if (problem.status === 503) headers.set('retry-after', '2');
  return new Response(JSON.stringify(problemBody(problem, requestId)), { status: problem.status, headers });
}

/** 400 of a body, query or path that a schema refused; `detail` names each field. */
export function invalid(issues: readonly FieldIssue[]): Problem {
  const detail = issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
  return new Problem('invalid', 'invalid', detail, {}, issues);
}
