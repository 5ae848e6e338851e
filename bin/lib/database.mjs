import { existsSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import { runningServer } from './postgres.mjs';
import { secretsOf, urlsAt } from './secrets.mjs';
import { StopError } from './stop-error.mjs';

const logins = ['owner', 'web', 'worker'];

/**
 * Brings a server of ours to: database `bellkeeper` owned by `bellkeeper_owner` (which migrates), and the logins
 * `bellkeeper_web` and `bellkeeper_worker`, which own nothing. Rights on tables are given by the migrations.
 */
export async function prepareDatabase(adminUrl, secrets) {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    const have = new Set((await sql`select rolname from pg_roles`).map((row) => row.rolname));
    for (const login of logins) {
      const verb = have.has(`bellkeeper_${login}`) ? 'alter' : 'create';
      // The passwords are base64url of our own making: no quote can be in them.
      await sql.unsafe(
        `${verb} role bellkeeper_${login} login nosuperuser nocreatedb nocreaterole password '${secrets[login]}'`,
      );
    }
    await sql.unsafe('grant pg_signal_backend to bellkeeper_worker');
    const [database] = await sql`select 1 from pg_database where datname = 'bellkeeper'`;
    if (database === undefined) await sql.unsafe('create database bellkeeper owner bellkeeper_owner');
    await sql.unsafe('revoke all on database bellkeeper from public');
    await sql.unsafe('grant connect, temporary on database bellkeeper to bellkeeper_web, bellkeeper_worker');
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/**
 * Connection URLs for the children: those of the environment, else those of the embedded server that runs for this
 * data folder. One DATABASE_URL alone serves every role.
 * @returns {{ DATABASE_URL: string, DATABASE_URL_WEB: string, DATABASE_URL_WORKER: string } | null}
 */
export function databaseUrls(env, home) {
  const { DATABASE_URL, DATABASE_URL_WEB, DATABASE_URL_WORKER } = env;
  if (DATABASE_URL) {
    return {
      DATABASE_URL,
      DATABASE_URL_WEB: DATABASE_URL_WEB || DATABASE_URL,
      DATABASE_URL_WORKER: DATABASE_URL_WORKER || DATABASE_URL,
    };
  }
  if (!existsSync(join(home, 'postgres'))) return null;
  const secrets = secretsOf(home);
  const server = runningServer(home);
  if (secrets === null || server === null) return null;
  const { admin: _admin, ...urls } = urlsAt(secrets, server.port);
  return urls;
}

/** Checks that a server named by DATABASE_URL answers and is new enough; throws what to do otherwise. */
export async function checkServer(url) {
  const shown = shownUrl(url);
  const sql = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => undefined });
  try {
    const [row] =
      await sql`select current_setting('server_version_num')::int as number, current_setting('server_version') as version`;
    if (row.number < 150_000) {
      throw new StopError(
        `The PostgreSQL at ${shown} is ${row.version}; Bellkeeper needs 15 or newer. Without DATABASE_URL, npm start brings its own.`,
      );
    }
  } catch (error) {
    if (error instanceof StopError) throw error;
    throw new StopError(
      `No connection to the PostgreSQL of DATABASE_URL (${shown}): ${reasonOf(error)}\nCheck that it runs and that address, user, password and database are right. Without DATABASE_URL, npm start brings its own.`,
    );
  } finally {
    await sql.end({ timeout: 2 });
  }
}

function reasonOf(error) {
  const first = error.errors?.[0] ?? error;
  return first.message || first.code || String(error);
}

/** A URL without its password. */
function shownUrl(text) {
  try {
    const url = new URL(text);
    return `${url.username ? `${url.username}@` : ''}${url.host}${url.pathname}`;
  } catch {
    throw new StopError('DATABASE_URL is not a URL: expected postgres://user:password@host:5432/database');
  }
}
