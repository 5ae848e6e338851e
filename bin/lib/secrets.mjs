import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a file only its owner can read, complete or not at all. Root leaves it to the folder's owner. */
export function writePrivate(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text, { mode: 0o600 });
  if (process.getuid?.() === 0) {
    const { uid, gid } = statSync(dirname(file));
    chownSync(fresh, uid, gid);
  }
  renameSync(fresh, file);
}

export const password = () => randomBytes(24).toString('base64url');

/** Passwords of the server's logins: `postgres` (superuser), owner, web, worker. */
export function secretsOf(home) {
  const file = join(home, 'postgres/secret');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** Makes the passwords of a new cluster. */
export function makeSecrets(home) {
  const secrets = { postgres: password(), owner: password(), web: password(), worker: password() };
  writePrivate(join(home, 'postgres/secret'), `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

/** The port the server had last; 0 for none. */
export function portFileOf(home) {
  const file = join(home, 'postgres/port');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
}

export function rememberPort(home, port) {
  writePrivate(join(home, 'postgres/port'), `${port}\n`);
}

/** Connection URLs of a server of ours at `port`. `admin` is the superuser on the maintenance database. */
export function urlsAt(secrets, port) {
  const url = (user, pass, database) => `postgres://${user}:${pass}@127.0.0.1:${port}/${database}`;
  return {
    admin: url('postgres', secrets.postgres, 'postgres'),
    DATABASE_URL: url('bellkeeper_owner', secrets.owner, 'bellkeeper'),
    DATABASE_URL_WEB: url('bellkeeper_web', secrets.web, 'bellkeeper'),
    DATABASE_URL_WORKER: url('bellkeeper_worker', secrets.worker, 'bellkeeper'),
  };
}
