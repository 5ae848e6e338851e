import { z } from 'zod';

const reason = z.string().trim().max(500).default('');

export const cancelOrderBody = z.strictObject({ reason });

/** What a person says of an order whose answer was lost. */
export const resolveOrderBody = z.strictObject({
  action: z
    .enum(['adopt', 'not_ours'])
    .describe('`adopt`: this broker order is it; `not_ours`: it is somebody else’s.'),
  broker_key: z.string().min(1).max(120).describe("The broker's name of its order."),
  reason,
});
