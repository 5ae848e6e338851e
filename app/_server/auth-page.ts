import { z } from 'zod';

/** Query of a list read by cursor. */
export const pageQuery = z.object({
  limit: z.number().int().min(1).max(200).optional().describe('50 when left out.'),
  cursor: z.string().max(300).optional().describe('`next_cursor` of the page before.'),
});

/** A page of a list. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}
