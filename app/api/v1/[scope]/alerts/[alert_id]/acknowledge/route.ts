import { z } from 'zod';
import { alertView } from '#domain/alerts/view.ts';
import { acknowledgeAlert } from '#db/alerts/acknowledge.ts';
import { route } from '#app/_server/api/route.ts';

export const POST = route({
  id: 'acknowledgeAlert',
  summary: 'Acknowledge an alert',
  description: 'Says that somebody has seen it. If its cause goes on, a new one is raised.',
  tag: 'Alerts',
  permission: 'orders.control',
  scope: true,
  params: z.object({ alert_id: z.string().regex(/^[1-9]\d{0,14}$/, 'an alert’s number') }),
  response: { status: 200, schema: alertView },
  handler: ({ params, perform }) => perform(acknowledgeAlert, { alert_id: Number(params.alert_id) }),
});
