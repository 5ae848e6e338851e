import { z } from 'zod';
import { readConfig } from '#config';
import { route } from '#app/_server/api/route.ts';
import { requireOwnOrigin } from '#app/_server/auth-origin.ts';
import { signOut } from '#app/_server/auth-sign-in.ts';

export const POST = route({
  id: 'signOut',
  summary: "End this browser's sign-in",
  tag: 'Access',
  permission: 'public',
  scope: false,
  response: { status: 200, schema: z.object({ signed_in: z.literal(false) }) },
  async handler({ request, requestId, headers }) {
    requireOwnOrigin(request, readConfig().origins);
    for (const cookie of await signOut(request.headers, requestId)) headers.append('set-cookie', cookie);
    return { signed_in: false as const };
  },
});
