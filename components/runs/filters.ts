import { parseAsArrayOf, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import type { inferParserType } from 'nuqs/server';
import { type RunState, type TriggerSource, openStates, triggerSource } from '#domain/runs/run.ts';

/** Quick choices of states; quarantine is one of them. */
export const runTabs = ['all', 'open', 'running', 'failed', 'quarantined'] as const;
export type RunTab = (typeof runTabs)[number];

const statesOfTab: Record<RunTab, readonly RunState[]> = {
  all: [],
  open: openStates,
  running: ['running'],
  failed: ['failed', 'quarantined'],
  quarantined: ['quarantined'],
};

/** The list's whole state, in the URL. `from` and `to` are instants (ISO). */
export const runsParsers = {
  tab: parseAsStringLiteral(runTabs).withDefault('all'),
  job: parseAsString,
  trigger: parseAsArrayOf(parseAsStringLiteral(triggerSource.options)).withDefault([]),
  day: parseAsString,
  from: parseAsString,
  to: parseAsString,
};
export type RunsUrl = inferParserType<typeof runsParsers>;

/** Filters of the API without those not set; a value that is no date or instant is passed over. */
export interface ApiFilter extends Readonly<Record<string, string | readonly string[]>> {}

function instant(text: string | null): Record<'at', string> | null {
  const at = text === null ? NaN : Date.parse(text);
  return Number.isNaN(at) ? null : { at: new Date(at).toISOString() };
}

export function apiFilter(url: RunsUrl): ApiFilter {
  const states = statesOfTab[url.tab];
  const from = instant(url.from);
  const to = instant(url.to);
  return {
    ...(states.length === 0 ? {} : { state: states }),
    ...(url.job === null || url.job === '' ? {} : { job_id: url.job }),
    ...(url.trigger.length === 0 ? {} : { trigger_source: url.trigger satisfies TriggerSource[] }),
    ...(url.day !== null && /^\d{4}-\d{2}-\d{2}$/.test(url.day) ? { trading_day: url.day } : {}),
    ...(from === null ? {} : { from: from.at }),
    ...(to === null ? {} : { to: to.at }),
  };
}

/** Whether anything is filtered at all: an empty list then says so. */
export function isFiltered(url: RunsUrl): boolean {
  return Object.keys(apiFilter(url)).length > 0;
}
