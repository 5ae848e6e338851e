import { expect, test } from 'vitest';
import { testDatabase } from '#db/testing/database.ts';
import { chaos } from '#worker/testing/chaos.ts';

test('under kills, pauses and cut connections: rooms hold, nothing is lost, doubled, orphaned or left open', async () => {
  await using database = await testDatabase();
  const report = await chaos({
    url: database.url,
    db: database.db,
    seed: 1,
    seconds: 10,
    workers: 4,
    everyMs: 900,
    weights: { kill: 2, kill_leader: 1, pause: 3, cut_liveness: 1, cut_connection: 2 },
  });
  expect(report.violations).toEqual([]);
  expect(report.attempts['lost'] ?? 0).toBeGreaterThan(0);
}, 150_000);
