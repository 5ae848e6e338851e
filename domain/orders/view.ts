import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { decimalString } from '#domain/market/money.ts';
import { brokerRole, side } from './broker-order.ts';
import { attemptOutcome, orderState, purpose } from './order.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
/** Why: rendered as `reasons.<code>`. */
export const orderReasonView = z.object({ code: z.string(), params: z.record(z.string(), scalar) });
export type OrderReasonView = z.output<typeof orderReasonView>;

/** An order as a list shows it. Times are scope time. */
export const orderView = z.object({
  order_id: z.uuid(),
  account: z.string(),
  trader: z.string(),
  seq: z.number().int().describe("Which of its trader's orders."),
  symbol: z.string(),
  symbol_name: z.string().nullable(),
  currency: z.string(),
  side,
  purpose,
  flatten: z.boolean().describe('Part of a flatten: a stop does not hold it back.'),
  quantity: decimalString,
  price: decimalString.nullable().describe("Limit; null at the market's price."),
  state: orderState,
  filled: decimalString,
  average_price: decimalString.nullable().describe('Of what is filled, to four places; null before that.'),
  amount: decimalString.describe('Sum of price × quantity of its fills.'),
  cause: orderReasonView.describe('Why it was placed.'),
  reason: orderReasonView.nullable().describe('Why it is where it is.'),
  wanted: z
    .object({ kind: z.enum(['cancel', 'revise']), price: decimalString.nullable(), reason: orderReasonView })
    .nullable()
    .describe('A change that was asked for and not sent yet.'),
  candidates: z
    .number()
    .int()
    .nullable()
    .describe('Of an unknown order that no rule resolves: so many broker orders may be it.'),
  trading_day: z.iso.date(),
  at: instantText,
  updated_at: instantText,
  ended_at: instantText.nullable(),
  version: z.number().int(),
});
export type OrderView = z.output<typeof orderView>;

const request = z.object({
  kind: z.enum(['new', 'revise', 'cancel']),
  target: z.string().nullable().describe('Broker order that is changed.'),
  quantity: decimalString.nullable(),
  price: decimalString.nullable(),
});

/** A try to send something, written before its first byte. */
export const attemptView = z.object({
  number: z.number().int(),
  request,
  fingerprint: z.string().describe('Digest of the exact request.'),
  at: instantText,
  deadline: instantText.describe('No first byte after this.'),
  outcome: attemptOutcome,
  closed_at: instantText.nullable(),
  broker_key: z.string().nullable(),
  process_id: z.uuid(),
  epoch: z.number().int().describe('Of the gateway that sent it.'),
});
export type AttemptView = z.output<typeof attemptView>;

/** What the broker says of one of its orders: quantities and amount are cumulative. */
export const brokerOrderView = z.object({
  broker_key: z.string().describe("The broker's name for it."),
  account: z.string(),
  order_id: z.uuid().nullable().describe('Null: nobody owns it.'),
  replaces: z.string().nullable(),
  role: brokerRole,
  symbol: z.string(),
  symbol_name: z.string().nullable(),
  side,
  quantity: decimalString,
  price: decimalString.nullable(),
  at: instantText,
  filled: decimalString,
  amount: decimalString,
  cancelled: decimalString,
  rejected: decimalString,
  seen_at: instantText,
});
export type BrokerOrderView = z.output<typeof brokerOrderView>;

export const orderEventView = z.object({
  version: z.number().int(),
  kind: z.string(),
  from: orderState.nullable(),
  to: orderState,
  details: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  reason: orderReasonView.nullable(),
  at: instantText,
});
export type OrderEventView = z.output<typeof orderEventView>;

/** A broker order that an unknown one may be. */
export const candidateView = brokerOrderView.extend({
  disowned: z.boolean().describe('A person said that it is not this one.'),
});
export type CandidateView = z.output<typeof candidateView>;

/** An order in full. */
export const orderDetail = orderView.extend({
  key: z.string().describe('Idempotency key: of the signal, never of the time of asking.'),
  key_held: z.boolean(),
  fencing: z.number().int().describe('Token of the symbol lock under which it was made.'),
  fees: decimalString,
  taxes: decimalString,
  attempts: z.array(attemptView),
  broker_orders: z.array(brokerOrderView),
  candidate_orders: z.array(candidateView).describe('Broker orders that it may be, when it is unknown.'),
  events: z.array(orderEventView).describe('Everything that moved it, oldest first.'),
});
export type OrderDetail = z.output<typeof orderDetail>;

/** What lists of orders are narrowed by. `from` and `to` are trading days, both included. */
export const orderFilter = z.object({
  open: z.boolean().optional().describe('Only orders that are not over; false: only those that are.'),
  state: z.array(orderState).optional(),
  trader: z.string().max(40).optional(),
  account: z.string().max(40).optional(),
  symbol: z.string().max(40).optional(),
  side: side.optional(),
  trading_day: z.iso.date().optional(),
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
  limit: z.number().int().min(1).max(200).default(50),
});
export type OrderFilter = z.output<typeof orderFilter>;

export const brokerOrderFilter = z.object({
  external: z.boolean().default(true).describe('Only those that nobody owns.'),
  account: z.string().max(40).optional(),
  symbol: z.string().max(40).optional(),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
  limit: z.number().int().min(1).max(200).default(50),
});
export type BrokerOrderFilter = z.output<typeof brokerOrderFilter>;
