import { z } from 'zod';
import { keyView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { revokeKey } from '#db/access/keys.ts';

export const POST = route({
  id: 'revokeKey',
  summary: 'End an API key at once',
  tag: 'Access',
  permission: 'keys.manage',
  scope: false,
  params: z.object({ key_id: z.string().max(200) }),
  response: { status: 200, schema: keyView },
  handler: ({ params, perform }) => perform(revokeKey, params),
});
