/** Time as a stream sees it: milliseconds that only go forward, and a wait that ends early when the signal aborts. */
export interface StreamClock {
  now(): number;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: StreamClock = {
  now: () => performance.now(),
  wait(ms, signal) {
    return new Promise((resolve) => {
      if (signal.aborted || ms <= 0) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
    });
  },
};
