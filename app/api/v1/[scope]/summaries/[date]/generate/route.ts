import { summaryDayView } from '#domain/performance/view.ts';
import { generateSummary } from '#db/performance/generate.ts';
import { route } from '#app/_server/api/route.ts';
import { datePath } from '#app/_server/api/schemas.ts';

export const POST = route({
  id: 'generateSummary',
  summary: "Make a day's summaries, or make them again",
  description:
    'From the ledger, the marks of the day and the prices kept for its close: the same again, but for entries that were booked since. 409 `day_not_begun` or `nothing_to_settle`.',
  tag: 'Performance',
  permission: 'traders.control',
  scope: true,
  params: datePath,
  response: { status: 200, schema: summaryDayView },
  handler: ({ params, perform }) => perform(generateSummary, params),
});
