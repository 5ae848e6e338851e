import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';

const param = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

export const alertView = z.object({
  id: z.number().int(),
  severity: z.enum(['info', 'warning', 'critical']),
  reason: z.object({ code: z.string(), params: z.record(z.string(), param) }),
  account: z.string().nullable(),
  trader: z.string().nullable(),
  order_id: z.string().nullable(),
  symbol: z.string().nullable(),
  count: z.number().int().describe('How often it was raised while nobody had acknowledged it.'),
  at: instantText,
  last_at: instantText,
  acknowledged_at: instantText.nullable(),
  acknowledged_by: z.string().nullable(),
});
export type AlertView = z.output<typeof alertView>;
