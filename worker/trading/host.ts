import type { ProcessId } from '#domain/core/ids.ts';
import type { AccountRow } from '#db/accounts/terms.ts';
import { connectRaw, type Database } from '#db/core/client.ts';
import { applicationName } from '#db/engine/processes.ts';
import { haltTraders } from '#db/traders/halt.ts';
import type { Broker } from '#worker/brokers/port.ts';
import { simulatedBroker } from '#worker/brokers/simulated/adapter.ts';
import { runGateways } from './gateway.ts';
import { stepOnNews } from './step.ts';

export interface GatewayHost {
  readonly db: Database;
  readonly url: string;
  readonly processId: ProcessId;
  readonly scopes: readonly string[];
  readonly signal: AbortSignal;
  /** Tests put another broker in its place. */
  readonly brokerOf?: (account: AccountRow) => Broker | null;
}

/** The broker of an account as this worker reaches it; null where it has no adapter for it. */
function brokerFor(db: Database): (account: AccountRow) => Broker | null {
  return ({ scope, id, broker }) => (broker === 'simulated' ? simulatedBroker(db, scope, id) : null);
}

/**
 * The gateways of a worker: every live one stands for each account, as it stands for the leadership. Orders' news reach
 * their traders at once.
 */
export function hostGateways({ db, url, processId, scopes, signal, brokerOf }: GatewayHost): Promise<void> {
  return runGateways({
    db,
    connect: (onClose) => connectRaw(url, { applicationName: applicationName(processId), max: 1, onClose }),
    processId,
    scopes,
    brokerOf: brokerOf ?? brokerFor(db),
    onNews: async (scope, traders) => void (await stepOnNews(db, scope, traders)),
    halt: (scope, traders, reason) => haltTraders(db, scope, traders, reason),
    signal,
  });
}
