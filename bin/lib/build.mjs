import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './command.mjs';
import { inRoot, root } from './paths.mjs';
import { modernNode } from './reexec.mjs';

const sources = [
  'app',
  'components',
  'domain',
  'db',
  'messages',
  'public',
  'config.ts',
  'instrumentation.ts',
  'proxy.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
];
const marker = () => inRoot('.next/bellkeeper-build');

/** A digest of everything that goes into the web build, by content: a fresh checkout has fresh times. */
export function sourceHash(folder = root) {
  const hash = createHash('sha256');
  const add = (path) => {
    const full = join(folder, path);
    if (!existsSync(full)) return;
    if (statSync(full).isDirectory()) {
      for (const name of readdirSync(full).sort()) add(`${path}/${name}`);
    } else if (!/\.test\.tsx?$/.test(path)) {
      hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
    }
  };
  for (const path of sources) add(path);
  return hash.digest('hex');
}

/** Whether `.next` holds the build of these sources. */
export function isBuilt() {
  return (
    existsSync(inRoot('.next/BUILD_ID')) &&
    existsSync(marker()) &&
    readFileSync(marker(), 'utf8') === sourceHash()
  );
}

/** Builds the web part. */
export async function build(note, hooks = {}) {
  const hash = sourceHash();
  await command(modernNode(), [inRoot('node_modules/next/dist/bin/next'), 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', CI: '1' },
    onLine: (line) => note(line.slice(0, 80)),
    what: 'Building the web part',
    ...hooks,
  });
  writeFileSync(marker(), hash);
}
