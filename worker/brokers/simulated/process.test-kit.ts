import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('server.main.ts', import.meta.url));

export interface SimulatedProcess extends AsyncDisposable {
  /** What its client is given. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<void>;
}

/**
 * A simulated broker in a process of its own on a test database.
 * @param port 0 for any; after a kill the old one, so that clients find it again.
 */
export async function startSimulatedBroker(
  databaseUrl: string,
  scope = 'mock',
  port = 0,
): Promise<SimulatedProcess> {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, DATABASE_URL: databaseUrl, SIMULATED_SCOPE: scope, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit').then(() => undefined);
  const bound = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /ready on (\d+)/.exec(text);
      if (match !== null) resolve(Number(match[1]));
    });
    void exited.then(() => reject(new Error(`the simulated broker ended before it was ready: ${text}`)));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The simulated broker has no pid.');
  const lives = () => child.exitCode === null && child.signalCode === null;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    pid,
    exited,
    signal: (signal) => void (lives() && process.kill(pid, signal)),
    async [Symbol.asyncDispose]() {
      if (lives()) {
        process.kill(pid, 'SIGCONT');
        process.kill(pid, 'SIGKILL');
      }
      await exited;
    },
  };
}
