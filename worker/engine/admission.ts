import type { Database } from '#db/core/client.ts';
import { admitScope, scopesWithReadyRuns } from '#db/engine/admit-scope.ts';
import { log } from '#worker/log.ts';

/** Admission passes of this process: one at a time per scope; calls that come meanwhile are one further pass. */
export interface AdmissionPump {
  /** A room became free, or a run ready, in this scope. */
  admit(scope: string): void;
  /** Something changed somewhere: looks at every scope that has a ready run. */
  admitAll(): Promise<void>;
}

export function admissionPump(db: Database): AdmissionPump {
  const state = new Map<string, 'running' | 'again'>();

  async function pass(scope: string): Promise<void> {
    do {
      state.set(scope, 'running');
      try {
        await admitScope(db, scope);
      } catch (error) {
        log.warn({ scope, err: error }, 'admission pass failed; the leader repeats it');
      }
    } while (state.get(scope) === 'again');
    state.delete(scope);
  }
  function admit(scope: string): Promise<void> {
    if (state.has(scope)) {
      state.set(scope, 'again');
      return Promise.resolve();
    }
    return pass(scope);
  }
  return {
    admit: (scope) => void admit(scope),
    async admitAll() {
      await Promise.all((await scopesWithReadyRuns(db)).map(admit));
    },
  };
}
