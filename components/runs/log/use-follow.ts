'use client';

import { useEffect, useReducer, useRef } from 'react';
import type { RefObject } from 'react';
import { type Follow, type FollowEvent, follow } from '#components/runs/log/follow.ts';

/** A scroll this soon after the reader's wheel, key or finger is taken for theirs. */
const inputMs = 400;
/** This close to the end counts as the end. */
const endPx = 8;

interface FollowControl extends Follow {
  readonly send: (event: FollowEvent) => void;
}

/**
 * Watches how the reader scrolls `box` and whether lines come.
 * @param lines how many lines have come in all.
 */
export function useFollow(box: RefObject<HTMLElement | null>, lines: number): FollowControl {
  const [state, send] = useReducer(follow, { following: true, unseen: 0 });
  const counted = useRef(lines);

  useEffect(() => {
    send({ kind: 'lines', count: lines - counted.current });
    counted.current = lines;
  }, [lines]);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const listening = new AbortController();
    const options = { signal: listening.signal, passive: true };
    let inputAt = -Infinity;
    let pressed = false;
    const onInput = (event: Event) => (inputAt = event.timeStamp);
    for (const kind of ['wheel', 'touchmove', 'keydown'] as const)
      element.addEventListener(kind, onInput, options);
    element.addEventListener('pointerdown', () => (pressed = true), options);
    window.addEventListener(
      'pointerup',
      (event) => ((pressed = false), (inputAt = event.timeStamp)),
      options,
    );
    element.addEventListener(
      'scroll',
      (event) => {
        const atEnd = element.scrollHeight - element.clientHeight - element.scrollTop <= endPx;
        send({ kind: 'scrolled', atEnd, byUser: pressed || event.timeStamp - inputAt < inputMs });
      },
      options,
    );
    return () => listening.abort();
  }, [box]);

  return { ...state, send };
}
