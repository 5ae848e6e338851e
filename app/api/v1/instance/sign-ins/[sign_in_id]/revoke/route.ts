import { z } from 'zod';
import { route } from '#app/_server/api/route.ts';
import { revokeSignIn } from '#db/access/sign-ins.ts';

export const POST = route({
  id: 'revokeSignIn',
  summary: 'End a sign-in',
  description: "One's own; another's needs `users.manage`.",
  tag: 'Access',
  permission: 'signed-in',
  scope: false,
  params: z.object({ sign_in_id: z.string().max(200) }),
  response: { status: 200, schema: z.object({ sign_in_id: z.string() }) },
  handler: ({ params, perform }) => perform(revokeSignIn, params),
});
