import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { engineView, resourceGroupView } from '#domain/engine/view.ts';
import type { EngineView } from '#domain/engine/view.ts';
import { api } from '#components/query/api.ts';

export const engineKey = ['instance', 'engine'] as const;
export type EngineProcess = EngineView['processes'][number];
export type EngineScope = EngineView['scopes'][number];
export type Room = EngineScope['resource_groups'][number];

/** Heartbeats tell nobody that they came: the engine is read anew this often. */
const everyMs = 2_000;
/** A process or leader whose heartbeat is older (seconds) is taken for lost. */
export const silentSec = 10;

/** Processes, leader, rooms and queues, as of at most two seconds ago. */
export function engineQuery() {
  return queryOptions({
    queryKey: engineKey,
    queryFn: ({ signal }) => api('GET', '/api/v1/instance/engine', { schema: engineView, signal }),
    refetchInterval: everyMs,
  });
}

const rooms = z.object({ resource_groups: z.array(resourceGroupView) });

/** Changes capacities of one scope. @throws ApiProblem naming the group that was refused. */
export function saveCapacities(
  scope: string,
  changed: readonly Pick<Room, 'name' | 'capacity'>[],
): Promise<z.output<typeof rooms>> {
  return api('PUT', `/api/v1/${encodeURIComponent(scope)}/resource-groups`, {
    schema: rooms,
    body: { resource_groups: changed },
  });
}
