'use client';

import { useEffect, useState } from 'react';
import type { DaySpan } from '#domain/traders/playback.ts';

/** A stop is shown this long before the next while playing. */
const stopMs = 900;

export interface Player {
  /** The chosen instant, Unix ms. */
  readonly at: number;
  readonly playing: boolean;
  readonly seek: (at: number) => void;
  /** To the stop before or after. */
  readonly step: (by: 1 | -1) => void;
  readonly toggle: () => void;
}

/** Where in the day the playback is; it begins at the end of what happened, and plays from stop to stop. */
export function usePlayer(stops: readonly number[], span: DaySpan): Player {
  const [chosen, setChosen] = useState<number | null>(null);
  const [playing, setPlaying] = useState(false);
  const at = Math.min(span.end, Math.max(span.from, chosen ?? span.to));
  const next = stops.find((stop) => stop > at);

  useEffect(() => {
    if (!playing) return;
    const timer = setTimeout(() => {
      if (next === undefined) setPlaying(false);
      else setChosen(next);
    }, stopMs);
    return () => clearTimeout(timer);
  }, [playing, next]);

  return {
    at,
    playing,
    seek: (to) => {
      setPlaying(false);
      setChosen(to);
    },
    step: (by) => {
      setPlaying(false);
      const to = by === 1 ? next : stops.findLast((stop) => stop < at);
      setChosen(to ?? (by === 1 ? span.to : span.from));
    },
    toggle: () => {
      // At the end it begins anew.
      if (!playing && next === undefined) setChosen(span.from);
      setPlaying(!playing);
    },
  };
}
