import { readConfig } from '#config';
import { closeStreams } from './live/process-hub.ts';

/** What the web process does once: it lets go of its streams when told to stop, so that the server can. */
export function onServerStart(): void {
  process.once('SIGTERM', () => void closeStreams());
  process.once('SIGINT', () => void closeStreams());
  const { compat } = readConfig();
  if (compat.length > 0) void startCompatListeners(compat);
}

/** Loaded only where it is asked for: it brings the routes of jobs along. */
async function startCompatListeners(listeners: ReturnType<typeof readConfig>['compat']): Promise<void> {
  const { startCompat } = await import('./compat/start.ts');
  const { stop } = startCompat(listeners);
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
}
