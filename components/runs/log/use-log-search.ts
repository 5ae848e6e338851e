'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import { LogSearch, type LogSnapshot, nextMatch } from '#components/runs/log/log-buffer.ts';

export interface LogSearchState {
  readonly query: string;
  readonly setQuery: (query: string) => void;
  /** What the lines are marked with; a moment behind `query`, so that typing never stalls. */
  readonly marked: string;
  /** `seq` of each matching line. */
  readonly matches: readonly number[];
  readonly current: number | null;
  /** Goes to the next (1) or previous (-1) match and names it; null without matches. */
  readonly step: (by: 1 | -1) => number | null;
}

/** Search within the lines held. @param near the line in view, where the first step begins. */
export function useLogSearch(log: LogSnapshot, near: () => number | null): LogSearchState {
  const [query, setQueryNow] = useState('');
  const [current, setCurrent] = useState<number | null>(null);
  const marked = useDeferredValue(query);
  const search = useMemo(() => new LogSearch(marked), [marked]);
  const matches = useMemo(() => search.matches(log.rows), [search, log]);
  return {
    query,
    marked,
    matches,
    current,
    setQuery: (next) => {
      setQueryNow(next);
      setCurrent(null);
    },
    step: (by) => {
      const seen = near();
      // Enter may come before the marks have caught up with what was typed.
      const found = query === marked ? matches : new LogSearch(query).matches(log.rows);
      const next = nextMatch(found, current ?? (seen === null ? null : seen - by), by);
      setCurrent(next);
      return next;
    },
  };
}
