import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { ensureHome } from '../../bin/lib/paths.mjs';
import { destroyServer, startServer, stopServer } from '../../bin/lib/postgres.mjs';

export interface BenchServer extends AsyncDisposable {
  readonly version: string;
  /** A new, empty database; gone with the server's disposal. */
  database(): Promise<string>;
  /** Kills the server as a power cut would, and starts it again; null for a server that is not ours. */
  readonly restart: (() => Promise<void>) | null;
}

/**
 * The server to measure on: that of BENCH_DATABASE_URL (a superuser's URL; needs `track_commit_timestamp = on`), or one
 * of our own with default durability, deleted afterwards.
 */
export async function benchServer(): Promise<BenchServer> {
  const given = process.env['BENCH_DATABASE_URL'];
  const own = given === undefined || given === '' ? await ownServer() : null;
  const adminUrl = own?.url ?? given ?? '';
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined, idle_timeout: 5 });
  const made: string[] = [];
  const [row] = await admin<{ version: string }[]>`select current_setting('server_version') as version`;
  return {
    version: row?.version ?? '',
    restart: own?.restart ?? null,
    async database() {
      const name = `bellkeeper_bench_${randomBytes(4).toString('hex')}`;
      await admin.unsafe(`create database ${name}`);
      made.push(name);
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      return url.toString();
    },
    async [Symbol.asyncDispose]() {
      if (own === null)
        for (const name of made) await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end({ timeout: 2 });
      await own?.destroy();
    },
  };
}

async function ownServer() {
  const home = ensureHome(mkdtempSync(join(tmpdir(), 'bellkeeper-bench-')));
  const extra = { track_commit_timestamp: 'on' };
  const { urls } = await startServer(home, { extra });
  return {
    url: urls.admin,
    async restart() {
      await stopServer(home, 'immediate');
      await startServer(home, { extra });
    },
    async destroy() {
      await destroyServer(home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
