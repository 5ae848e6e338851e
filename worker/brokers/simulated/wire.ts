import { z } from 'zod';
import { type Decimal, decimalText, plain } from '#domain/core/decimal.ts';
import { instantText } from '#domain/jobs/view.ts';
import { candleInterval } from '#domain/market/candle.ts';
import { type BrokerReport, brokerKey, brokerRole, side } from '#domain/orders/broker-order.ts';
import type { SimulatedAnswer } from '#db/simulated/send.ts';

/** What goes over the wire between the simulated broker's server and its client: amounts as text, times in ISO 8601. */

const symbol = z.string().min(1).max(40);
export const placeBody = z.strictObject({
  client_id: z.string().max(100).nullable(),
  symbol,
  side,
  quantity: decimalText,
  price: decimalText.nullable(),
});
export const reviseBody = z.strictObject({
  target: brokerKey,
  symbol,
  quantity: decimalText,
  price: decimalText.nullable(),
});
export const cancelBody = z.strictObject({ target: brokerKey, symbol });

const reason = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export const answerBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('accepted'), key: brokerKey }),
  z.object({ kind: z.literal('rejected'), reason }),
  z.object({ kind: z.literal('not_executed'), reason, again: z.boolean() }),
]) satisfies z.ZodType<Exclude<SimulatedAnswer, { kind: 'lost' }>>;

export const reportsBody = z.array(
  z.object({
    key: brokerKey,
    replaces: brokerKey.nullable(),
    role: brokerRole,
    symbol,
    side,
    quantity: decimalText,
    price: decimalText.nullable(),
    at: instantText.transform((text) => new Date(text)),
    filled: decimalText,
    amount: decimalText,
    cancelled: decimalText,
    rejected: decimalText,
    origin: z.enum(['ours', 'elsewhere']).nullable(),
  }),
) satisfies z.ZodType<readonly BrokerReport[]>;

export const balanceBody = z.object({
  cash: decimalText,
  holdings: z.array(
    z.object({
      symbol,
      quantity: decimalText,
      sellable: decimalText,
      average: decimalText.nullable(),
    }),
  ),
});

export const candlesQuery = z.object({
  symbols: z.string().transform((text) => text.split(',')),
  interval: candleInterval,
  from: instantText.transform((text) => new Date(text)),
  to: instantText.transform((text) => new Date(text)),
});

/** Header under which a sender names its try. */
export const attemptHeader = 'x-attempt';

export function textOf(value: Decimal | null): string | null {
  return value === null ? null : plain(value);
}
