import type { BrokerKey, BrokerReport, Fill } from './broker-order.ts';
import type { Order, OrderReason, OrderState, SendRequest } from './order.ts';

/** What happened to an order. `at` is scope time; `attempt` the number of the try that it is about. */
export type OrderEvent =
  /** A try is written, before the first byte. */
  | {
      readonly kind: 'send_started';
      readonly attempt: number;
      readonly request: SendRequest;
      readonly fingerprint: string;
      readonly at: Date;
      readonly deadline: Date;
      /** Token that the symbol lock has now. */
      readonly fencing: number;
    }
  /** The sender itself says that no byte went out, or the broker that it did not look at it (rate limit, old token). */
  | {
      readonly kind: 'not_executed';
      readonly attempt: number;
      readonly at: Date;
      readonly reason: OrderReason;
      /** Whether the same order may be tried again at once. */
      readonly again: boolean;
    }
  | { readonly kind: 'accepted'; readonly attempt: number; readonly at: Date; readonly brokerKey: BrokerKey }
  /** A definite no. */
  | { readonly kind: 'rejected'; readonly attempt: number; readonly at: Date; readonly reason: OrderReason }
  /** Timeout, 5xx, closed connection, unreadable answer: the sender is done and does not know. */
  | { readonly kind: 'reply_lost'; readonly attempt: number; readonly at: Date; readonly reason: OrderReason }
  /** Found after a crash, its sender proven dead. */
  | { readonly kind: 'recovered'; readonly at: Date }
  /** Given up before anything was sent. */
  | { readonly kind: 'dropped'; readonly at: Date; readonly reason: OrderReason }
  /** What the broker says of an order of this one, or of one that replaces it. */
  | { readonly kind: 'reported'; readonly at: Date; readonly report: BrokerReport }
  /** A broker order found to be the one whose answer was lost, by the rule or by a person. */
  | {
      readonly kind: 'adopted';
      readonly at: Date;
      readonly report: BrokerReport;
      readonly reason: OrderReason;
    }
  /** Proven not to be at the broker: `resolveUnknown` said so. */
  | {
      readonly kind: 'proven_absent';
      readonly attempt: number;
      readonly at: Date;
      readonly reason: OrderReason;
    };

export type OrderEffect =
  | { readonly kind: 'record_fill'; readonly fill: Fill }
  /** Nothing came of it and nothing can: the same signal may be tried again. */
  | { readonly kind: 'release_key'; readonly key: string }
  /** Look at the broker before anything else is sent for this account, symbol and side. */
  | { readonly kind: 'find_out' }
  | { readonly kind: 'alert'; readonly severity: 'warning' | 'critical'; readonly reason: OrderReason };

export type RefusalCode =
  | 'illegal_move'
  | 'order_over'
  | 'order_not_intent'
  | 'order_not_at_broker'
  | 'order_not_unknown'
  | 'attempt_number'
  | 'attempt_not_open'
  | 'attempt_unsettled'
  | 'deadline_passed'
  | 'revise_quantity'
  | 'fenced_out'
  | 'broker_order_not_owned'
  | 'broker_order_taken'
  | 'broker_order_differs'
  | 'report_overfilled'
  | 'report_amount'
  | 'report_negative'
  | 'report_unbalanced';

export type OrderStep =
  | {
      readonly kind: 'moved';
      readonly from: OrderState;
      readonly order: Order;
      readonly effects: readonly OrderEffect[];
    }
  /** Known already: nothing to write. */
  | { readonly kind: 'unchanged'; readonly order: Order }
  | {
      readonly kind: 'refused';
      readonly code: RefusalCode;
      readonly params: Readonly<Record<string, string | number>>;
    };
