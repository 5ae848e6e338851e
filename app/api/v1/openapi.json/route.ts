import { openApiDocument } from '#app/_server/api/openapi.ts';

/** Open to all: it describes the API and holds no data. */
export function GET(): Response {
  return Response.json(openApiDocument(), {
    headers: { 'cache-control': 'public, max-age=60', 'x-content-type-options': 'nosniff' },
  });
}
