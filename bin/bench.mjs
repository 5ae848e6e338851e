#!/usr/bin/env node
// npm run bench -- …: the measurements are TypeScript in bench, run by Node 24.
import { inRoot } from './lib/paths.mjs';
import { exitCodeOf, isModern, runModern } from './lib/reexec.mjs';
import { report } from './lib/stop-error.mjs';

try {
  if (isModern()) await import('../bench/main.ts');
  else process.exit(exitCodeOf(await runModern(inRoot('bin/bench.mjs'), process.argv.slice(2)).ended));
} catch (error) {
  report(error);
  process.exit(1);
}
