import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { ensureHome } from '../../bin/lib/paths.mjs';
import { destroyServer, startServer, stopServer } from '../../bin/lib/postgres.mjs';
import { connect } from '#db/core/client.ts';
import { migrate } from '#db/core/migrate.ts';
import { restartGraceSec } from '#db/engine/reap.ts';
import { chaos } from '#worker/testing/chaos.ts';

test(
  'with PostgreSQL killed and started again under load nothing is lost or doubled, and the grace is kept',
  { timeout: 240_000 },
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'bellkeeper-restart-'));
    ensureHome(home);
    const url = (await startServer(home)).urls.admin;
    await migrate(url);
    const db = connect(url, { max: 10, applicationName: 'bellkeeper:test' });
    try {
      const report = await chaos({
        url,
        db,
        seed: 1,
        seconds: 8,
        workers: 2,
        everyMs: 6_000,
        weights: { restart_server: 1 },
        async restartServer() {
          await stopServer(home, 'immediate');
          await startServer(home);
        },
      });
      expect(report.violations).toEqual([]);
      expect(report.faults['restart_server']).toBeGreaterThan(0);
      const [first] = await db.execute<{ sec: string | null; n: string }>(sql`
        select extract(epoch from min(ended_at) - pg_postmaster_start_time()) as sec, count(*) as n
        from attempts where outcome = 'lost' and ended_at > pg_postmaster_start_time()`);
      expect(Number(first?.n)).toBeGreaterThan(0);
      expect(Number(first?.sec)).toBeGreaterThanOrEqual(restartGraceSec);
    } finally {
      await db.$client.end({ timeout: 1 });
      await destroyServer(home);
      rmSync(home, { recursive: true, force: true });
    }
  },
);
