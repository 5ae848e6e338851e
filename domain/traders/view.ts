import { z } from 'zod';
import { instantText } from '#domain/jobs/view.ts';
import { candleInterval } from '#domain/market/candle.ts';
import { venue } from '#domain/market/instrument.ts';
import { decimalString } from '#domain/market/money.ts';
import { phaseNames } from '#domain/time/calendar/plan.ts';
import { traderDefinition, traderId } from './definition.ts';
import type { TraderPhase } from './state.ts';

/** Phases in the order a trader goes through them; `HALTED` waits for a person. */
export const traderPhases = [
  'IDLE',
  'SCANNING',
  'ENTERING',
  'HOLDING',
  'EXITING',
  'HALTED',
] as const satisfies readonly TraderPhase[];
export const traderPhase = z.enum(traderPhases);

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);
/** Why: rendered as `reasons.<code>`. */
export const reasonView = z.object({ code: z.string(), params: z.record(z.string(), scalar) });
export type ReasonView = z.output<typeof reasonView>;

const positionView = z.object({
  quantity: decimalString,
  average: decimalString.describe('What a unit cost.'),
  opened_at: instantText.nullable(),
  last: decimalString.nullable().describe('The newest price; null without a quote.'),
  last_at: instantText.nullable(),
  unrealised: decimalString.nullable().describe('At the newest price, before the costs of selling.'),
  change: z.number().nullable().describe('Newest price against the average, a fraction.'),
  stop: decimalString.nullable().describe('Price of the stop loss.'),
  target: decimalString.nullable().describe('Price of the profit taking.'),
});

const orderView = z.object({
  seq: z.number().int().describe("Which of its trader's orders."),
  side: z.enum(['buy', 'sell']),
  quantity: decimalString,
  price: decimalString,
  filled: decimalString,
  sent_at: instantText,
  pending: z
    .enum(['cancel', 'revise', 'unknown'])
    .nullable()
    .describe('What was asked and not answered yet.'),
  asked: decimalString.nullable().describe('The price a pending revise asks for.'),
  resting: z.boolean().describe('Placed to wait, in an auction or at a limit.'),
});

const exitView = z.object({
  reason: reasonView,
  started_at: instantText,
  attempts: z.number().int(),
  carried_at: instantText.nullable().describe('Not flat at the close: it goes on at the next open.'),
});

const candidateView = z.object({
  symbol: z.string(),
  name: z.string().nullable(),
  rank: z.number().int(),
  score: z.number(),
  price: z.number(),
  confidence: z.number().nullable(),
  chosen: z.boolean(),
  reason: reasonView.nullable().describe('Why it was passed over; null for the one that was chosen.'),
});
export type CandidateView = z.output<typeof candidateView>;

const transitionBase = {
  seq: z.number().int(),
  at: instantText,
  event: z.string(),
  from: traderPhase,
  to: traderPhase,
  symbol: z.string().nullable(),
  reason: reasonView.nullable(),
};

/** A trader as a list shows it: what it is set to, where it stands and what it made today. */
export const traderView = z.object({
  trader_id: traderId,
  scope: z.string(),
  account: z.string(),
  venue,
  currency: z.string(),
  definition: traderDefinition,
  version: z.number().int(),
  started: z.boolean().describe('Looks for entries. A stopped one still leaves what it holds.'),
  phase: traderPhase,
  phase_since: instantText,
  symbol: z.string().nullable(),
  symbol_name: z.string().nullable(),
  position: positionView.nullable(),
  order: orderView.nullable(),
  exit: exitView.nullable(),
  halted: z
    .object({ reason: reasonView, flattening: z.boolean(), was: traderPhase })
    .nullable()
    .describe('Why it halted, and what it was doing.'),
  control: z
    .enum(['running', 'entries_stopped', 'stopped'])
    .describe('The strictest of the kill switches of scope, account and trader.'),
  flattening: z.boolean(),
  protections: z.array(
    z.object({ reason: reasonView, symbol: z.string().nullable(), until: instantText.nullable() }),
  ),
  today: z
    .object({
      trading_day: z.iso.date(),
      realised: decimalString.describe('After fees and taxes.'),
      unrealised: decimalString.describe('Of what it holds, since it was bought.'),
      total: decimalString.describe(
        'Realised and unrealised, without what was unrealised already when the day began.',
      ),
      costs: decimalString.describe('Fees and taxes.'),
      buys: z.number().int().describe('Orders that bought.'),
      sells: z.number().int(),
    })
    .describe('Of its trading day so far.'),
  last_scan: z
    .object({
      at: instantText,
      looked: z.number().int().describe('Symbols of the market it looked at.'),
      candidates: z.number().int(),
      chosen: z.string().nullable(),
      best: z
        .object({ symbol: z.string(), reason: reasonView.nullable() })
        .nullable()
        .describe('The best candidate, and why it was passed over.'),
      passed: z
        .object({ code: z.string(), count: z.number().int() })
        .nullable()
        .describe('The most frequent reason among the symbols that were no candidates.'),
    })
    .nullable(),
  last_transition: z.object(transitionBase).nullable(),
  created_at: instantText,
});
export type TraderView = z.output<typeof traderView>;

