import { systemClock } from './clock.ts';
import type { FeedEvent } from './hub.ts';
import { liveHub, openStream } from './process-hub.ts';

/** Looks at least this often: a room may become free in ways that ring no bell. */
const backstopMs = 1_000;
/** Between two looks, however often it rings. */
const gapMs = 100;

function concerns(event: FeedEvent, topic: string, scope: string): boolean {
  return (
    event.kind === 'reset' || event.items.some((change) => change.topic === topic && change.scope === scope)
  );
}

/**
 * Looks at once, and again when something of the topic changes in the scope, until there is an answer.
 * @returns null when the time is over, the caller has gone or the process stops.
 * @throws Problem 503 while the process holds too many that wait.
 */
export async function longPoll<Answer>(
  request: Request,
  { topic, scope, waitMs }: { topic: string; scope: string; waitMs: number },
  look: () => Promise<Answer | null>,
): Promise<Answer | null> {
  const until = systemClock.now() + waitMs;
  const first = request.signal.aborted ? null : await look();
  if (first !== null || waitMs === 0) return first;
  const { signal, stop } = openStream(request);
  const hub = liveHub();
  await hub.start();
  let bell = new AbortController();
  const unsubscribe = hub.subscribe((event) => {
    if (concerns(event, topic, scope)) bell.abort();
  });
  try {
    while (!signal.aborted) {
      bell = new AbortController();
      const answer = await look();
      const left = until - systemClock.now();
      if (answer !== null || left <= 0) return answer;
      await systemClock.wait(Math.min(gapMs, left), signal);
      await systemClock.wait(
        Math.min(backstopMs, until - systemClock.now()),
        AbortSignal.any([signal, bell.signal]),
      );
    }
    return null;
  } finally {
    unsubscribe();
    stop();
  }
}
