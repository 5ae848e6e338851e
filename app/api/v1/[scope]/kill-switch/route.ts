import { controlsView, switchInput } from '#domain/accounts/control.ts';
import { switches } from '#db/accounts/control-queries.ts';
import { setKillSwitch } from '#db/accounts/kill-switch.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'getKillSwitch',
  summary: 'Read the kill switch',
  description:
    'The switch of the scope, those of accounts and traders that are not simply running, and what they are over.',
  tag: 'Kill switch',
  permission: 'orders.view',
  scope: true,
  response: { status: 200, schema: controlsView },
  handler: ({ db, scope }) => switches(db, scope),
});

export const POST = route({
  id: 'setKillSwitch',
  summary: 'Throw the kill switch',
  description:
    'After the answer nothing new goes out that it forbids. `stop_entries`: nothing is opened, positions are still managed. `stop`: nothing but cancels is sent. `flatten`: entries are cancelled and everything is sold. `resume`: as before. In a real scope `flatten` and `resume` ask for a reason, the scope’s name and a person’s password.',
  tag: 'Kill switch',
  permission: 'kill_switch.set',
  scope: true,
  rawBody: switchInput,
  example: { action: 'stop_entries', reason: 'Quotes look wrong.' },
  response: { status: 200, schema: controlsView },
  handler: ({ body, perform }) => perform(setKillSwitch, body),
});
