import type { TaskContext } from '#worker/tasks/task.ts';

/** Lines kept of one tick. */
export const linesOfTick = 50;

type Write = TaskContext['log'];

export interface TickLog {
  readonly log: Write;
  /** Says how the tick ended, where that is worth a line. @param error null: it succeeded. */
  end(error: string | null, failingBefore: number): Promise<void>;
}

/**
 * The log of one tick. A tick that succeeds and prints nothing leaves no line, so that a day of ticks stays readable.
 * @param quiet keeps what the tick says to itself unless it fails: of tasks that always say something.
 */
export function tickLog(write: Write, number: number, quiet: boolean): TickLog {
  const held: Parameters<Write>[] = [];
  let shown = false;
  let count = 0;

  async function show(): Promise<void> {
    if (shown) return;
    shown = true;
    await write('system', `tick ${number}`);
    for (const line of held) await write(...line);
  }

  return {
    async log(stream, line) {
      count += 1;
      if (count > linesOfTick) return;
      if (!shown && !quiet && stream !== 'system') await show();
      if (shown) await write(stream, line);
      else held.push([stream, line]);
    },
    async end(error, failingBefore) {
      const failed = error !== null;
      if (failed && held.length > 0) await show();
      if (shown && count > linesOfTick)
        await write('system', `… ${count - linesOfTick} more lines of tick ${number}`);
      if (failed) await write('system', `tick ${number} failed: ${error}`);
      else if (failingBefore > 0)
        await write('system', `tick ${number} succeeded, after ${failingBefore} that failed`);
    },
  };
}
