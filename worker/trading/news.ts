import { log } from '#worker/log.ts';

/** Tells traders' news one batch at a time: what comes meanwhile is told with the next. */
export interface Herald {
  tell(traders: Iterable<string>): void;
  /** Resolves once everything was told. */
  idle(): Promise<void>;
}

export function createHerald(tellNow: (traders: readonly string[]) => Promise<void>): Herald {
  let waiting = new Set<string>();
  let running: Promise<void> | null = null;
  async function run(): Promise<void> {
    while (waiting.size > 0) {
      const batch = [...waiting];
      waiting = new Set();
      try {
        await tellNow(batch);
      } catch (error) {
        // Untold news stay untold in their rows: the next look finds them.
        log.warn({ err: error, traders: batch.length }, 'telling traders their news failed');
      }
    }
    running = null;
  }
  return {
    tell(traders) {
      for (const trader of traders) waiting.add(trader);
      if (waiting.size > 0) running ??= run();
    },
    idle: () => running ?? Promise.resolve(),
  };
}
