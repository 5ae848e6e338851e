import type { Decimal } from '#domain/core/decimal.ts';
import type { Candle } from '#domain/market/candle.ts';
import type { CandleInterval } from '#domain/jobs/schedule-fields.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import type { Quote } from '#domain/market/quote.ts';
import type { BrokerKey, BrokerReport, Side } from '#domain/orders/broker-order.ts';
import type { OrderReason } from '#domain/orders/order.ts';

/** What is asked of a broker for a new order. Limit orders of the day. */
export interface PlaceRequest {
  /** Our order's id: the client order id where the broker has one. */
  readonly clientId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
  /** Null at the market's price. */
  readonly price: Decimal | null;
}
export interface ReviseRequest {
  readonly target: BrokerKey;
  readonly symbol: string;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
}
export interface CancelRequest {
  readonly target: BrokerKey;
  readonly symbol: string;
}

/**
 * What came of a send. Adapters never throw for what they cannot know: no answer, a 5xx or one that cannot be read is
 * `lost`. `rejected` is a definite no, `not_executed` a definite "not even looked at" (rate limit, old token).
 */
export type SendAnswer =
  | { readonly kind: 'accepted'; readonly key: BrokerKey }
  | { readonly kind: 'rejected'; readonly reason: OrderReason }
  | { readonly kind: 'not_executed'; readonly reason: OrderReason; readonly again: boolean }
  | { readonly kind: 'lost'; readonly reason: OrderReason };

export interface BrokerHolding {
  readonly symbol: string;
  readonly quantity: Decimal;
  /** Without what open sells reserve. */
  readonly sellable: Decimal;
  /** Average cost, null when nothing is held. */
  readonly average: Decimal | null;
}
export interface BrokerBalance {
  readonly holdings: readonly BrokerHolding[];
  /** Cash with everything traded counted, settled or not. */
  readonly cash: Decimal;
}

/** A query that brought no answer: it says nothing about orders or positions. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
  readonly reason: OrderReason;
  constructor(reason: OrderReason, options?: ErrorOptions) {
    super(reason.code, options);
    this.reason = reason;
  }
}

/** An account at a broker, as the gateway uses it: the one that holds the account's lock, and nobody else. */
export interface Broker {
  /** Whether an order's price can be changed in place, and whether orders carry our own id. */
  readonly features: { readonly revises: boolean; readonly clientIds: boolean };
  place(request: PlaceRequest, signal: AbortSignal): Promise<SendAnswer>;
  revise(request: ReviseRequest, signal: AbortSignal): Promise<SendAnswer>;
  cancel(request: CancelRequest, signal: AbortSignal): Promise<SendAnswer>;
  /**
   * All orders of the account that the broker took since an instant (scope time), ended ones too.
   * @throws BrokerUnavailable.
   */
  orders(since: Date, signal: AbortSignal): Promise<readonly BrokerReport[]>;
  /** @throws BrokerUnavailable. */
  balance(signal: AbortSignal): Promise<BrokerBalance>;
  close(): Promise<void>;
}

/** Where quotes and candles of a venue come from. Rows carry the scope time from which they could be known. */
export interface Feed {
  /** @throws BrokerUnavailable. */
  instruments(signal: AbortSignal): Promise<readonly Instrument[]>;
  quotes(symbols: readonly string[] | null, signal: AbortSignal): Promise<readonly Quote[]>;
  /** Closed candles that begin in [from, to). */
  candles(
    symbols: readonly string[],
    interval: CandleInterval,
    from: Date,
    to: Date,
    signal: AbortSignal,
  ): Promise<readonly Candle[]>;
}
