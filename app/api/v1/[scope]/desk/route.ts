import { deskView } from '#domain/desk/view.ts';
import { deskView as readDesk } from '#db/desk/queries.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'readDesk',
  summary: 'Read the desk today',
  description:
    "What the desk's page shows beside its traders: the exchange's session, what is held, the day's profit and loss as figures and as a curve, and what needs somebody.",
  tag: 'Traders',
  permission: 'traders.view',
  scope: true,
  response: { status: 200, schema: deskView },
  handler: ({ db, scope }) => readDesk(db, scope),
});
