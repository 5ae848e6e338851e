import { z } from 'zod';
import { sees } from '#domain/access/access.ts';
import { Problem, invalidField } from '#domain/core/errors.ts';
import { readChanges } from '#db/core/feed.ts';
import { listScopes } from '#db/scopes/queries.ts';
import { route } from '#app/_server/api/route.ts';
import { systemClock } from '#app/_server/live/clock.ts';
import { Inbox } from '#app/_server/live/inbox.ts';
import { liveHub, openStream } from '#app/_server/live/process-hub.ts';
import { eventStream } from '#app/_server/live/sse.ts';
import { liveEvents } from '#app/_server/live/stream.ts';
import { visibleChanges } from '#app/_server/live/visible.ts';

const mostReplayed = 1_000;
const cursorText = z.string().regex(/^\d{1,15}$/, 'a cursor is a number');

function cursorOf(request: Request, given: string | undefined): number | null {
  const last = request.headers.get('last-event-id');
  if (last === null) return given === undefined ? null : Number(given);
  if (!cursorText.safeParse(last).success)
    throw invalidField('last-event-id', 'invalid', 'a cursor is a number');
  return Number(last);
}

export const GET = route({
  id: 'followChanges',
  summary: 'Follow changes',
  description:
    'Server-sent events: `hello` with the cursor, `change` with `{cursor, changes: [{topic, entity, scope}]}` at most every 100 ms, `reset` when changes may have been missed. Ends after 75 s; `Last-Event-ID` (or `cursor`) resumes.',
  tag: 'Live',
  permission: 'signed-in',
  scope: false,
  query: z.object({
    scope: z
      .array(z.string().max(40))
      .max(50)
      .optional()
      .describe('Scopes to follow, and `instance`; all that are visible when left out.'),
    scopes: z.array(z.string().max(40)).max(50).optional().describe('Same as `scope`.'),
    cursor: cursorText.optional().describe("Replays what came after; a snapshot's cursor."),
  }),
  response: { status: 200, schema: null, contentType: 'text/event-stream' },
  async handler({ request, db, actor, query }) {
    const asked = [...(query.scope ?? []), ...(query.scopes ?? [])];
    const hidden = asked.find((name) => name !== 'instance' && !sees(actor, name));
    if (hidden !== undefined)
      throw new Problem('forbidden', 'forbidden', `${actor.name} does not see the scope ${hidden}.`, {
        permission: 'jobs.view',
        scope: hidden,
      });
    const followed = new Set(
      asked.length > 0 ? asked : ['instance', ...(await listScopes(db)).map(({ name }) => name)],
    );
    const last = cursorOf(request, query.cursor);
    const hub = liveHub();
    const current = await hub.start();
    const inbox = new Inbox(last ?? current);
    const { signal, stop } = openStream(request);
    const unsubscribe = hub.subscribe((event) => {
      if (event.kind === 'reset') inbox.reset(event.cursor);
      else inbox.add(visibleChanges(actor, followed, event.items), event.cursor);
    });
    signal.addEventListener('abort', unsubscribe, { once: true });
    if (signal.aborted) unsubscribe();
    try {
      if (last !== null) {
        const missed = await readChanges(db, last, { limit: mostReplayed, overlapSec: 10 });
        if (missed.reset || missed.more) inbox.reset(Math.max(missed.cursor, missed.more ? current : 0));
        else inbox.add(visibleChanges(actor, followed, missed.items), missed.cursor);
      }
    } catch (error) {
      stop();
      throw error;
    }
    return eventStream(liveEvents(inbox, systemClock, signal), stop);
  },
});
