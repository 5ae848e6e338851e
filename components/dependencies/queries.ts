import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { edge, type Edge } from '#domain/dependencies/edge.ts';
import { graphView } from '#domain/dependencies/view.ts';
import { api, queryString } from '#components/query/api.ts';

const path = (scope: string) => `/api/v1/${encodeURIComponent(scope)}/graph`;

/** @param day a trading day; null is today's, whichever that is. */
export const graphKey = (scope: string, day: string | null) => [scope, 'dependencies', 'graph', day] as const;

/** The scope's graph on a trading day. */
export function graphQuery(scope: string, day: string | null) {
  return queryOptions({
    queryKey: graphKey(scope, day),
    queryFn: ({ signal }) =>
      api('GET', `${path(scope)}${queryString({ trading_day: day })}`, { schema: graphView, signal }),
  });
}

const saved = z.object({ version: z.number().int(), edges: z.array(edge) });

/** @throws ApiProblem 400 for a cycle (with its path) or an unknown job, 409 for a stale version. */
export function saveGraph(scope: string, edges: readonly Edge[], version: number) {
  return api('PUT', path(scope), { schema: saved, body: { edges, version } });
}

/** The graph's page, looking at one job. */
export const graphHref = (scope: string, focus: string | null = null) =>
  `/${scope}/graph${queryString({ focus })}`;
