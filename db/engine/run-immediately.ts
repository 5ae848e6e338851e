import { and, eq, inArray, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { calendarsOf, tradingDayOf } from '#db/calendars/load.ts';
import { wake, writeChanges } from '#db/core/changes.ts';
import type { Database } from '#db/core/client.ts';
import { firstState, gatedJobs } from '#db/dependencies/edges.ts';
import type { JobRow } from '#db/jobs/rows.ts';
import { jobs } from '#db/jobs/schema.ts';
import { insertRuns } from '#db/runs/move.ts';
import { newRunId, type RunRow } from '#db/runs/rows.ts';
import { runOfJob } from '#db/runs/run-now.ts';
import type { runs } from '#db/runs/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

function firstRun(
  job: JobRow,
  at: Date,
  key: string,
  calendar: Parameters<typeof tradingDayOf>[0],
  gated: boolean,
): typeof runs.$inferInsert {
  return {
    ...runOfJob(job),
    id: newRunId(at),
    dedupeKey: `manual:start:${key}`,
    triggerSource: 'scheduler',
    ...firstState(gated),
    reason:
      job.task === 'external'
        ? { code: 'no_consumer', params: { queue: job.queue } }
        : { code: 'due', params: {} },
    tradingDay: tradingDayOf(calendar, at, job.timeZone),
    scheduledFor: at,
    queuedAt: at,
  };
}

/**
 * Starts each enabled scheduled job of these scopes once, for `SCHEDULER_RUN_IMMEDIATELY`; never in a scope of kind `real`.
 * @param key makes it once: the same key starts nothing twice.
 */
export async function runScopesNow(db: Database, names: readonly string[], key: string): Promise<number> {
  return db.transaction(async (tx) => {
    const found = await tx
      .select({ job: jobs, now: sql<string>`scope_now(${jobs.scope})` })
      .from(jobs)
      .innerJoin(scopes, eq(scopes.name, jobs.scope))
      .where(
        and(
          inArray(jobs.scope, [...names]),
          ne(scopes.kind, 'real'),
          eq(jobs.enabled, true),
          isNull(jobs.deletedAt),
          or(
            isNotNull(jobs.cronExpr),
            isNotNull(jobs.intervalSeconds),
            isNotNull(jobs.candle),
            isNotNull(jobs.session),
          ),
          eq(jobs.rescheduleMode, 'scheduler'),
          // A service that should run is due by itself.
          eq(jobs.mode, 'runs'),
        ),
      );
    const calendars = await calendarsOf(
      tx,
      found.map(({ job }) => job),
    );
    const gated = await gatedJobs(
      tx,
      found.map(({ job }) => job),
    );
    const started: RunRow[] = [];
    for (const scope of new Set(found.map(({ job }) => job.scope))) {
      const mine = found.filter(({ job }) => job.scope === scope);
      const at = new Date(mine[0]?.now ?? Number.NaN);
      started.push(
        ...(await insertRuns(
          tx,
          { actor: 'system:start', at },
          mine.map(({ job }) =>
            firstRun(job, at, key, calendars.get(scope)?.find(job.calendar) ?? null, gated.has(job.id)),
          ),
        )),
      );
    }
    await writeChanges(
      tx,
      started.map((run) => ({ topic: 'runs', entity: run.id, scope: run.scope })),
    );
    if (started.length > 0) await wake(tx);
    return started.length;
  });
}
