import type { ProcessId } from '#domain/core/ids.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import type { AccountRow } from '#db/accounts/terms.ts';
import type { Database, RawClient } from '#db/core/client.ts';
import type { Broker } from '#worker/brokers/port.ts';

/** Wall-clock rhythms, ms unless they say otherwise. */
export interface GatewayTiming {
  /** How soon new accounts are found. */
  readonly discoverMs: number;
  /** How often a gateway that is held elsewhere is asked for. */
  readonly electMs: number;
  readonly beatMs: number;
  /** A gateway that has not beaten for so long is deposed, s. */
  readonly staleSec: number;
  /** Longest sleep between looks for something to send. */
  readonly idleMs: number;
  /** Between looks at the broker while anything is open. */
  readonly pollMs: number;
  /** Between comparisons of the whole account. */
  readonly reconcileMs: number;
  /** An answer that takes longer counts as lost. */
  readonly sendMs: number;
  readonly readMs: number;
  /** From the writing of a send to its last possible first byte (scope time). */
  readonly deadlineMs: number;
}

export const gatewayTiming: GatewayTiming = {
  discoverMs: 2_000,
  electMs: 500,
  beatMs: 1_000,
  staleSec: 10,
  idleMs: 500,
  pollMs: 1_000,
  reconcileMs: 30_000,
  sendMs: 10_000,
  readMs: 10_000,
  deadlineMs: 5_000,
};

export interface GatewayOptions {
  readonly db: Database;
  /** A connection of its own, under this process's name: it closes when the process is ended by others. */
  readonly connect: (onClose: () => void) => RawClient;
  readonly processId: ProcessId;
  readonly scopes: readonly string[];
  /** Null: nobody here reaches this account's broker. */
  readonly brokerOf: (account: AccountRow) => Broker | null;
  /** After a commit that changed orders of these traders. */
  readonly onNews: (scope: string, traders: readonly string[]) => Promise<void>;
  /** Halts traders whose account differs from the broker's, or whose order may be several. */
  readonly halt: (scope: string, traders: readonly string[], reason: OrderReason) => Promise<void>;
  readonly signal: AbortSignal;
  readonly timing?: Partial<GatewayTiming>;
}
