import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { StopError } from './stop-error.mjs';

const name = 'bellkeeper-pg';
const env = { PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`, LANG: 'C' };

/**
 * Whom PostgreSQL runs as: it refuses root, and `nobody` would share its files with every other service. Root gets a
 * system user of its own (initdb wants one with a name); anybody else runs it as themselves.
 * @param {string} data the data folder; one that an ordinary user made keeps its owner.
 * @returns {{ uid: number, gid: number } | null} null: as this process.
 */
export function postgresUser(data) {
  if (process.getuid?.() !== 0) return null;
  if (existsSync(data)) {
    const { uid, gid } = statSync(data);
    if (uid !== 0) return { uid, gid };
  }
  return lookUp() ?? create();
}

function lookUp() {
  const uid = idOf('-u');
  const gid = idOf('-g');
  return uid === null || gid === null ? null : { uid, gid };
}

function idOf(flag) {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8', env });
  return answer.status === 0 ? Number(answer.stdout.trim()) : null;
}

function create() {
  const attempts = [
    [
      'useradd',
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      name,
    ],
    ['adduser', '-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin', name],
  ];
  const said = [];
  for (const [program, ...args] of attempts) {
    const answer = spawnSync(program, args, { encoding: 'utf8', env });
    const user = lookUp();
    if (user !== null) return user;
    said.push(`${program}: ${(answer.stderr || answer.error?.message || 'failed').trim()}`);
  }
  throw new StopError(
    [
      `PostgreSQL does not run as root, and the system user ${name} for it could not be made:`,
      ...said.map((line) => `  ${line}`),
      'Run as an ordinary user, or name a PostgreSQL server of yours: DATABASE_URL=postgres://… npm start',
    ].join('\n'),
  );
}

/** Whether that user can enter and write a folder. Asked of the system: mode bits alone do not tell (ACLs, mounts). */
export function canWrite(user, folder) {
  const answer = spawnSync('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], {
    ...user,
    cwd: '/',
    env,
    stdio: 'ignore',
  });
  return answer.status === 0;
}

/** Whether that user can run a program with all the libraries it needs. */
export function canRun(user, program) {
  const answer = spawnSync(program, ['--version'], { ...user, cwd: '/', env, stdio: 'ignore' });
  return answer.status === 0;
}
