import { summaryDayView } from '#domain/performance/view.ts';
import { readSummaryDay } from '#db/performance/summaries.ts';
import { route } from '#app/_server/api/route.ts';
import { datePath } from '#app/_server/api/schemas.ts';

export const GET = route({
  id: 'getSummaryDay',
  summary: 'A trading day in full',
  description:
    'Its summaries of scope, accounts and traders, its closed round trips, and its curve. `summary` is null until the day was settled.',
  tag: 'Performance',
  permission: 'traders.view',
  scope: true,
  params: datePath,
  response: { status: 200, schema: summaryDayView },
  handler: ({ db, scope, params }) => readSummaryDay(db, scope, params.date),
});
