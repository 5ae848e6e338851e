import { type Decimal, decimal } from '#domain/core/decimal.ts';
import type { Control } from '#domain/accounts/control.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import { type PriceLimits, limitsOf } from '#domain/market/price-limits.ts';
import { type Price, price } from '#domain/market/money.ts';
import { smallestOrder } from '#domain/market/lot.ts';
import { freshnessOf } from '#domain/market/quote.ts';
import { type TickTable, tickTable } from '#domain/market/tick.ts';
import { ticksOf } from '#domain/market/ticks.ts';
import { type RunningPhase, type TradingNow, tradingAt } from '#domain/market/trading-phase.ts';
import { type Calendar, sessionOf } from '#domain/time/calendar/calendar.ts';
import type { TraderDefinition } from './definition.ts';
import { runtimeReason } from './reasons.ts';
import type { TraderReason } from './state.ts';
import type { TraderContext } from './step-types.ts';

/** Best prices as they were stored. */
export interface SeenQuote {
  readonly at: Date;
  readonly availableAt: Date;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly last: Decimal | null;
}

/** All that decides what a trader sees, read at one instant. */
export interface TraderView {
  readonly now: Date;
  readonly definition: Pick<TraderDefinition, 'rules' | 'flatten_before_sec' | 'max_quote_age_sec'>;
  readonly started: boolean;
  readonly control: Control;
  /** Protections that hold: of all symbols (null) or of one. */
  readonly protections: readonly { readonly symbol: string | null; readonly reason: TraderReason }[];
  readonly account: {
    readonly calendar: Calendar;
    /** The account's trading day. */
    readonly day: string;
    readonly ready: boolean;
    readonly stoppedDay: string | null;
    readonly revises: boolean;
  };
  readonly symbol: string | null;
  /** Null when the feed does not know the symbol. */
  readonly instrument: Instrument | null;
  readonly quote: SeenQuote | null;
  readonly sellable: Decimal | null;
  /** Which side the next order would be on. */
  readonly side: 'buy' | 'sell';
}

/** The session proper: what comes before and after it is not traded by a machine. */
const session: ReadonlySet<RunningPhase['name']> = new Set([
  'opening_auction',
  'continuous',
  'closing_auction',
]);
const noTicks = tickTable([[0, 1]]);
const usual = { kind: 'stock', state: 'normal' } as const;

/** What a trader sees of the world. */
export function contextOf(view: TraderView): TraderContext {
  const { now, definition, account, instrument, control } = view;
  const trading = tradingNow(view);
  const inSession = trading?.phase != null && session.has(trading.phase.name);
  const dated = instrument === null ? null : rulesOn(instrument, account.day);
  const limits = dated?.limits ?? null;
  const quote = freshQuote(view);
  return {
    now,
    rules: definition.rules,
    flattenFrom: flattenFrom(view),
    entriesBlocked: entriesBlocked(view, dated?.ticks ?? null),
    matching: inSession ? trading.matching : 'none',
    // Under a stop nothing may be sent: a machine that tried would only collect refusals.
    accepting: inSession && dated?.ticks != null && (control.mode !== 'stopped' || control.flatten),
    stuck: inSession ? stuckOf(view, trading, limits) : null,
    lastChance: trading?.phase?.name === 'closing_auction',
    canRevise: account.revises,
    ticks: dated?.ticks ?? noTicks,
    limits,
    lot: decimal(instrument?.lot ?? 1),
    minOrderValue: instrument === null ? null : smallestOrder(instrument),
    quote,
    sellable: view.sellable,
  };
}

/** Before there is a symbol: as of a share that trades as its session does. Null for a symbol that is not listed. */
function tradingNow({ account, now, symbol, instrument }: TraderView): TradingNow | null {
  if (instrument === null)
    return symbol === null ? tradingAt(account.calendar, now, { ...usual, state_until: null }) : null;
  const { kind, state, state_until: until } = { kind: 'crypto' as const, ...instrument };
  return tradingAt(account.calendar, now, {
    kind,
    state,
    state_until: until === null ? null : new Date(until),
  });
}

const known = new WeakMap<
  Instrument,
  { readonly day: string; readonly ticks: TickTable | null; readonly limits: PriceLimits | null }
>();

/** Ticks and limits of an instrument's day: worked out once. */
function rulesOn(instrument: Instrument, day: string) {
  const before = known.get(instrument);
  if (before?.day === day) return before;
  const made = { day, ticks: ticksOf(instrument, day), limits: limitsOf(instrument, day) };
  known.set(instrument, made);
  return made;
}

/** T−Δ of the day: null where nothing is flattened daily, and on days without a session. */
function flattenFrom({ definition, account }: TraderView): Date | null {
  if (!definition.rules.flatten_daily) return null;
  const day = sessionOf(account.calendar, account.day);
  return day.kind === 'closed'
    ? null
    : new Date(day.continuous_close.getTime() - definition.flatten_before_sec * 1_000);
}

function entriesBlocked(view: TraderView, ticks: TickTable | null): TraderReason | null {
  const { control, account, started, protections, symbol, instrument } = view;
  if (control.mode !== 'running') return { code: control.mode, params: {} };
  if (account.stoppedDay === account.day) return runtimeReason('account_stopped_today', { day: account.day });
  if (!account.ready) return runtimeReason('account_not_ready', {});
  if (!started) return runtimeReason('trader_stopped', {});
  const held = protections.find((each) => each.symbol === null || each.symbol === symbol);
  if (held !== undefined) return held.reason;
  if (symbol !== null && instrument === null) return runtimeReason('symbol_not_listed', { symbol });
  if (symbol !== null && ticks === null) return { code: 'ticks_unknown', params: { symbol } };
  return null;
}

const priceOf = (value: Decimal | null): Price | null => (value === null ? null : price(value));

function freshQuote({ quote, now, definition }: TraderView): TraderContext['quote'] {
  if (quote === null || quote.last === null) return null;
  const seen = { at: quote.at, available_at: quote.availableAt };
  if (!freshnessOf(seen, now, definition.max_quote_age_sec * 1_000).fresh) return null;
  return { last: price(quote.last), bid: priceOf(quote.bid), ask: priceOf(quote.ask) };
}

/** Locked at its limit: nobody is on the side that the next order would need. */
function stuckOf(
  { quote, side }: TraderView,
  trading: TradingNow,
  limits: PriceLimits | null,
): TraderContext['stuck'] {
  if (trading.reason === 'halted') return 'halted';
  if (trading.matching !== 'continuous' || limits === null || quote === null || quote.last === null)
    return null;
  const locked =
    side === 'sell'
      ? quote.bid === null && quote.last.lessThanOrEqualTo(limits.lower)
      : quote.ask === null && quote.last.greaterThanOrEqualTo(limits.upper);
  return locked ? 'limit_locked' : null;
}
