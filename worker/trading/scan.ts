import { type CandleInterval, candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { type CrossSection, type Discovery, discover } from '#domain/strategies/candidates.ts';
import type { Candles } from '#domain/strategies/candles.ts';
import { type EntrySignal, signalsOf } from '#domain/strategies/signals.ts';
import { strategyNamed } from '#domain/strategies/registry.ts';
import type { PreparedStrategy } from '#domain/strategies/strategy.ts';
import { runtimeReason } from '#domain/traders/reasons.ts';
import type { EntryChoice, TraderReason } from '#domain/traders/state.ts';
import type { TraderDefinition } from '#domain/traders/definition.ts';
import type { ScannedCandidate } from '#db/traders/schema.ts';
import { entryKeyOf } from '#db/traders/order-key.ts';
import type { MadeStep } from '#db/traders/transitions.ts';
import { workOf } from '#db/traders/rows.ts';

const minuteMs = 60_000;
const dayMin = 1_440;
/** Candles of two KRX sessions in minutes, auctions included: strategies that look at yesterday need them all. */
const twoSessionsMin = 800;

export function intervalMs(interval: CandleInterval): number {
  return (candleMinutes[interval] ?? dayMin) * minuteMs;
}

/** @throws Error for a strategy that this build does not have. */
export function strategyOf({
  strategy,
  params,
}: Pick<TraderDefinition, 'strategy' | 'params'>): PreparedStrategy {
  const found = strategyNamed(strategy);
  if (found === undefined) throw new Error(`There is no strategy "${strategy}".`);
  return found.prepare(params);
}

/** How many candles a trader's strategy is fed: its warm-up, what closed since the last scan, and yesterday. */
export function candlesNeeded(definition: TraderDefinition): number {
  const minutes = candleMinutes[definition.interval];
  const recent = Math.ceil((definition.scan_interval_sec * 1_000) / intervalMs(definition.interval));
  const days = minutes === null ? 2 : Math.ceil(twoSessionsMin / minutes);
  return Math.max(strategyOf(definition).warmUp + recent + 2, days);
}

/** What one look over the market came to, before anything is asked for. */
export interface Look {
  readonly discovery: Discovery;
  readonly section: CrossSection;
  readonly signals: ReadonlyMap<string, EntrySignal>;
}

export function lookAround(definition: TraderDefinition, section: CrossSection): Discovery {
  return discover(section, definition.filter);
}

/** Signals of the candidates: of candles that closed since one scan interval ago, the one before included. */
export function entrySignals(
  definition: TraderDefinition,
  discovery: Discovery,
  candles: ReadonlyMap<string, Candles>,
  now: Date,
): ReadonlyMap<string, EntrySignal> {
  const strategy = strategyOf(definition);
  const since = now.getTime() - definition.scan_interval_sec * 1_000 - 2 * intervalMs(definition.interval);
  const found = new Map<string, EntrySignal>();
  for (const { symbol } of discovery.candidates) {
    const own = candles.get(symbol);
    const entry = own === undefined ? null : signalsOf(strategy, own, since).entry;
    if (entry !== null) found.set(symbol, entry);
  }
  return found;
}

/** The key that an order on this signal would carry. */
export function keyOf(definition: TraderDefinition, symbol: string, { ts }: EntrySignal): string {
  return entryKeyOf(symbol, definition.interval, Math.round(ts / 1_000));
}

/** The candidates with a signal that nobody acted on yet: the surest first, then the better rank. */
export function choicesOf(
  definition: TraderDefinition,
  { discovery, signals }: Look,
  used: ReadonlySet<string>,
): readonly EntryChoice[] {
  return discovery.candidates
    .flatMap(({ symbol }): EntryChoice[] => {
      const found = signals.get(symbol);
      if (found === undefined || used.has(keyOf(definition, symbol, found))) return [];
      const { confidence, reason } = found.signal;
      const params = { ...reason.params, candle_ts: Math.round(found.ts / 1_000) };
      return [{ symbol, confidence, reason: { code: reason.code, params } }];
    })
    .toSorted((a, b) => b.confidence - a.confidence);
}

/** What became of each candidate, for the page of the scan. */
export function scannedCandidates(
  definition: TraderDefinition,
  { discovery, section, signals }: Look,
  used: ReadonlySet<string>,
  steps: readonly MadeStep[],
): readonly ScannedCandidate[] {
  const last = steps.at(-1)?.after;
  const work = last === undefined ? null : workOf(last);
  const chosen = work?.phase === 'ENTERING' ? work.symbol : null;
  const said = reasonsBySymbol(steps);
  const first = Math.max(section.days - 1, 0) * section.symbols.length;
  return discovery.candidates.map(({ symbol, index, rank, score }) => {
    const found = signals.get(symbol);
    const reason =
      symbol === chosen
        ? null
        : found === undefined
          ? runtimeReason('no_signal', {})
          : used.has(keyOf(definition, symbol, found))
            ? runtimeReason('signal_used', { symbol })
            : (said.get(symbol) ?? runtimeReason('not_asked', {}));
    return {
      symbol,
      rank,
      score,
      price: section.close[first + index] ?? 0,
      confidence: found?.signal.confidence ?? null,
      chosen: symbol === chosen,
      reason,
    };
  });
}

/** Why each symbol was passed over after it was asked for; the last word counts. */
function reasonsBySymbol(steps: readonly MadeStep[]): ReadonlyMap<string, TraderReason> {
  const said = new Map<string, TraderReason>();
  for (const { event, effects } of steps) {
    if (event.kind === 'symbol_refused') said.set(event.symbol, event.why);
    for (const effect of effects) {
      if (effect.kind !== 'record' && effect.kind !== 'alert') continue;
      const symbol = effect.reason.params['symbol'];
      if (typeof symbol === 'string' && effect.reason.code !== 'symbol_refused')
        said.set(symbol, effect.reason);
    }
  }
  return said;
}
