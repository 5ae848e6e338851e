import { parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import { traderPhases } from '#domain/traders/view.ts';

export const traderLayouts = ['cards', 'list'] as const;

/** The page's whole state, in the URL. */
export const tradersParsers = {
  q: parseAsString.withDefault(''),
  phase: parseAsStringLiteral(traderPhases),
  strategy: parseAsString,
  account: parseAsString,
  view: parseAsStringLiteral(traderLayouts).withDefault('cards'),
};
export type TradersUrl = inferParserType<typeof tradersParsers>;
