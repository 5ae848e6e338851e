import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { inRoot } from './paths.mjs';

/** Reads the project's `.env`, if there is one, into `env`; what is already set stays. */
export function loadEnv(env = process.env, file = inRoot('.env')) {
  if (!existsSync(file)) return env;
  const parsed = parseEnv(readFileSync(file, 'utf8'));
  for (const [name, value] of Object.entries(parsed)) env[name] ??= value;
  return env;
}
