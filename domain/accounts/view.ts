import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { decimalString } from '#domain/market/money.ts';
import { accountDefinition } from './account.ts';
import { controlView } from './control.ts';

const reason = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const gatewayView = z.object({
  state: z
    .enum(['live', 'silent', 'none'])
    .describe('`live`: a process sends for it; `silent`: its holder was not heard; `none`: nobody holds it.'),
  process_id: z.string().nullable(),
  since: instantText.nullable(),
  heartbeat_at: instantText.nullable(),
  epoch: z.number().int(),
  trouble: reason.nullable(),
});

/** A difference between our books and the broker's. */
export const driftView = z.object({
  kind: z.enum(['order_report', 'order_missing', 'quantity', 'average', 'cash']),
  symbol: z.string().nullable(),
  explained: z.enum(['unknown_order', 'in_flight', 'external_order', 'rounding']).nullable(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});

export const accountView = accountDefinition.omit({ fees: true }).extend({
  cash: decimalString.describe('By our own books, settled or not.'),
  broker_cash: decimalString.nullable().describe('What the broker said last.'),
  broker_at: instantText.nullable(),
  ready: z.boolean().describe('Whether our books and the broker agreed since the present gateway began.'),
  ready_reason: reason.nullable(),
  reconciled_at: instantText.nullable(),
  drift: z.array(driftView),
  stopped_day: z.iso.date().nullable(),
  stopped_reason: reason.nullable(),
  gateway: gatewayView,
  control: controlView,
  created_at: instantText,
});
export type AccountView = z.output<typeof accountView>;
