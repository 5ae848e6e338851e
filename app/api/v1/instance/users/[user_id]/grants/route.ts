import { z } from 'zod';
import { setGrantsRequest } from '#domain/access/requests.ts';
import { userView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { setGrants } from '#db/access/users.ts';

export const PUT = route({
  id: 'setUserGrants',
  summary: 'Replace what a user may do',
  description:
    'The owner, and the last administrator, stay administrators. Nobody gives more than they hold.',
  tag: 'Access',
  permission: 'users.manage',
  scope: false,
  params: z.object({ user_id: z.string().max(200) }),
  body: setGrantsRequest,
  response: { status: 200, schema: userView },
  handler: ({ params, body, perform }) => perform(setGrants, { ...params, ...body }),
});
