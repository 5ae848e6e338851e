import { bigint, boolean, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { jobs } from '#db/jobs/schema.ts';
import { scopes } from '#db/scopes/schema.ts';

/** Edges between jobs of one scope; the graph has no cycle. */
export const jobEdges = pgTable(
  'job_edges',
  {
    scope: text()
      .notNull()
      .references(() => scopes.name, { onDelete: 'cascade' }),
    upstream: bigint({ mode: 'number' })
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    downstream: bigint({ mode: 'number' })
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    kind: text({ enum: ['gate', 'trigger', 'both'] }).notNull(),
    on: text('on_end', { enum: ['success', 'any'] }).notNull(),
    satisfiedBy: text('satisfied_by', { enum: ['latest', 'any', 'all'] }).notNull(),
    each: boolean().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.upstream, table.downstream] }),
    index('job_edges_downstream').on(table.downstream),
    index('job_edges_scope').on(table.scope),
  ],
);
