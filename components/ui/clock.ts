'use client';

import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = Math.floor(Date.now() / 1_000) * 1_000;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    tick();
    timer = setInterval(tick, 1_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

const none = () => () => {};

/**
 * The browser's time in whole seconds, one ticker for all; null while the server renders, so that both agree.
 * @param running false stops redrawing, for what has ended.
 */
export function useNow(running = true): Date | null {
  const at = useSyncExternalStore(
    running ? subscribe : none,
    () => now,
    () => 0,
  );
  return at === 0 ? null : new Date(at);
}
