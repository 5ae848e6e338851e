import { createParser, parseAsStringLiteral } from 'nuqs/server';
import { jobStates } from '#components/jobs/queries.ts';

const search = createParser({
  parse: (value: string) => value.slice(0, 200),
  serialize: (value: string) => value,
}).withDefault('');

/** The list's filters as they stand in the URL; read alike by the page and the browser. */
export const jobFilters = { q: search, state: parseAsStringLiteral(jobStates) };
