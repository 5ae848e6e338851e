import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { testServerUrl, urlOf } from '#db/testing/database.ts';
import { migrate, migrationState } from './migrate.ts';

const name = `bellkeeper_test_${randomBytes(6).toString('hex')}`;
let admin: postgres.Sql;
beforeAll(async () => {
  admin = postgres(testServerUrl(), { max: 1, onnotice: () => undefined });
  await admin.unsafe(`create database ${name}`);
});
afterAll(async () => {
  await admin.unsafe(`drop database if exists ${name} with (force)`);
  await admin.end();
});

const journal = z.object({
  entries: z.array(z.object({ idx: z.number(), when: z.number(), tag: z.string() })),
});

test('three starts at once migrate an empty database once', async () => {
  await Promise.all([
    migrate(urlOf(name)),
    migrate(urlOf(name)),
    migrate(urlOf(name), { defaultTimeZone: 'America/New_York' }),
  ]);
  const client = postgres(urlOf(name), { max: 1 });
  try {
    const state = await migrationState(client);
    expect(state.applied).toBe(state.known);
    const [row] = await client`select default_time_zone from instance`;
    expect(row).toEqual({ default_time_zone: 'America/New_York' });
    const scopes = await client`select name, number from scopes order by number`;
    expect([...scopes]).toEqual([
      { name: 'real', number: 1 },
      { name: 'mock', number: 2 },
    ]);
  } finally {
    await client.end();
  }
});

test('the journal rises: the migrator skips what is older than the newest applied', async () => {
  const text = await readFile(new URL('../migrations/meta/_journal.json', import.meta.url), 'utf8');
  const { entries } = journal.parse(JSON.parse(text));
  for (const [index, entry] of entries.entries()) {
    expect(entry.idx).toBe(index);
    if (index > 0) expect(entry.when).toBeGreaterThan(entries[index - 1]?.when ?? 0);
  }
});

test('the worker may ring and the web process may not change the audit', async () => {
  const client = postgres(urlOf(name), { max: 1, onnotice: () => undefined });
  try {
    await client
      .begin(async (tx) => {
        for (const role of ['bellkeeper_web', 'bellkeeper_worker']) {
          const [known] = await tx`select 1 from pg_roles where rolname = ${role}`;
          if (known === undefined) await tx.unsafe(`create role ${role}`);
        }
        const { grantStatements } = await import('./grants.ts');
        for (const statement of grantStatements(new Set(['bellkeeper_web', 'bellkeeper_worker'])))
          await tx.unsafe(statement);
        await tx`set local role bellkeeper_worker`;
        await tx`select graphile_worker.add_job('run:real', '{}'::json, max_attempts => 1)`;
        await tx`set local role bellkeeper_web`;
        await tx`insert into changes (topic, entity, scope) values ('jobs', 'x', 'real')`;
        await expect(tx.savepoint((inner) => inner`update audit set actor_name = 'x'`)).rejects.toThrow(
          /permission denied/,
        );
        await expect(
          tx.savepoint((inner) => inner`select graphile_worker.add_job('run:real')`),
        ).rejects.toThrow(/permission denied/);
        throw new Error('undo');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'undo') throw error;
      });
  } finally {
    await client.end();
  }
});
