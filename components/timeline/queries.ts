import { queryOptions } from '@tanstack/react-query';
import type { Span } from '#domain/timeline/scale.ts';
import { type TimelineView, timelineView } from '#domain/timeline/view.ts';
import { api, queryString } from '#components/query/api.ts';
import { pacedReader } from '#components/query/paced.ts';

/** Changes of runs redraw the timeline at most this often. */
const readPaced = pacedReader<TimelineView>(1_000);

/** Under the topic `runs`: every move of a run makes it stale. */
export const timelineKey = (scope: string, days: Span) =>
  [scope, 'runs', 'timeline', days.from, days.to] as const;

/** The runs and planned fires of some days of Seoul. */
export function timelineQuery(scope: string, days: Span) {
  const queryKey = timelineKey(scope, days);
  const query = queryString({
    from: new Date(days.from).toISOString(),
    to: new Date(days.to).toISOString(),
  });
  const read = () =>
    api('GET', `/api/v1/${encodeURIComponent(scope)}/timeline${query}`, { schema: timelineView });
  return queryOptions({ queryKey, queryFn: ({ client }) => readPaced(client, queryKey, read) });
}
