import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { type Database, connect } from '#db/core/client.ts';

/** The superuser's URL of the server that tests run on; `npm test` starts one and sets it. */
export function testServerUrl(): string {
  const url = process.env['TEST_DATABASE_URL'];
  if (url === undefined || url === '') {
    throw new Error('TEST_DATABASE_URL is empty: run `npm test -- db`, or name a PostgreSQL superuser URL.');
  }
  return url;
}

export const templateName = 'bellkeeper_test_template';

export function urlOf(database: string): string {
  const url = new URL(testServerUrl());
  url.pathname = `/${database}`;
  return url.toString();
}

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  readonly db: Database;
}

/** A database of its own, cloned from the migrated template; dropped with all its connections when disposed. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `bellkeeper_test_${randomBytes(6).toString('hex')}`;
  const admin = postgres(testServerUrl(), { max: 1, onnotice: () => undefined });
  await admin`select pg_advisory_lock(7726351)`;
  await admin.unsafe(`create database ${name} template ${templateName}`);
  await admin`select pg_advisory_unlock(7726351)`;
  const db = connect(urlOf(name), { max: 10, applicationName: 'bellkeeper:test' });
  return {
    url: urlOf(name),
    db,
    async [Symbol.asyncDispose]() {
      await db.$client.end({ timeout: 2 });
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}
