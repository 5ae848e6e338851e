import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { controlsView } from '#domain/accounts/control.ts';
import { type AlertView, alertView } from '#domain/alerts/view.ts';
import { type DeskView, deskView } from '#domain/desk/view.ts';
import { traderCounts, traderView } from '#domain/traders/view.ts';
import { api } from '#components/query/api.ts';
import { pacedReader } from '#components/query/paced.ts';

const path = (scope: string, rest: string) => `/api/v1/${encodeURIComponent(scope)}/${rest}`;
/** Prices tell nobody when they move. */
const priceMs = 5_000;

export const deskKey = (scope: string) => [scope, 'desk', 'today'] as const;
const readDesk = pacedReader<DeskView>(1_000);

/** Session, positions, profit and loss, and what went wrong. */
export function deskQuery(scope: string) {
  const queryKey = deskKey(scope);
  return queryOptions({
    queryKey,
    queryFn: ({ client }) =>
      readDesk(client, queryKey, () => api('GET', path(scope, 'desk'), { schema: deskView })),
    refetchInterval: priceMs,
  });
}

const tradersPage = z.object({ items: z.array(traderView), counts: traderCounts });
export type DeskTraders = z.output<typeof tradersPage>;
/** Traders shown on the desk at most; more are on their own page. */
export const tradersOnDesk = 200;

export const deskTradersKey = (scope: string) => [scope, 'traders', 'desk'] as const;
const readTraders = pacedReader<DeskTraders>(1_000);

export function deskTradersQuery(scope: string) {
  const queryKey = deskTradersKey(scope);
  return queryOptions({
    queryKey,
    queryFn: ({ client }) =>
      readTraders(client, queryKey, () =>
        api('GET', path(scope, `traders?limit=${tradersOnDesk}`), { schema: tradersPage }),
      ),
    refetchInterval: priceMs,
  });
}

const alertsPage = z.object({ items: z.array(alertView), next_cursor: z.string().nullable() });

/** What nobody has acknowledged, newest first. */
export function openAlertsQuery(scope: string) {
  return queryOptions({
    queryKey: [scope, 'alerts', 'open'],
    queryFn: ({ signal }) =>
      api('GET', path(scope, 'alerts?state=open&limit=50'), { schema: alertsPage, signal }),
  });
}

/** The kill switches that are not simply running. */
export function switchesQuery(scope: string) {
  return queryOptions({
    queryKey: [scope, 'controls', 'desk'],
    queryFn: ({ signal }) => api('GET', path(scope, 'kill-switch'), { schema: controlsView, signal }),
  });
}

/** @throws ApiProblem. */
export function acknowledge(scope: string, id: number): Promise<AlertView> {
  return api('POST', path(scope, `alerts/${id}/acknowledge`), {
    schema: alertView,
    idempotencyKey: crypto.randomUUID(),
  });
}
