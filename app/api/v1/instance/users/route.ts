import { createUserRequest } from '#domain/access/requests.ts';
import { userView } from '#domain/access/view.ts';
import { route } from '#app/_server/api/route.ts';
import { pageQuery, pageSchema } from '#app/_server/auth-page.ts';
import { listUsers } from '#db/access/queries.ts';
import { createUser } from '#db/access/users.ts';

export const GET = route({
  id: 'listUsers',
  summary: 'Users by address, the disabled too',
  tag: 'Access',
  permission: 'users.manage',
  scope: false,
  query: pageQuery,
  response: { status: 200, schema: pageSchema(userView) },
  handler: ({ db, query }) => listUsers(db, query),
});

export const POST = route({
  id: 'createUser',
  summary: 'Add a user',
  tag: 'Access',
  permission: 'users.manage',
  scope: false,
  rawBody: createUserRequest,
  response: { status: 201, schema: userView },
  handler: ({ body, perform }) => perform(createUser, body),
});
