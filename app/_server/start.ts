import { closeStreams } from './live/process-hub.ts';

/** What the web process does once: it lets go of its streams when told to stop, so that the server can. */
export function onServerStart(): void {
  process.once('SIGTERM', () => void closeStreams());
  process.once('SIGINT', () => void closeStreams());
}
