import { type QueryClient, queryOptions } from '@tanstack/react-query';
import type { Span } from '#domain/timeline/scale.ts';
import { type TimelineView, timelineView } from '#domain/timeline/view.ts';
import { api, queryString } from '#components/query/api.ts';
import { Paced } from '#components/query/paced.ts';

/** Changes of runs redraw the timeline at most this often. */
const everyMs = 1_000;

/** Under the topic `runs`: every move of a run makes it stale. */
export const timelineKey = (scope: string, days: Span) =>
  [scope, 'runs', 'timeline', days.from, days.to] as const;

const readers = new WeakMap<QueryClient, Map<string, Paced<TimelineView>>>();

function readerOf(client: QueryClient, scope: string, days: Span): Paced<TimelineView> {
  const mine = readers.get(client) ?? new Map<string, Paced<TimelineView>>();
  readers.set(client, mine);
  const key = timelineKey(scope, days);
  const known = mine.get(key.join(' '));
  if (known !== undefined) return known;
  const query = queryString({
    from: new Date(days.from).toISOString(),
    to: new Date(days.to).toISOString(),
  });
  const made = new Paced(
    () => api('GET', `/api/v1/${encodeURIComponent(scope)}/timeline${query}`, { schema: timelineView }),
    (view) => client.setQueryData(key, view),
    everyMs,
  );
  mine.set(key.join(' '), made);
  return made;
}

/** The runs and planned fires of some days of Seoul. */
export function timelineQuery(scope: string, days: Span) {
  return queryOptions({
    queryKey: timelineKey(scope, days),
    queryFn: ({ client }) => readerOf(client, scope, days).read(),
  });
}
