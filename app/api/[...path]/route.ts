import { randomUUID } from 'node:crypto';
import { Problem } from '#domain/core/errors.ts';
import { problemResponse } from '#app/_server/api/problem.ts';

/** Paths nobody serves: a client of the API gets a problem, not the console's page. */
function unknown(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const problem = new Problem(
    'not_found',
    'path_not_found',
    `There is nothing at ${pathname}. /api/docs lists what there is.`,
    { path: pathname },
  );
  return Promise.resolve(problemResponse(problem, randomUUID()));
}

export { unknown as GET, unknown as POST, unknown as PUT, unknown as PATCH, unknown as DELETE };
