'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { StaleSet } from '#components/query/live-changes.ts';
import { followChanges } from '#components/query/live-stream.ts';

/** `paused`: the tab is hidden or rows are selected; what is shown was true at `asOf`. */
export type LiveStatus = 'live' | 'reconnecting' | 'paused';

export interface LiveState {
  readonly status: LiveStatus;
  /** Since when nothing new is shown; null while live. */
  readonly asOf: Date | null;
}

const LiveContext = createContext<LiveState>({ status: 'live', asOf: null });
const HoldContext = createContext<(held: boolean) => void>(() => {});

/** Changes are gathered this long, so that a burst of them redraws once. */
const gatherMs = 250;
/** A stream the server closes in the ordinary course is back before anybody is told. */
const graceMs = 3_000;

/**
 * Keeps the queries of one scope fresh: a change of a topic makes every query under `[scope, topic]` stale.
 * @param scope null for pages of the whole instance.
 */
export function LiveProvider({ scope, children }: { readonly scope: string | null; readonly children: ReactNode }) {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  const [holds, setHolds] = useState(0);
  const [since, setSince] = useState<Date | null>(null);
  const stale = useRef(new StaleSet());
  const held = useRef(false);

  const controls = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      if (held.current || stale.current.empty) return;
      const prefixes = stale.current.take();
      if (prefixes === null) void client.invalidateQueries();
      else for (const queryKey of prefixes) void client.invalidateQueries({ queryKey });
    };
    return { flush, schedule: () => (timer ??= setTimeout(flush, gatherMs)) };
  }, [client]);

  useFollow(scope ?? 'instance', stale.current, controls.schedule, setConnected);

  useEffect(() => {
    held.current = holds > 0;
    if (holds === 0) controls.flush();
  }, [holds, controls]);

  const status: LiveStatus = holds > 0 ? 'paused' : connected ? 'live' : 'reconnecting';
  useEffect(() => setSince(status === 'live' ? null : new Date()), [status]);

  const state = useMemo(() => ({ status, asOf: since }), [status, since]);
  const hold = useMemo(() => (on: boolean) => setHolds((count) => count + (on ? 1 : -1)), []);
  return (
    <HoldContext value={hold}>
      <LiveContext value={state}>{children}</LiveContext>
    </HoldContext>
  );
}

/** Follows while the tab is visible; a tab that returns takes everything it shows for stale. */
function useFollow(scope: string, stale: StaleSet, schedule: () => void, setConnected: (value: boolean) => void): void {
  useEffect(() => {
    let stream: AbortController | null = null;
    let grace: ReturnType<typeof setTimeout> | undefined;
    let away = false;

    const onConnected = (value: boolean) => {
      clearTimeout(grace);
      if (value) setConnected(true);
      else grace = setTimeout(() => setConnected(false), graceMs);
    };
    const start = () => {
      if (stream !== null) return;
      stream = new AbortController();
      const listener = {
        onConnected,
        onChanges: (changes: Parameters<StaleSet['add']>[0]) => {
          stale.add(changes);
          schedule();
        },
        onReset: () => {
          stale.addEverything();
          schedule();
        },
      };
      followChanges(scope, listener, stream.signal);
      if (away) listener.onReset();
      away = false;
    };
    const stop = () => {
      clearTimeout(grace);
      stream?.abort();
      stream = null;
    };
    const onVisibility = () => {
      if (document.visibilityState === 'visible') {
        start();
      } else {
        away = true;
        stop();
      }
    };

    onVisibility();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      stop();
    };
  }, [scope, stale, schedule, setConnected]);
}

/** Whether what is shown is current, for the indicator in the top bar. */
export function useLive(): LiveState {
  return use(LiveContext);
}

/** Holds redraws while `active`, e.g. while rows are selected; what was missed is caught up afterwards. */
export function useLivePause(active: boolean): void {
  const hold = use(HoldContext);
  useEffect(() => {
    if (!active) return;
    hold(true);
    return () => hold(false);
  }, [active, hold]);
}
