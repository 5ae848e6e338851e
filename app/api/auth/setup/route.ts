import { readConfig } from '#config';
import { setupRequest } from '#domain/access/requests.ts';
import { userView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { requireOwnOrigin } from '#app/_server/auth-origin.ts';
import { signIn } from '#app/_server/auth-sign-in.ts';
import { completeSetup, setupActor } from '#db/access/setup.ts';
import { perform } from '#db/core/operation.ts';

export const POST = route({
  id: 'completeSetup',
  summary: 'Create the owner with a set-up link, once',
  tag: 'Access',
  permission: 'public',
  scope: false,
  body: setupRequest,
  response: { status: 201, schema: userView },
  async handler({ request, requestId, db, body, headers }) {
    requireOwnOrigin(request, readConfig().origins);
    const owner = await perform(db, setupActor, completeSetup, null, body, { requestId });
    for (const cookie of await signIn(
      request.headers,
      { email: body.email, password: body.password },
      requestId,
    ))
      headers.append('set-cookie', cookie);
    return owner;
  },
});
