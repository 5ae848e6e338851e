import { statfs } from 'node:fs/promises';
import { type SystemFacts, systemCheck } from '#domain/checks/system-check.ts';
import { taskParams } from '#domain/jobs/tasks.ts';
import { systemFacts } from '#db/checks/facts.ts';
import type { Database } from '#db/core/client.ts';
import { type Task, TaskFailure } from '#worker/tasks/task.ts';

const params = taskParams.system_check;

/** The disk that this process stands on: with the embedded database also the one of the data. */
async function disk(): Promise<SystemFacts['disk']> {
  try {
    const { bavail, bsize, blocks } = await statfs(process.cwd());
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

/** Checks what a desk needs in order to trade, a line in the run's log for each question; fails when one is wrong. */
export function systemCheckTask(db: Database): Task<typeof params> {
  return {
    name: 'system_check',
    params,
    async run(context) {
      const lines = systemCheck({ ...(await systemFacts(db, context.claim.scope)), disk: await disk() });
      for (const { status, check, text } of lines)
        await context.log(status === 'fail' ? 'stderr' : 'stdout', `${status.padEnd(4)}  ${check}: ${text}`);
      const failed = lines.filter(({ status }) => status === 'fail');
      const [first] = failed;
      if (first === undefined) return {};
      const message = `${first.check}: ${first.text}`;
      const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
      // The next run looks again by itself: trying this one over would only repeat the finding.
      throw new TaskFailure(
        message + more,
        { code: 'task_error', params: { message: message + more } },
        { retryable: false },
      );
    },
  };
}
