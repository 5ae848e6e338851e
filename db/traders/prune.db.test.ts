import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { testDatabase } from '#db/testing/database.ts';
import { pruneScans, scanDays } from './prune.ts';

test('scans go after their days, the younger ones stay', async () => {
  await using database = await testDatabase();
  const { db } = database;
  await db.execute(sql`
    insert into scans (scope, trader, at, trading_day, looked, passed, candidates, took_ms, recorded_at)
    select 'mock', 't', now(), current_date, 1, '{}', '[]', 1, now() - make_interval(days => day)
    from generate_series(${scanDays + 3}::int, 0, -1) as day`);
  expect(await pruneScans(db)).toBe(4);
  expect(await pruneScans(db)).toBe(0);
  const [left] = await db.execute<{ count: string }>(sql`select count(*) from scans`);
  expect(Number(left?.count)).toBe(scanDays);
});
