import { connect } from '#db/core/client.ts';
import { migrate } from '#db/core/migrate.ts';
import { chaos, faultKinds } from '#worker/testing/chaos.ts';
import { benchServer } from './lib/server.ts';

/** Four workers under every fault for so many minutes. @returns whether every promise was kept. */
export async function benchChaos(options: {
  seed: number;
  minutes: number;
  note: (text: string) => void;
}): Promise<boolean> {
  await using server = await benchServer();
  const url = await server.database();
  await migrate(url);
  const db = connect(url, { max: 10, applicationName: 'bellkeeper:bench' });
  try {
    const { restart } = server;
    const report = await chaos({
      url,
      db,
      seed: options.seed,
      seconds: options.minutes * 60,
      workers: 4,
      everyMs: 2_500,
      weights: {
        kill: 3,
        kill_leader: 2,
        pause: 4,
        pause_long: 1,
        cut_liveness: 2,
        cut_connection: 2,
        restart_server: restart === null ? 0 : 0.4,
      },
      note: (kind) => options.note(`${new Date().toISOString()} ${kind}`),
      ...(restart === null ? {} : { restartServer: restart }),
    });
    const { violations, ...rest } = report;
    console.log(JSON.stringify({ kinds: faultKinds, ...rest }, null, 2));
    console.log(
      violations.length === 0 ? 'no violation' : `${violations.length} violations:\n${violations.join('\n')}`,
    );
    return violations.length === 0;
  } finally {
    await db.$client.end({ timeout: 2 });
  }
}
