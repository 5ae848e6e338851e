import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { registration } from '#domain/jobs/definition.ts';
import { perform } from '#db/core/operation.ts';
import { advanceDependencies } from '#db/engine/dependencies.ts';
import { fireDue } from '#db/engine/fire.ts';
import { tick } from '#db/engine/tick.ts';
import { claimRun } from '#db/external/claim.ts';
import { completeRun, failRun } from '#db/external/end.ts';
import { createJob } from '#db/jobs/create.ts';
import { listRuns } from '#db/runs/queries.ts';
import type { TestDatabase } from './database.ts';

const system = { kind: 'system', id: 'test', name: 'test' } as const;
const scope = 'mock';

/** A desk of external jobs under a clock that stands where it is put: its leader's passes and consumers are called by hand. */
export function desk({ db }: TestDatabase) {
  async function epoch(): Promise<number> {
    const [row] = await db.execute<{ epoch: string }>(sql`select epoch from leadership`);
    return Number(row?.epoch);
  }
  /** What the leader does at this instant. */
  async function pass(): Promise<void> {
    const current = await epoch();
    while ((await fireDue(db, current)).fired > 0);
    await advanceDependencies(db, current);
    await tick(db, current);
    await advanceDependencies(db, current);
  }
  const runsOf = async (job_id: string, day?: string) =>
    (await listRuns(db, scope, { job_id, limit: 200, ...(day === undefined ? {} : { trading_day: day }) }))
      .items;
  return {
    pass,
    runsOf,
    /** The newest run of a job. */
    async last(job_id: string) {
      const [run] = await runsOf(job_id);
      if (run === undefined) throw new Error(`${job_id} has no run`);
      return run;
    },
    /** Puts the scope's clock, in Seoul's wall time (`2026-11-20 08:30`), and lets the leader pass. */
    async at(text: string): Promise<void> {
      await db.execute(
        sql`update scopes set clock_kind = 'simulated', clock_at = (${text}::timestamp at time zone 'Asia/Seoul') where name = ${scope}`,
      );
      await pass();
    },
    create: (body: { job_id: string } & Partial<z.input<typeof registration>>) =>
      perform(db, system, createJob, scope, {
        task: 'external',
        queue: `${scope}.jobs.${body.job_id}`,
        retry_limit: 0,
        ...body,
      }),
    /** A consumer takes the job's next run, if there is one to take. */
    take: (job_id: string) => perform(db, system, claimRun, scope, { queue: `${scope}.jobs.${job_id}` }),
    /** A consumer takes the next run and ends it. */
    async end(job_id: string, how: 'succeeds' | 'fails'): Promise<string> {
      const message = await this.take(job_id);
      if (message === null) throw new Error(`${job_id} has nothing to take`);
      const held = { run_id: message.run_id, attempt_token: message.attempt_token };
      if (how === 'succeeds') await perform(db, system, completeRun, scope, held);
      else await perform(db, system, failRun, scope, { ...held, error: 'broken' });
      await pass();
      return message.run_id;
    },
  };
}
