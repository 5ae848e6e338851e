'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type LineRange, lineHash, parseLineRange, selectLines } from '#components/runs/log/line-range.ts';

interface LineRangeState {
  /** Lines that are highlighted; the URL's hash names them. */
  readonly range: LineRange | null;
  /** The line a link asks to see and that has not been shown yet. */
  readonly linked: number | null;
  readonly arrived: () => void;
  readonly onNumber: (seq: number, shift: boolean) => void;
  readonly clear: () => void;
}

/** Keeps the highlighted lines and the URL's hash the same. */
export function useLineRange(): LineRangeState {
  const [range, setRange] = useState<LineRange | null>(null);
  const [linked, setLinked] = useState<number | null>(null);
  const anchor = useRef<number | null>(null);

  useEffect(() => {
    const onHash = () => {
      const next = parseLineRange(window.location.hash);
      anchor.current = next?.from ?? null;
      setRange(next);
      setLinked(next?.from ?? null);
    };
    // The server knows no hash: it is read once the page stands.
    onHash();
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);

  const write = useCallback((next: LineRange | null) => {
    setRange(next);
    window.history.replaceState(
      window.history.state,
      '',
      `${window.location.pathname}${window.location.search}${next === null ? '' : lineHash(next)}`,
    );
  }, []);
  const onNumber = useCallback(
    (seq: number, shift: boolean) => {
      const chosen = selectLines(anchor.current, seq, shift);
      anchor.current = chosen.anchor;
      write(chosen.range);
    },
    [write],
  );
  const clear = useCallback(() => {
    anchor.current = null;
    write(null);
  }, [write]);
  const arrived = useCallback(() => setLinked(null), []);
  return useMemo(
    () => ({ range, linked, arrived, onNumber, clear }),
    [range, linked, arrived, onNumber, clear],
  );
}
