import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { positionView } from '#domain/ledger/view.ts';
import { decimalString } from '#domain/market/money.ts';
import { phaseNames } from '#domain/time/calendar/plan.ts';

const name = z.object({ en: z.string(), ko: z.string() });

/** The exchange's day as the desk sees it, by the calendar of its accounts. */
export const deskSession = z.object({
  calendar: z.string(),
  time_zone: z.string(),
  trading_day: z.iso.date(),
  open: z.boolean().describe('Whether the venue opens on this day at all.'),
  closed_name: name.nullable().describe('Why it does not.'),
  phases: z.array(z.object({ name: z.enum(phaseNames), start: instantText, end: instantText })),
  next: z
    .object({ name: z.enum([...phaseNames, 'closed']), at: instantText, trading_day: z.iso.date() })
    .nullable()
    .describe('What comes next and when: the next phase, or the next day that is open.'),
});
export type DeskSession = z.output<typeof deskSession>;

const reason = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
});

export const deskView = z.object({
  now: instantText.describe("The scope's time at which it was read."),
  accounts: z.number().int(),
  currency: z.string(),
  session: deskSession,
  positions: z.array(positionView).describe('Largest first.'),
  pnl: z.object({
    total: decimalString.describe(
      'Realised and unrealised, without what was unrealised already when the day began.',
    ),
    realised: decimalString.describe('Of the trading day, after fees and taxes.'),
    unrealised: decimalString.describe('Of what is held, since it was bought.'),
    costs: decimalString,
    equity: decimalString.nullable().describe('The newest mark; null before the first.'),
    opening: decimalString.nullable().describe('The mark before the day; null without one.'),
    change: z.number().nullable().describe('Equity against the opening, deposits apart; a fraction.'),
    drawdown: z.number().nullable().describe("Now below the day's peak, a fraction."),
    max_drawdown: z.number().nullable(),
    points: z
      .array(z.array(z.number()).length(3))
      .describe('Unix ms, equity, and how far it is below its peak (0 to 1). Thinned to what can be seen.'),
  }),
  orders: z.object({
    open: z.number().int(),
    today: z.number().int(),
    unknown: z.array(
      z.object({
        order_id: z.uuid(),
        trader: z.string(),
        symbol: z.string(),
        side: z.enum(['buy', 'sell']),
        at: instantText,
        candidates: z.number().int(),
      }),
    ),
  }),
  gateways: z.array(
    z.object({
      account: z.string(),
      name: z.string(),
      state: z.enum(['live', 'silent', 'none']),
      ready: z.boolean(),
      reason: reason.nullable().describe('Why it does not trade.'),
      stopped_today: z.boolean(),
    }),
  ),
  runs: z.object({ failed: z.number().int(), quarantined: z.number().int() }).describe('Of today.'),
  next_fires: z.array(z.object({ job_id: z.string(), description: z.string(), at: instantText })),
});
export type DeskView = z.output<typeof deskView>;
