import { z } from 'zod';
import { userView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { enableUser } from '#db/access/users.ts';

export const POST = route({
  id: 'enableUser',
  summary: 'Let a disabled user sign in again',
  tag: 'Access',
  permission: 'users.manage',
  scope: false,
  params: z.object({ user_id: z.string().max(200) }),
  response: { status: 200, schema: userView },
  handler: ({ params, perform }) => perform(enableUser, params),
});
