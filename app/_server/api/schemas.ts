import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { calendarId } from '#domain/time/calendar/definition.ts';

/** A page of a list: `next_cursor` goes back as `cursor`; null on the last page. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().describe('Send back as `cursor` for the next page; null on the last.'),
  });
}

export const pageQuery = z.object({
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
  limit: z.number().int().min(1).max(200).default(50),
});

export const jobPath = z.object({ job_id: z.string().max(200) });
export const runPath = z.object({ run_id: z.string().max(200) });
export const traderPath = z.object({ trader_id: z.string().max(100) });

export const previewQuery = z.object({
  from: instantText.optional().describe("Fires after this instant; the scope's now when left out."),
  count: z.number().int().min(1).max(200).default(10),
});

export const calendarPath = z.object({
  calendar: z.string().max(40).describe('`XKRX`, `CRYPTO` or one of the scope.'),
});
export const dayPath = calendarPath.extend({ date: z.iso.date() });

export const datePath = z.object({ date: z.iso.date().describe('A trading day.') });

/** Days of a calendar answered at once. */
export const daysMax = 400;
export const daysQuery = z.object({ from: z.iso.date(), to: z.iso.date() });

export const lockPath = z.object({ name: z.string().max(60) });
export const symbolPath = z.object({ symbol: z.string().max(40) });
/** Which jobs the counts of days are of. */
export const countedQuery = z.object({
  calendar: calendarId.default('XKRX').describe('Whose trading day `today` is, and whose jobs are counted.'),
  of: z.enum(['all', 'calendar']).default('all').describe('All jobs, or those on the calendar.'),
  job_id: z.string().max(200).optional().describe('Only this job.'),
});

export const orderPath = z.object({ order_id: z.string().max(60) });

/** Lists that can be downloaded too. */
export const format = z
  .enum(['json', 'csv'])
  .default('json')
  .describe('`csv` streams all rows that the filter lets through; `cursor` and `limit` are passed over.');
/** Rows that an export reads at a time. */
export const exportPage = 200;
