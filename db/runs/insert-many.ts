import { getTableColumns, sql } from 'drizzle-orm';
import { z } from 'zod';
import { runId } from '#domain/core/ids.ts';
import type { Queryable } from '#db/core/client.ts';
import type { Mover } from './move.ts';
import { runs } from './schema.ts';

type NewRun = typeof runs.$inferInsert;

const columns = getTableColumns(runs);
const written = z.object({ id: runId, job: z.coerce.number() });

const isColumn = (key: string): key is keyof typeof columns => Object.hasOwn(columns, key);

/** The columns that some row names; a row that leaves one out has null there. */
function namedColumns(values: readonly NewRun[]): (keyof typeof columns)[] {
  const named = new Set(values.flatMap((value) => Object.keys(value)));
  return [...named].filter(isColumn);
}

/**
 * Writes many new runs that no earlier run of the same job and key stands for, with their first history rows, in one
 * statement whatever their number: a thousand fires of one second must not wait for their own paperwork.
 * @returns the runs that were written, by id and job.
 */
export async function insertManyRuns(
  tx: Queryable,
  mover: Mover,
  values: readonly NewRun[],
): Promise<z.output<typeof written>[]> {
  if (values.length === 0) return [];
  const named = namedColumns(values);
  const list = sql.join(
    named.map((key) => sql.identifier(columns[key].name)),
    sql`, `,
  );
  const types = sql.join(
    named.map((key) => sql`${sql.identifier(columns[key].name)} ${sql.raw(columns[key].getSQLType())}`),
    sql`, `,
  );
  const rows = JSON.stringify(
    values.map((value) => Object.fromEntries(named.map((key) => [columns[key].name, value[key]]))),
  );
  const inserted = await tx.execute(sql`
    with inserted as (
      insert into runs (${list}) select ${list} from json_to_recordset(${rows}::json) as v(${types})
      on conflict (job, dedupe_key) do nothing returning id, job, scope, state, reason),
    recorded as (
      insert into run_history (run_id, scope, from_state, to_state, reason, actor, attempt, at)
      select id, scope, null, state, reason, ${mover.actor}, 0, ${mover.at.toISOString()}::timestamptz from inserted)
    select id, job from inserted`);
  return z.array(written).parse([...inserted]);
}
