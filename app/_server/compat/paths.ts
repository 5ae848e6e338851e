import { Problem, notFound } from '#domain/core/errors.ts';
import * as jobs from '#app/api/v1/[scope]/jobs/route.ts';
import * as job from '#app/api/v1/[scope]/jobs/[job_id]/route.ts';
import * as lastRun from '#app/api/v1/[scope]/jobs/[job_id]/last-run/route.ts';
import * as pause from '#app/api/v1/[scope]/jobs/[job_id]/pause/route.ts';
import * as resume from '#app/api/v1/[scope]/jobs/[job_id]/resume/route.ts';
import * as runNow from '#app/api/v1/[scope]/jobs/[job_id]/run-now/route.ts';
import type { ApiHandler } from '../api/operation.ts';

type Methods = Readonly<Record<string, ApiHandler>>;

/** The plain paths of older schedulers; PATCH is the API's. */
const onOne: Readonly<Record<string, Methods>> = {
  '': { GET: job.GET, PUT: job.PUT, PATCH: job.PATCH, DELETE: job.DELETE },
  '/run-now': { POST: runNow.POST },
  '/pause': { POST: pause.POST },
  '/resume': { POST: resume.POST },
  '/last-run': { POST: lastRun.POST },
};
const onAll: Methods = { GET: jobs.GET, POST: jobs.POST };

export interface Found {
  readonly handler: ApiHandler;
  readonly params: Readonly<Record<string, string>>;
  /** The same under `/api/v1/{scope}`, as the handler knows it. */
  readonly path: string;
}

/** A method that the path does not have: the answer names those it has. */
export class MethodMissing extends Problem {
  readonly allow: string;
  constructor(method: string, allow: string) {
    super('invalid', 'method_not_allowed', `${method} is not served here: ${allow}.`, { method, allow });
    this.allow = allow;
  }
  override get status(): number {
    return 405;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What serves a plain path in a scope. @throws Problem 404, 405. */
export function find(scope: string, method: string, pathname: string): Found {
  const match = /^\/jobs(?:\/([^/]+)(\/[a-z-]+)?)?\/?$/.exec(pathname);
  const [, id, verb = ''] = match ?? [];
  const methods = match === null ? undefined : id === undefined ? onAll : onOne[verb];
  if (methods === undefined) throw notFound('path', pathname);
  const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (handler === undefined) throw new MethodMissing(method, Object.keys(methods).join(', '));
  const prefix = `/api/v1/${scope}/jobs`;
  return id === undefined
    ? { handler, params: { scope }, path: prefix }
    : { handler, params: { scope, job_id: decoded(id) }, path: `${prefix}/${id}${verb}` };
}
