import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { command } from './command.mjs';
import { inRoot, installedNode, root } from './paths.mjs';

const marker = inRoot('node_modules/.bellkeeper-install');

/** What the installed packages depend on: the two package files, this platform and this Node's architecture. */
function wanted() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const name of ['package.json', 'package-lock.json']) {
    const file = inRoot(name);
    if (existsSync(file)) hash.update(name === 'package.json' ? dependenciesOf(file) : readFileSync(file));
  }
  return hash.digest('hex');
}

function dependenciesOf(file) {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(file, 'utf8'));
  return JSON.stringify([dependencies, devDependencies, optionalDependencies]);
}

/** Whether node_modules is what the lock file says. */
export function isInstalled() {
  return existsSync(marker) && readFileSync(marker, 'utf8').trim() === wanted() && installedNode() !== null;
}

/**
 * Installs the packages of the lock file. Not `npm ci`: a lock file made on one platform lacks the optional binaries
 * of others, and `npm ci` refuses it there.
 */
export async function install(note, hooks = {}) {
  const count = setInterval(() => note(progressOf()), 1000);
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ];
  try {
    const env = { ...process.env, NODE_ENV: 'development', npm_config_loglevel: 'error' };
    const npm = process.env.npm_execpath;
    await (npm?.endsWith('.js')
      ? command(process.execPath, [npm, ...args], { cwd: root, env, what: 'npm install', ...hooks })
      : command('npm', args, { cwd: root, env, what: 'npm install', ...hooks }));
  } finally {
    clearInterval(count);
  }
  writeFileSync(marker, `${wanted()}\n`);
}

function progressOf() {
  try {
    return `${readdirSync(inRoot('node_modules')).length} packages so far`;
  } catch {
    return 'asking the registry';
  }
}
