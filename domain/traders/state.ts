import { z } from 'zod';
import { priceField, quantityField } from '#domain/market/money.ts';
import type { ErrorParams } from '#domain/core/errors.ts';

/**
 * What a trader is doing. One plain value, stored in its row as JSON (amounts as text) and read back by `traderState`.
 * Instants are milliseconds of the scope's time since 1970-01-01 UTC.
 */
const instant = z.number();
const paramsSchema = z.custom<ErrorParams>((value) => typeof value === 'object' && value !== null);

/** Why a trader does what it does: `reasons.<code>`. */
export const traderReason = z.object({ code: z.string(), params: paramsSchema });
export type TraderReason = z.output<typeof traderReason>;

/** The one order a trader may have open. */
const workingOrder = z.object({
  /** Counts this trader's orders; the order's key is made of it. */
  seq: z.int(),
  quantity: quantityField,
  price: priceField,
  filled: quantityField,
  sentAt: instant,
  /** What we asked for and was not answered yet. `unknown`: its fate is being established; nothing is sent meanwhile. */
  pending: z.enum(['cancel', 'revise', 'unknown']).nullable(),
  /** The price a pending revise asks for; `price` is what the broker has. */
  asked: priceField.nullable(),
  /** No change is asked for before this; after a refused revise only a cancel is. */
  notBefore: instant,
  revisable: z.boolean(),
  /** Placed to wait (auction, halt, limit): it is not chased while that lasts. */
  resting: z.boolean(),
});
export type WorkingOrder = z.output<typeof workingOrder>;

const position = z.object({ quantity: quantityField, average: priceField, openedAt: instant });
export type Position = z.output<typeof position>;

/** A candidate with a buy signal. */
const entryChoice = z.object({
  symbol: z.string(),
  confidence: z.number(),
  reason: traderReason,
});
export type EntryChoice = z.output<typeof entryChoice>;

/** The last settled order of each kind: what arrives for it again is old news, unless it filled more. */
const settledOrder = z.object({ seq: z.int(), filled: quantityField });

const base = {
  seq: z.int(),
  settled: z.array(settledOrder),
};
const named = { symbol: z.string(), token: z.int() };

/** How far a way out has come. */
const exitProgress = z.object({
  reason: traderReason,
  startedAt: instant,
  /** Price that mattered when it began: what the slippage floor counts from. */
  reference: priceField,
  /** Exits priced so far; each is worse than or equal to the one before. */
  attempts: z.int(),
  lastPrice: priceField.nullable(),
  rejects: z.int(),
  notBefore: instant,
  /** Kinds of alert already raised, so that each is raised once. */
  alerted: z.array(z.string()),
  /** Set when the day closed on it: how the next open goes. */
  carried: z.object({ at: instant, plan: z.literal('exit_at_open') }).nullable(),
});
export type ExitProgress = z.output<typeof exitProgress>;

const idle = z.object({ phase: z.literal('IDLE'), ...base });
const scanning = z.object({
  phase: z.literal('SCANNING'),
  ...base,
  /** The candidate whose symbol lock was asked for, and those after it. */
  asking: entryChoice.nullable(),
  rest: z.array(entryChoice),
});
const entering = z.object({
  phase: z.literal('ENTERING'),
  ...base,
  ...named,
  order: workingOrder,
  average: priceField.nullable(),
  /** Set when what filled is to be sold at once. */
  leaving: traderReason.nullable(),
});
const holding = z.object({ phase: z.literal('HOLDING'), ...base, ...named, position });
const exiting = z.object({
  phase: z.literal('EXITING'),
  ...base,
  ...named,
  position,
  exit: exitProgress,
  order: workingOrder.nullable(),
});

const active = z.discriminatedUnion('phase', [idle, scanning, entering, holding, exiting]);
/** A halted trader keeps what it was doing: reports still count, and a person resumes or ends it. */
const halted = z.object({
  phase: z.literal('HALTED'),
  ...base,
  reason: traderReason,
  /** Set by a flatten: it goes on selling what it has, and stays halted when flat. */
  flattening: z.boolean(),
  was: z.discriminatedUnion('phase', [idle, scanning, entering, holding, exiting]),
});

export const traderState = z.discriminatedUnion('phase', [
  idle,
  scanning,
  entering,
  holding,
  exiting,
  halted,
]);
export type TraderState = z.output<typeof traderState>;
export type TraderPhase = TraderState['phase'];
export type ActiveState = z.output<typeof active>;
export type Idle = z.output<typeof idle>;
export type Scanning = z.output<typeof scanning>;
export type Entering = z.output<typeof entering>;
export type Holding = z.output<typeof holding>;
export type Exiting = z.output<typeof exiting>;
export type Halted = z.output<typeof halted>;

export const freshTrader: Idle = { phase: 'IDLE', seq: 0, settled: [] };

const legal: Readonly<Record<TraderPhase, readonly TraderPhase[]>> = {
  IDLE: ['SCANNING', 'HALTED'],
  SCANNING: ['IDLE', 'ENTERING', 'HALTED'],
  ENTERING: ['HOLDING', 'EXITING', 'IDLE', 'HALTED'],
  HOLDING: ['EXITING', 'IDLE', 'HALTED'],
  EXITING: ['IDLE', 'HALTED'],
  HALTED: ['IDLE', 'ENTERING', 'HOLDING', 'EXITING'],
};

/** Whether a trader may go from one phase to another. A step that stays is always legal. */
export function isLegalMove(from: TraderPhase, to: TraderPhase): boolean {
  return from === to || legal[from].includes(to);
}
