import { z } from 'zod';
import { setPasswordRequest } from '#domain/access/requests.ts';
import { route } from '#app/_server/api/route.ts';
import { resetPassword } from '#db/access/passwords.ts';

export const PUT = route({
  id: 'setUserPassword',
  summary: "Set another user's password",
  description: 'Ends all their sign-ins.',
  tag: 'Access',
  permission: 'users.manage',
  scope: false,
  params: z.object({ user_id: z.string().max(200) }),
  body: setPasswordRequest,
  response: { status: 200, schema: z.object({ user_id: z.string(), sign_ins_ended: z.number().int() }) },
  handler: ({ params, body, perform }) => perform(resetPassword, { ...params, ...body }),
});
