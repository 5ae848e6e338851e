#!/usr/bin/env node
// One process of Bellkeeper: node bin/run.mjs web | worker | migrate. Runs itself again on Node 24 where needed.
import { fileURLToPath } from 'node:url';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadEnv } from './lib/env.mjs';
import { whenParentGone } from './lib/parent.mjs';
import { homeOf, inRoot, root } from './lib/paths.mjs';
import { portOf } from './lib/ports.mjs';
import { exitCodeOf, isModern, runModern } from './lib/reexec.mjs';
import { checkSettings } from './lib/settings.mjs';
import { StopError, report } from './lib/stop-error.mjs';

const commands = { web, worker, migrate };

async function web() {
  await checkSettings(process.env);
  await connectTo('DATABASE_URL_WEB');
  const secretFile = join(homeOf(process.env), 'secret');
  if (!process.env.BELLKEEPER_SECRET && existsSync(secretFile)) {
    process.env.BELLKEEPER_SECRET = readFileSync(secretFile, 'utf8').trim();
  }
  if (!existsSync(inRoot('.next/BUILD_ID'))) {
    throw new StopError('The web part is not built: run `npm start` once, or `npx next build`.');
  }
  const { nextStart } = await import('next/dist/cli/next-start.js');
  await nextStart({ port: portOf(process.env), hostname: process.env.HOST || '127.0.0.1' }, root);
}

async function worker() {
  await connectTo('DATABASE_URL_WORKER');
  await import('../worker/main.ts');
}

async function migrate() {
  await connectTo('DATABASE_URL');
  await import('../db/core/migrate.main.ts');
}

/** Fills one database variable from the embedded server of the data folder, when the environment names none. */
async function connectTo(variable) {
  if (process.env[variable] || process.env.DATABASE_URL) return;
  const { databaseUrls } = await import('./lib/database.mjs');
  const urls = databaseUrls(process.env, homeOf(process.env));
  if (urls === null) {
    throw new StopError(
      'No database: set DATABASE_URL=postgres://user:password@host/database, or keep `npm start` running, which brings its own.',
    );
  }
  process.env[variable] = urls[variable];
}

async function main() {
  const [name] = process.argv.slice(2);
  if (!Object.hasOwn(commands, name ?? '')) {
    throw new StopError(`Usage: node bin/run.mjs ${Object.keys(commands).join(' | ')}`);
  }
  loadEnv();
  process.env.NODE_ENV ||= 'production';
  process.chdir(root);
  if (!isModern()) {
    process.exit(exitCodeOf(await runModern(fileURLToPath(import.meta.url), process.argv.slice(2)).ended));
  }
  // The parent's end is an order to stop; half a minute and a bit is for runs that finish.
  whenParentGone(() => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), name === 'worker' ? 35_000 : 6_000).unref();
  });
  await commands[name]();
}

main().catch((error) => {
  report(error);
  process.exit(1);
});
