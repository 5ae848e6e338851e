import { createKeyRequest } from '#domain/access/requests.ts';
import { createdKey, keyView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { pageQuery, pageSchema } from '#app/_server/auth-page.ts';
import { createKey } from '#db/access/keys.ts';
import { listKeys } from '#db/access/queries.ts';
import { perform } from '#db/core/operation.ts';

export const GET = route({
  id: 'listKeys',
  summary: 'API keys by name, the ended too',
  tag: 'Access',
  permission: 'keys.manage',
  scope: false,
  query: pageQuery,
  response: { status: 200, schema: pageSchema(keyView) },
  handler: ({ db, query }) => listKeys(db, query),
});

export const POST = route({
  id: 'createKey',
  summary: 'Make an API key',
  description:
    'The answer is the only place the key is shown. An `Idempotency-Key` is ignored here: the answer is not kept.',
  tag: 'Access',
  permission: 'keys.manage',
  scope: false,
  rawBody: createKeyRequest,
  response: { status: 201, schema: createdKey },
  // A stored answer would hold the key in clear, so this POST is not remembered.
  handler: ({ db, actor, body, requestId }) => perform(db, actor, createKey, null, body, { requestId }),
});
