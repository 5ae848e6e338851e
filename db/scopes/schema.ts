import { sql } from 'drizzle-orm';
import { check, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from '#db/core/schema.ts';

export const scopes = pgTable(
  'scopes',
  {
    name: text().primaryKey(),
    kind: text({ enum: ['real', 'mock', 'rehearsal'] }).notNull(),
    /** First key of the scope's advisory locks. */
    number: integer().notNull().unique(),
    clockKind: text('clock_kind', { enum: ['wall', 'simulated'] })
      .notNull()
      .default('wall'),
    /** The simulated time; null for wall clocks. */
    clockAt: instant('clock_at'),
    /** New at every edit of a calendar or an exception, so that what was read before can be told from it. */
    calendarsToken: uuid('calendars_token').defaultRandom().notNull(),
    /** Rises with every edit of an edge between its jobs. */
    graphVersion: integer('graph_version').notNull().default(1),
    /** What became of the desk template that first start offers. */
    template: text({ enum: ['offered', 'installed', 'dismissed'] })
      .notNull()
      .default('offered'),
    createdAt: instant('created_at').defaultNow().notNull(),
  },
  (table) => [
    check('scopes_kind', sql`${table.kind} in ('real', 'mock', 'rehearsal')`),
    check('scopes_clock', sql`(${table.clockKind} = 'wall') = (${table.clockAt} is null)`),
  ],
);
