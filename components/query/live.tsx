'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { followChanges } from '#components/query/live-stream.ts';
import { Refresher } from '#components/query/refresher.ts';

/** `paused`: the tab is hidden or rows are selected; what is shown was true at `asOf`. */
export type LiveStatus = 'live' | 'reconnecting' | 'paused';

export interface LiveState {
  readonly status: LiveStatus;
  /** Since when nothing new is shown; null while live. */
  readonly asOf: Date | null;
}

const LiveContext = createContext<LiveState>({ status: 'live', asOf: null });
const HoldContext = createContext<(held: boolean) => void>(() => {});

/** A stream the server closes in the ordinary course is back before anybody is told. */
const graceMs = 3_000;

/**
 * Keeps the queries of one scope fresh: a change of a topic makes every query under `[scope, topic]` stale.
 * @param scope null for pages of the whole instance.
 */
export function LiveProvider({
  scope,
  children,
}: {
  readonly scope: string | null;
  readonly children: ReactNode;
}) {
  const client = useQueryClient();
  const [refresher] = useState(() => new Refresher(client));
  const [lostAt, setLostAt] = useState<Date | null>(null);
  const [holds, setHolds] = useState<{ readonly count: number; readonly since: Date | null }>({
    count: 0,
    since: null,
  });

  useFollow(scope ?? 'instance', refresher, setLostAt);
  useEffect(() => refresher.hold(holds.count > 0), [holds.count, refresher]);

  const hold = useCallback((on: boolean) => {
    const at = new Date();
    setHolds(({ count, since }) => {
      const next = count + (on ? 1 : -1);
      return { count: next, since: next === 0 ? null : (since ?? at) };
    });
  }, []);
  const state = useMemo<LiveState>(() => {
    if (holds.since !== null) return { status: 'paused', asOf: holds.since };
    return lostAt === null ? { status: 'live', asOf: null } : { status: 'reconnecting', asOf: lostAt };
  }, [holds.since, lostAt]);
  return (
    <HoldContext value={hold}>
      <LiveContext value={state}>{children}</LiveContext>
    </HoldContext>
  );
}

/** Follows while the tab is visible; a tab that returns takes everything it shows for stale. */
function useFollow(scope: string, refresher: Refresher, setLostAt: (at: Date | null) => void): void {
  useEffect(() => {
    let stream: AbortController | null = null;
    let grace: ReturnType<typeof setTimeout> | undefined;
    let away = false;

    const onConnected = (connected: boolean) => {
      clearTimeout(grace);
      const at = new Date();
      if (connected) setLostAt(null);
      else grace = setTimeout(() => setLostAt(at), graceMs);
    };
    const start = () => {
      if (stream !== null) return;
      stream = new AbortController();
      followChanges(
        scope,
        {
          onConnected,
          onChanges: (changes) => refresher.changed(changes),
          onReset: () => refresher.everythingChanged(),
        },
        stream.signal,
      );
      if (away) refresher.everythingChanged();
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
  }, [scope, refresher, setLostAt]);
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
