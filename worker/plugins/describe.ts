import type { FromThread } from './messages.ts';
import { spawnThread } from './spawn.ts';

const describeMs = 15_000;

export type Described =
  | {
      readonly kind: 'task';
      readonly name: string;
      readonly description: string;
      readonly schema: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'refused'; readonly message: string };

/** Loads one plug-in file in a thread that is ended afterwards, and says what it exports. Never throws. */
export async function describeFile(folder: string, file: string): Promise<Described> {
  const thread = spawnThread({ kind: 'describe', folder, file });
  thread.stdout.resume();
  thread.stderr.resume();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Described>((resolve) => {
      const refuse = (message: string) => resolve({ kind: 'refused', message });
      timer = setTimeout(() => refuse(`it did not load within ${describeMs / 1_000} s`), describeMs);
      thread.on('message', (message: FromThread) => {
        if (message.kind === 'described') resolve({ ...message, kind: 'task' });
        else if (message.kind === 'refused') refuse(message.message);
      });
      thread.once('error', (error) => refuse(error instanceof Error ? error.message : String(error)));
      thread.once('exit', (code) => refuse(`loading it ended its thread (exit code ${code})`));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
