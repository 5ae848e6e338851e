import { createParser, parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';

const parseAsDay = createParser({
  parse: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null),
  serialize: (day: string) => day,
});

export const views = ['graph', 'table'] as const;
export type GraphViewKind = (typeof views)[number];

/** What the graph's page shows, as its address says it. */
export const graphParsers = {
  /** A trading day; absent: today's. */
  day: parseAsDay,
  /** The job looked at. */
  focus: parseAsString,
  /** Absent: the table on a phone, the graph elsewhere. */
  view: parseAsStringLiteral(views),
  /** Only the jobs around the one looked at. */
  near: parseAsBoolean.withDefault(false),
};

const dayMs = 86_400_000;

/** The date some days away. */
export function dayAway(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}
