import { instanceHealth, type InstanceHealth } from '#domain/engine/view.ts';
import { instanceHealth as readHealth } from '#db/engine/health.ts';
import { route } from '#app/_server/api/route.ts';
import { errorFields, log } from '#app/_server/log.ts';

const answerWithinMs = 3_000;

/** A database that hangs is as good as one that is away: whoever asks must be told in time. */
async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from the database within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

export const GET = route({
  id: 'health',
  summary: 'Health of the instance',
  description:
    'Whether the process is up, the database reachable and a leader seen. 503 without a database. Needs no sign-in.',
  tag: 'Instance',
  permission: 'public',
  scope: false,
  response: { status: 200, schema: instanceHealth },
  async handler({ db }) {
    try {
      return await within(readHealth(db), answerWithinMs);
    } catch (error) {
      log().warn(errorFields(error), 'health: database unreachable');
      const body: InstanceHealth = {
        status: 'critical',
        process: 'up',
        database: 'unreachable',
        leader: 'unknown',
      };
      return Response.json(body, { status: 503, headers: { 'cache-control': 'no-store' } });
    }
  },
});
