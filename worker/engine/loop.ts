/** A timer that can be woken: sleeps until `ms` have passed, `wake` is called, or the signal aborts. */
export interface Alarm {
  sleep(ms: number): Promise<void>;
  wake(): void;
}

export function createAlarm(signal: AbortSignal): Alarm {
  let ring: (() => void) | null = null;
  let rung = false;
  const wake = () => {
    rung = true;
    ring?.();
  };
  signal.addEventListener('abort', wake);
  return {
    async sleep(ms) {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
          ring = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      ring = null;
      rung = false;
    },
    wake,
  };
}
