import { parseAsString } from 'nuqs';

/** The audit list's whole state, in the URL; `from` and `to` are dates in Seoul, both included. */
export const auditParsers = {
  operation: parseAsString,
  type: parseAsString,
  scope: parseAsString,
  entity: parseAsString,
  from: parseAsString,
  to: parseAsString,
};

export type AuditUrl = { readonly [Name in keyof typeof auditParsers]: string | null };

const dayMs = 86_400_000;

/** The first instant of a Seoul date, some days later; undefined for what is no date. Seoul keeps no daylight time. */
function startOf(date: string | null, daysLater = 0): string | undefined {
  if (date === null || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const at = Date.parse(`${date}T00:00:00+09:00`);
  return Number.isNaN(at) ? undefined : new Date(at + daysLater * dayMs).toISOString();
}

/** The API's filter. */
export function auditQuery(url: AuditUrl): Readonly<Record<string, string | undefined>> {
  return {
    operation: url.operation ?? undefined,
    entity_type: url.type ?? undefined,
    scope: url.scope ?? undefined,
    entity_id: url.entity ?? undefined,
    from: startOf(url.from),
    to: startOf(url.to, 1),
  };
}
