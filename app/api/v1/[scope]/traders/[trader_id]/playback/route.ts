import { z } from 'zod';
import { traderDayView } from '#domain/traders/view.ts';
import { traderDay } from '#db/traders/page-day.ts';
import { route } from '#app/_server/api/route.ts';
import { traderPath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'playbackTrader',
  summary: "Read a trader's day",
  description:
    'Session, transitions, orders and fills of a trading day, and the candles of the symbols it was on: all that a playback needs.',
  tag: 'Traders',
  permission: 'traders.view',
  scope: true,
  params: traderPath,
  query: z.object({
    day: z.iso.date().optional().describe('The newest day on which it did something when left out.'),
  }),
  response: { status: 200, schema: traderDayView },
  handler: ({ db, scope, params, query }) => traderDay(db, scope, params.trader_id, query.day),
});
