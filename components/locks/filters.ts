import { parseAsBoolean, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import { symbolState } from '#domain/locks/symbol.ts';

export const lockTabs = ['named', 'symbols', 'keys'] as const;
export type LockTab = (typeof lockTabs)[number];

/** Which symbols are shown: those somebody holds or that wait for somebody, one state, or every one ever held. */
export const symbolFilters = ['taken', ...symbolState.options, 'all'] as const;

/** The page's whole state, in the URL. `q` searches the tab that is open. */
export const locksParsers = {
  tab: parseAsStringLiteral(lockTabs).withDefault('named'),
  q: parseAsString.withDefault(''),
  state: parseAsStringLiteral(symbolFilters).withDefault('taken'),
  duplicates: parseAsBoolean.withDefault(false),
};
export type LocksUrl = inferParserType<typeof locksParsers>;
