import {
  chownSync,
  existsSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { freePort } from './ports.mjs';
import { giveTo, locate, makeBase, prepareLog, programsFor } from './postgres-files.mjs';
import { makeSecrets, portFileOf, rememberPort, secretsOf, urlsAt } from './secrets.mjs';
import { postgresUser } from './postgres-user.mjs';
import { startedAt, until } from './processes.mjs';
import { StopError } from './stop-error.mjs';

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  datestyle: 'iso, ymd',
  lc_messages: 'C',
  client_connection_check_interval: '500ms',
  log_line_prefix: '%m [%p] %q%u@%d %a ',
  jit: 'off',
};
const serverEnv = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** What the server wrote about itself in its data folder; null when it does not run. */
function pidFile(data) {
  try {
    const [pid, folder, , port, , , , status] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split(
      '\n',
    );
    return { pid: Math.abs(Number(pid)), folder, port: Number(port), status: (status ?? '').trim() };
  } catch {
    return null;
  }
}

/** Whether the process of a pid file really is the server of this folder; its id may have gone to another since. */
function isServerOf(data, { pid, folder }) {
  if (startedAt(pid) === null || !existsSync(folder) || realpathSync(folder) !== realpathSync(data))
    return false;
  if (process.platform !== 'linux') return true;
  return workingFolder(pid) === realpathSync(data);
}

