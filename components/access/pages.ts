'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { api, queryString } from '#components/query/api.ts';

interface PagesOptions<Item> {
  /** Begins with the topic whose changes make it stale. */
  readonly key: readonly [string, string, ...unknown[]];
  readonly path: string;
  readonly item: z.ZodType<Item>;
  readonly filter?: Readonly<Record<string, string | undefined>>;
}

/** A list read by cursor, page after page on request. */
export function usePages<Item>({ key, path, item, filter = {} }: PagesOptions<Item>) {
  const schema = z.object({ items: z.array(item), next_cursor: z.string().nullable() });
  const query = useInfiniteQuery({
    queryKey: [...key, filter],
    queryFn: ({ pageParam, signal }) =>
      api('GET', `${path}${queryString({ ...filter, cursor: pageParam })}`, { schema, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
  return { query, items: query.data?.pages.flatMap((page) => page.items) };
}
