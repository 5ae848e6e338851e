import { StopError } from './stop-error.mjs';

/** Refuses settings that cannot be used before anything is started on them. Needs Node 24. @throws StopError. */
export async function checkSettings(env) {
  const { ConfigError, readConfig } = await import('../../config.ts');
  try {
    readConfig(env);
  } catch (error) {
    throw error instanceof ConfigError ? new StopError(error.message) : error;
  }
}