function workingFolder(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** The running server of a data folder: its process and port; null when there is none. */
export function runningServer(home) {
  const { base } = locate(home);
  const data = join(base, 'data');
  const file = pidFile(data);
  return file !== null && isServerOf(data, file)
    ? { pid: file.pid, port: file.port, status: file.status }
    : null;
}

/**
 * Starts the embedded server of a data folder, or adopts the one a killed start left running. It listens on 127.0.0.1
 * only, at a port that stays the same as long as it is free.
 * @param {string} home
 * @param {{ note?: (text: string) => void, extra?: Record<string, string> }} options `extra`: further settings
 * @returns {Promise<{ pid: number, port: number, adopted: boolean, urls: ReturnType<typeof urlsAt> }>}
 */
export async function startServer(home, { note = () => undefined, extra = {} } = {}) {
  const { base, recorded } = locate(home);
  const secrets = secretsOf(home);
  if (!recorded || !existsSync(join(base, 'data'))) {
    note('making a new database cluster');
    return launch(home, await createCluster(home), extra, false);
  }
  if (secrets === null) {
    throw new StopError(
      `${join(home, 'postgres/secret')} is missing: the passwords of the database in ${base} are in it. Bring it back from a copy of the folder; to start with an empty database, move ${join(home, 'postgres')} away.`,
    );
  }
  const place = placeOf(base);
  const live = await waitForSettled(home, note);
  if (live !== null)
    return { pid: live.pid, port: live.port, adopted: true, urls: urlsAt(secrets, live.port) };
  clearForeignPidFile(place.data);
  checkVersion(place);
  giveTo(place.user, base);
  note('starting');
  return launch(home, place, extra, true);
}

function placeOf(base) {
  const data = join(base, 'data');
  const user = postgresUser(data);
  return { base, data, user, programs: programsFor(user) };
}

async function createCluster(home) {
  const base = makeBase(home);
  const place = placeOf(base);
  const secrets = secretsOf(home) ?? makeSecrets(home);
  const fresh = join(base, 'data.new');
  const passwordFile = join(base, 'password');
  rmSync(fresh, { recursive: true, force: true });
  writeFileSync(passwordFile, `${secrets.postgres}\n`, { mode: 0o600 });
  if (place.user !== null) chownSync(passwordFile, place.user.uid, place.user.gid);
  try {
    // The built-in C.UTF-8 sorts by code point everywhere alike and needs no locale of the machine.
    const collation = [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const options = { ...place.user, cwd: base, env: serverEnv, what: 'Creating the database cluster' };
    await command(join(place.programs, 'bin/initdb'), ['--pgdata', fresh, ...collation, ...access], options);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(fresh, place.data);
  return place;
}

/** A server that is starting or stopping is waited for; null when none runs afterwards. */
async function waitForSettled(home, note) {
  let live = runningServer(home);
  if (live === null) return null;
  if (live.status !== 'ready') note(`waiting for a server that is ${live.status || 'starting'}`);
  const settled = await until(() => {
    live = runningServer(home);
    return live === null || live.status === 'ready';
  }, 60_000);
  if (!settled)
    throw new StopError(
      `PostgreSQL (process ${live.pid}) has been "${live.status}" for a minute; see ${join(home, 'logs/postgres.log')}`,
    );
  return live;
}

/**
 * Removes a pid file whose process id now belongs to something else. One whose process is gone stays: the server
 * itself judges it, with the shared memory that backends of a killed server may still hold.
 */
function clearForeignPidFile(data) {
  const file = pidFile(data);
  if (file === null || startedAt(file.pid) === null) return;
  if (process.platform === 'linux') {
    const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    if (ids.some((id) => workingFolder(id) === realpathSync(data))) return;
  }
  rmSync(join(data, 'postmaster.pid'));
}

function checkVersion({ data, programs }) {
  const have = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  const brings = /(\d+)/.exec(
    readdirSync(join(programs, 'lib'))
      .find((name) => /^libpq\.so\.5\.\d+$/.test(name))
      ?.slice(11) ?? '',
  )?.[1];
  if (brings === undefined || have === brings) return;
  throw new StopError(
    `The database in ${data} is of PostgreSQL ${have}; this version brings ${brings}. Take a backup with the version that made it, and restore it into a new data folder.`,
  );
}

async function launch(home, place, extra, existing) {
  const secrets = secretsOf(home);
  const log = prepareLog(home, place.base, place.user);
  for (let tries = 1; ; tries++) {
    const port = await freePort('127.0.0.1', portFileOf(home));
    writeConfiguration(place, { ...settings, ...extra, port: String(port) });
    try {
      await pgCtl(place, ['start', '-w', '-t', '120', '-l', log]);
    } catch (error) {
      const said = logTail(log);
      const takenMeanwhile = /could not bind|Address already in use/.test(said);
      const stillHeld =
        existing &&
        /pre-existing shared memory|already in use by another|lock file "postmaster.pid"/.test(said);
      if (tries < 4 && (takenMeanwhile || stillHeld)) {
        if (stillHeld) await until(() => runningServer(home) !== null, 3000, 200);
        continue;
      }
      throw new StopError(`PostgreSQL did not start. The end of ${log}:\n${said}\n${error.message}`);
    }
    rememberPort(home, port);
    return { pid: pidFile(place.data).pid, port, adopted: false, urls: urlsAt(secrets, port) };
  }
}

function writeConfiguration({ data, user }, values) {
  const lines = Object.entries(values).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'`);
  const text = [
    '# Written at each start; settings of your own go into local.conf beside this file.',
    ...lines,
    "include_if_exists 'local.conf'",
    '',
  ];
  const file = join(data, 'postgresql.conf');
  writeFileSync(file, text.join('\n'), { mode: 0o600 });
  if (user !== null) chownSync(file, user.uid, user.gid);
}

function pgCtl(place, args) {
  // pg_ctl makes the server leader of a session of its own: signals to our group and our end do not reach it.
  return command(join(place.programs, 'bin/pg_ctl'), ['-D', place.data, ...args], {
    ...place.user,
    cwd: place.base,
    env: serverEnv,
    what: `pg_ctl ${args[0]}`,
  });
}

function logTail(log) {
  try {
    return readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
  } catch {
    return '(no log)';
  }
}

/** Stops the server of a data folder fast: connections end, what is committed is on disk. Nothing when none runs. */
export async function stopServer(home, mode = 'fast') {
  if (!existsSync(join(home, 'postgres')) || runningServer(home) === null) return;
  const place = placeOf(locate(home).base);
  try {
    await pgCtl(place, ['stop', '-m', mode, '-w', '-t', '60']);
  } catch (error) {
    if (runningServer(home) !== null) throw error;
  }
}

/** Stops the server and deletes its data; for throw-away servers of tests. */
export async function destroyServer(home) {
  await stopServer(home, 'immediate');
  rmSync(locate(home).base, { recursive: true, force: true });
  rmSync(join(home, 'postgres'), { recursive: true, force: true });
}
