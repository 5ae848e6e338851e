import { queryOptions } from '@tanstack/react-query';
import { type ControlLevel, type SwitchAction, controlsView } from '#domain/accounts/control.ts';
import { api } from '#components/query/api.ts';

const path = (scope: string) => `/api/v1/${encodeURIComponent(scope)}/kill-switch`;

export const controlsKey = (scope: string) => [scope, 'controls'] as const;

/** The switches of a scope. Gateways tell nobody when they fall silent, so they are also read every 5 s. */
export function controlsQuery(scope: string) {
  return queryOptions({
    queryKey: controlsKey(scope),
    queryFn: ({ signal }) => api('GET', path(scope), { schema: controlsView, signal }),
    refetchInterval: 5_000,
  });
}

export interface SwitchTarget {
  readonly level: ControlLevel;
  /** The scope's, account's or trader's id. */
  readonly subject: string;
}

export interface SwitchProof {
  readonly reason: string;
  /** In a real scope, what was typed and the person's password. */
  readonly confirm?: string;
  readonly password?: string;
}

export function throwSwitch(
  scope: string,
  { level, subject }: SwitchTarget,
  action: SwitchAction,
  proof: SwitchProof = { reason: '' },
) {
  return api('POST', path(scope), {
    schema: controlsView,
    body: { level, ...(level === 'scope' ? {} : { subject }), action, ...proof },
    idempotencyKey: crypto.randomUUID(),
  });
}
