#!/usr/bin/env node
// npm run cli -- …: the commands are TypeScript in bin/cli, run by Node 24.
import { inRoot } from './lib/paths.mjs';
import { exitCodeOf, isModern, runModern } from './lib/reexec.mjs';
import { report } from './lib/stop-error.mjs';

try {
  if (isModern()) await import('./cli/main.ts');
  else process.exit(exitCodeOf(await runModern(inRoot('bin/cli.mjs'), process.argv.slice(2)).ended));
} catch (error) {
  report(error);
  process.exit(1);
}
