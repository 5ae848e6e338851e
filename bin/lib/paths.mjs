import { existsSync, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** A path inside the project. */
export function inRoot(...parts) {
  return resolve(root, ...parts);
}

/** The data folder: `BELLKEEPER_HOME`, relative to the project's folder; `.bellkeeper` by default. */
export function homeOf(env) {
  return resolve(root, env.BELLKEEPER_HOME || '.bellkeeper');
}

/** Creates the data folder. Root's is passable, so that PostgreSQL's own user reaches its part; secrets in it are 0600. */
export function ensureHome(home) {
  if (!existsSync(home)) mkdirSync(home, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  mkdirSync(resolve(home, 'logs'), { recursive: true });
  return home;
}

/** The Node 24 that npm installed; null before the first install. */
export function installedNode() {
  const path = inRoot('node_modules/node/bin/node');
  return existsSync(path) ? path : null;
}
