import { z } from 'zod';
import { invalidField } from '#domain/core/errors.ts';
import { instantText } from '#domain/jobs/view.ts';
import { calendarId } from '#domain/time/calendar/definition.ts';
import { timelineDaysMax, timelineRunsMax, timelineView } from '#domain/timeline/view.ts';
import { timeline } from '#db/timeline/queries.ts';
import { route } from '#app/_server/api/route.ts';

export const GET = route({
  id: 'getTimeline',
  summary: 'Runs and planned fires of a range of time',
  description: `Jobs, the runs that touch the range (the newest ${timelineRunsMax}), what the schedules bring, and the sessions of a calendar; at most ${timelineDaysMax} days.`,
  tag: 'Runs',
  permission: 'runs.view',
  scope: true,
  query: z.object({
    from: instantText,
    to: instantText,
    calendar: calendarId.default('XKRX').describe('Whose sessions are answered.'),
  }),
  response: { status: 200, schema: timelineView },
  async handler({ db, scope, query }) {
    const [from, to] = [new Date(query.from), new Date(query.to)];
    const length = to.getTime() - from.getTime();
    if (length <= 0 || length > timelineDaysMax * 86_400_000)
      throw invalidField('to', 'timeline_range', `later than \`from\`, by at most ${timelineDaysMax} days`, {
        max: timelineDaysMax,
      });
    return timeline(db, scope, { from, to, calendar: query.calendar });
  },
});
