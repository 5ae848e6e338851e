import { z } from 'zod';
import { fetchRun, readLogs } from '#db/runs/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { runPath } from '#app/_server/api/schemas.ts';
import { systemClock } from '#app/_server/live/clock.ts';
import { endMark, linesAtOnce, logEvents } from '#app/_server/live/log-stream.ts';
import { openStream } from '#app/_server/live/process-hub.ts';
import { eventStream } from '#app/_server/live/sse.ts';

export const GET = route({
  id: 'followRunLog',
  summary: "Follow a run's log",
  description:
    'Server-sent events: `lines` with a JSON array of lines, `end` when no line will follow. Ends after 75 s; `Last-Event-ID` resumes after that line, and 204 then says that all was read.',
  tag: 'Runs',
  permission: 'runs.view',
  scope: true,
  params: runPath,
  query: z.object({ after_seq: z.number().int().min(0).default(0).describe('Lines after this one.') }),
  response: { status: 200, schema: null, contentType: 'text/event-stream' },
  async handler({ request, db, scope, params, query }) {
    const run = await fetchRun(db, scope, params.run_id);
    const last = request.headers.get('last-event-id') ?? '';
    const after = /^\d{1,15}/.test(last) ? Number.parseInt(last, 10) : query.after_seq;
    const read = (from: number) => readLogs(db, scope, run.id, { after_seq: from, limit: linesAtOnce });
    if (last.endsWith(endMark)) {
      const page = await read(after);
      if (page.ended && page.items.length === 0)
        return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
    }
    const { signal, stop } = openStream(request);
    return eventStream(logEvents(read, after, systemClock, signal), stop);
  },
});
