import { z } from 'zod';
import { readConfig } from '#config';
import { signInRequest } from '#domain/access/requests.ts';
import { requireSetUp } from '#app/_server/actor.ts';
import { route } from '#app/_server/api/route.ts';
import { requireOwnOrigin } from '#app/_server/auth-origin.ts';
import { signIn } from '#app/_server/auth-sign-in.ts';

export const POST = route({
  id: 'signIn',
  summary: 'Sign in with email and password',
  description: 'Sets the cookie of the sign-in. Failed attempts are counted per address and email.',
  tag: 'Access',
  permission: 'public',
  scope: false,
  rawBody: signInRequest,
  response: { status: 200, schema: z.object({ signed_in: z.literal(true) }) },
  async handler({ request, requestId, body, headers }) {
    requireOwnOrigin(request, readConfig().origins);
    await requireSetUp();
    for (const cookie of await signIn(request.headers, body, requestId)) headers.append('set-cookie', cookie);
    return { signed_in: true as const };
  },
});
