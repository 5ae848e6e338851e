import { readConfig } from '#config';
import { errorFields, log } from './log.ts';
import { closeStreams } from './live/process-hub.ts';

/** What the web process does once: it lets go of its streams when told to stop, so that the server can. */
export function onServerStart(): void {
  process.once('SIGTERM', () => void closeStreams());
  process.once('SIGINT', () => void closeStreams());
  process.on('uncaughtException', endBroken);
  const { compat } = readConfig();
  if (compat.length > 0) void startCompatListeners(compat);
}

/** Exit status that says: start me again. */
const brokenExit = 75;

/**
 * A process in which something was thrown past everybody may answer some and hang on others: when PostgreSQL ends a
 * connection in the middle of a transaction, the driver's pool never gives that place back. Next would log it and go on;
 * we end, and are started again.
 */
function endBroken(error: Error): void {
  log().fatal(errorFields(error), 'uncaught exception: ending, to be started again');
  process.exit(brokenExit);
}

/** Loaded only where it is asked for: it brings the routes of jobs along. */
async function startCompatListeners(listeners: ReturnType<typeof readConfig>['compat']): Promise<void> {
  const { startCompat } = await import('./compat/start.ts');
  const { stop } = startCompat(listeners);
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}
