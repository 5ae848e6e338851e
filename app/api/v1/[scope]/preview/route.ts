import { previewRequest, previewView } from '#domain/jobs/view.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import { requireCalendar } from '#db/calendars/load.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { previewOf } from '#app/_server/api/preview.ts';
import { route } from '#app/_server/api/route.ts';

export const POST = route({
  id: 'previewSchedule',
  summary: 'Preview an unsaved schedule',
  description: 'An interval counts from now, as it would if it were saved.',
  tag: 'Jobs',
  permission: 'jobs.view',
  scope: true,
  body: previewRequest,
  example: { cron_expr: '0 9 * * 1-5', time_zone: 'Asia/Seoul', count: 5 },
  response: { status: 200, schema: previewView },
  async handler({ db, scope, body }) {
    const now = await scopeTime(db, scope);
    const from = body.from === undefined ? now : new Date(body.from);
    const calendar = await requireCalendar(db, scope, body.calendar);
    const schedule = scheduleOf({ ...body, schedule_anchor: now }, calendar);
    return previewOf(schedule, calendar, body.time_zone, { from, count: body.count });
  },
});
