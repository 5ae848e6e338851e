import { z } from 'zod';
import { accountDefinition } from '#domain/accounts/account.ts';
import { accountView } from '#domain/accounts/view.ts';
import { createAccount } from '#db/accounts/create.ts';
import { listAccounts } from '#db/accounts/queries.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'listAccounts',
  summary: 'List accounts',
  description:
    'Each with its cash by our books and by the broker, the differences found last, who sends for it, and its switch.',
  tag: 'Accounts',
  permission: 'orders.view',
  scope: true,
  response: { status: 200, schema: z.object({ items: z.array(accountView) }) },
  handler: async ({ db, scope }) => ({ items: await listAccounts(db, scope) }),
});

export const POST = route({
  id: 'createAccount',
  summary: 'Create an account',
  description:
    'It belongs to this scope for ever. Nothing is opened before its books were compared with the broker’s.',
  tag: 'Accounts',
  permission: 'settings.manage',
  scope: true,
  rawBody: accountDefinition,
  example: {
    account_id: 'paper',
    name: 'Paper account',
    broker: 'simulated',
    venue: 'KRX',
    calendar: 'XKRX',
    feed: 'simulator:mock',
  },
  response: { status: 201, schema: accountView },
  handler: ({ body, perform }) => perform(createAccount, body),
});
