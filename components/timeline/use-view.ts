'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import type { Span } from '#domain/timeline/scale.ts';
import { bounded } from './url.ts';

/** A movement is written to the URL once it has rested so long. */
const restMs = 250;

export type Commit = (view: Span, history: 'push' | 'replace') => void;

export interface MovingView {
  /** What is shown: the URL's view, or where a movement has got to. */
  readonly view: Span;
  /** One step of a movement: drawn with the next frame, several of them at once. */
  readonly move: (step: (view: Span) => Span) => void;
  /** Another view at once, to which one can go back. */
  readonly jump: (view: Span) => void;
}

/** Lets the view move smoothly between what the URL says. */
export function useMovingView(committed: Span, commit: Commit): MovingView {
  const [moving, setMoving] = useState<Span | null>(null);
  const state = useRef({ committed, commit, pending: null as Span | null, frame: 0, rest: 0 });
  useEffect(() => {
    state.current.committed = committed;
    state.current.commit = commit;
  });
  const stop = useCallback(() => {
    cancelAnimationFrame(state.current.frame);
    window.clearTimeout(state.current.rest);
    state.current.frame = 0;
    state.current.pending = null;
    setMoving(null);
  }, []);
  useEffect(() => stop, [stop]);

  const move = useCallback(
    (step: (view: Span) => Span) => {
      const now = state.current;
      now.pending = bounded(step(now.pending ?? now.committed));
      if (now.frame === 0) {
        now.frame = requestAnimationFrame(() => {
          now.frame = 0;
          setMoving(now.pending);
        });
      }
      window.clearTimeout(now.rest);
      now.rest = window.setTimeout(() => {
        const view = now.pending;
        if (view !== null) now.commit(view, 'replace');
        stop();
      }, restMs);
    },
    [stop],
  );
  const jump = useCallback(
    (view: Span) => {
      state.current.commit(bounded(view), 'push');
      stop();
    },
    [stop],
  );
  return { view: moving ?? committed, move, jump };
}
