import { type Decimal, plain, sum } from '#domain/core/decimal.ts';

export interface ProtectionLimits {
  /** Loss of the day, realised and unrealised after costs, from which on nothing is opened. */
  readonly dailyLoss: Decimal | null;
  /** So many closed trades in a row without a gain … */
  readonly consecutiveLosses: number | null;
  /** … stop entries for so long, and any losing trade stops its symbol for `cooldownMs`. */
  readonly consecutivePauseMs: number;
  readonly cooldownMs: number;
  /** Largest fall from the highest equity, as a fraction of it: 0.1 is 10 %. */
  readonly maxDrawdown: Decimal | null;
}

export interface ClosedTrade {
  readonly symbol: string;
  readonly closedAt: Date;
  /** After fees and taxes. */
  readonly net: Decimal;
}

export interface ProtectionFacts {
  /** Scope time. */
  readonly now: Date;
  /** End of the trading day. */
  readonly dayEnds: Date;
  /** Of this trading day, by time of closing. */
  readonly trades: readonly ClosedTrade[];
  readonly unrealised: Decimal;
  readonly equity: { readonly peak: Decimal; readonly now: Decimal };
}

/** Entries are stopped: of one symbol, or of all when it is null. */
export interface Protection {
  readonly code: 'daily_loss' | 'consecutive_losses' | 'cooldown' | 'max_drawdown';
  readonly symbol: string | null;
  /** Null: until a person resumes. */
  readonly until: Date | null;
  readonly params: Readonly<Record<string, string | number>>;
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms);
}

function dailyLoss(limits: ProtectionLimits, facts: ProtectionFacts): Protection[] {
  if (limits.dailyLoss === null) return [];
  const loss = sum([...facts.trades.map((trade) => trade.net), facts.unrealised]).neg();
  if (loss.lt(limits.dailyLoss) || loss.lte(0)) return [];
  const params = { loss: plain(loss), limit: plain(limits.dailyLoss) };
  return [{ code: 'daily_loss', symbol: null, until: facts.dayEnds, params }];
}

function consecutiveLosses(limits: ProtectionLimits, facts: ProtectionFacts): Protection[] {
  const { consecutiveLosses: limit } = limits;
  const last = facts.trades.at(-1);
  if (limit === null || last === undefined) return [];
  // A trade without gain or loss neither breaks a row of losses nor lengthens it.
  const gain = facts.trades.findLastIndex((trade) => trade.net.gt(0));
  const losses = facts.trades.slice(gain + 1).filter((trade) => trade.net.lt(0));
  const latest = losses.at(-1);
  if (latest === undefined || losses.length < limit) return [];
  const until = later(latest.closedAt, limits.consecutivePauseMs);
  return until > facts.now
    ? [{ code: 'consecutive_losses', symbol: null, until, params: { losses: losses.length, limit } }]
    : [];
}

function cooldowns(limits: ProtectionLimits, facts: ProtectionFacts): Protection[] {
  const latest = new Map<string, ClosedTrade>();
  for (const trade of facts.trades) if (trade.net.lt(0)) latest.set(trade.symbol, trade);
  return [...latest.values()].flatMap((trade): Protection[] => {
    const until = later(trade.closedAt, limits.cooldownMs);
    const { symbol } = trade;
    return until > facts.now ? [{ code: 'cooldown', symbol, until, params: { symbol } }] : [];
  });
}

function maxDrawdown(limits: ProtectionLimits, facts: ProtectionFacts): Protection[] {
  const { peak, now } = facts.equity;
  if (limits.maxDrawdown === null || peak.lte(0)) return [];
  const fall = peak.minus(now);
  if (fall.lte(0) || fall.lt(peak.times(limits.maxDrawdown))) return [];
  const params = { drawdown: plain(fall.div(peak).toDecimalPlaces(6)), limit: plain(limits.maxDrawdown) };
  return [{ code: 'max_drawdown', symbol: null, until: null, params }];
}

/** All protections that hold now. They stop entries only; which symbol and until when is theirs to say. */
export function protectionsOf(limits: ProtectionLimits, facts: ProtectionFacts): readonly Protection[] {
  return [maxDrawdown, dailyLoss, consecutiveLosses, cooldowns].flatMap((rule) => rule(limits, facts));
}

/** Codes of those that hold for this symbol, the gravest first. */
export function holding(protections: readonly Protection[], symbol: string): Protection['code'][] {
  return protections
    .filter((each) => each.symbol === null || each.symbol === symbol)
    .map((each) => each.code);
}