export const traderCounts = z.object({
  total: z.number().int(),
  started: z.number().int(),
  ...Object.fromEntries(traderPhases.map((phase) => [phase, z.number().int()] as const)),
} as Record<'total' | 'started' | TraderPhase, z.ZodNumber>);
export type TraderCounts = z.output<typeof traderCounts>;

/** Which traders a list is of. */
export const traderFilter = z.object({
  q: z.string().max(100).optional().describe('Part of the id, name, symbol or strategy.'),
  phase: traderPhase.optional(),
  strategy: z.string().max(60).optional(),
  account: z.string().max(100).optional(),
  started: z.boolean().optional(),
});
export type TraderFilter = z.output<typeof traderFilter>;

/** A step of a trader: what came, what it did. */
export const transitionView = z.object({
  ...transitionBase,
  details: z.record(z.string(), z.unknown()).describe('The event as it came, amounts as text.'),
  price: decimalString.nullable().describe('Last price of the symbol as the trader saw it.'),
  quantity: decimalString.nullable(),
  effects: z
    .array(z.record(z.string(), z.unknown()))
    .describe('What it did, in this order: kind, seq, side, price, reason.'),
});
export type TransitionView = z.output<typeof transitionView>;

/** A look at the market with its candidates, best first. */
export const scanView = z.object({
  scan_id: z.string(),
  at: instantText,
  trading_day: z.iso.date(),
  looked: z.number().int(),
  passed: z
    .array(z.object({ code: z.string(), count: z.number().int() }))
    .describe('How many were no candidates, by reason, most frequent first.'),
  candidates: z.array(candidateView),
  took_ms: z.number(),
});
export type ScanView = z.output<typeof scanView>;

const fillView = z.object({
  at: instantText,
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  quantity: decimalString,
  price: decimalString.describe('Average of the fill.'),
});

const orderOfDay = z.object({
  order_id: z.uuid(),
  seq: z.number().int(),
  symbol: z.string(),
  side: z.enum(['buy', 'sell']),
  state: z.string(),
  quantity: decimalString,
  filled: decimalString,
  price: decimalString.nullable(),
  average: decimalString.nullable(),
  at: instantText,
  ended_at: instantText.nullable(),
  cause: reasonView,
  reason: reasonView.nullable(),
});

/** Times in Unix milliseconds and prices as numbers: they are drawn, not reckoned with. */
const pathPoint = z.array(z.number()).length(5);

/** All that is needed to play back a trader's day. */
export const traderDayView = z.object({
  trader_id: traderId,
  day: z.iso.date(),
  days: z.array(z.iso.date()).describe('Days on which it did something, newest first; at most 60.'),
  now: instantText.describe("The scope's time at which it was read."),
  phases: z.array(z.object({ name: z.enum(phaseNames), start: instantText, end: instantText })),
  phase_before: traderPhase.describe('Where it stood when the day began.'),
  transitions: z.array(transitionView).describe('Oldest first.'),
  capped: z.boolean().describe('The day has more transitions than are answered.'),
  fills: z.array(fillView),
  orders: z.array(orderOfDay),
  symbols: z.array(
    z.object({
      symbol: z.string(),
      name: z.string().nullable(),
      interval: candleInterval.nullable().describe('Null without candles of the day.'),
      candles: z.array(pathPoint).describe('Start (Unix ms), open, high, low, close.'),
    }),
  ),
});
export type TraderDayView = z.output<typeof traderDayView>;

/** Body that makes a trader. It does nothing before it is started. */
export const newTrader = z.strictObject({
  trader_id: traderId,
  account: z.string().min(1).max(100),
  definition: traderDefinition,
});

const version = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe('The version that was edited: a stale one answers 409. Left out: the newest.');

/** Body that replaces a trader's definition; fields left out take their defaults. */
export const traderReplacement = z.strictObject({ version, definition: traderDefinition });

const part = z.record(z.string(), z.unknown());
/** Body that changes some fields; `params`, `filter`, `rules` and `limits` are changed field by field. */
export const traderEdit = z.strictObject({ version, definition: part });

const nested = ['params', 'filter', 'rules', 'limits'] as const;

/** A definition with a change laid over it: not parsed yet. */
export function editedDefinition(
  before: z.output<typeof traderDefinition>,
  change: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const other = change['strategy'] !== undefined && change['strategy'] !== before.strategy;
  const inner = nested.flatMap((name) => {
    const over = part.safeParse(change[name]);
    if (!over.success) return [];
    // Parameters of another strategy are not laid over these.
    return [[name, name === 'params' && other ? over.data : { ...before[name], ...over.data }] as const];
  });
  return { ...before, ...(other ? { params: {} } : {}), ...change, ...Object.fromEntries(inner) };
}

const why = z.string().trim().min(1).max(300);
export const traderHalt = z.strictObject({ reason: why });
export const traderResume = z.strictObject({
  reason: why.optional().describe('Asked for in a real scope.'),
  confirm: z.string().max(100).optional().describe("In a real scope the scope's name."),
});
