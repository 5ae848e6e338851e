import { type Decimal, sum, zero } from '#domain/core/decimal.ts';
import { unrealised } from '#domain/ledger/position.ts';
import type { EquityCurve } from './equity.ts';
import type { Stretch } from './exposure.ts';
import type { AccountHistory } from './fold.ts';
import type { Lot, Owner } from './lots.ts';

/** What somebody had at an instant. `equity` is always `base + realised + unrealised`. */
export interface Mark {
  readonly at: Date;
  readonly equity: Decimal;
  /** What was paid in less what was taken out so far; of a trader the capital it works with. */
  readonly base: Decimal;
}

/** A valuation with its parts, as an equity point stores it. */
export interface Valuation {
  readonly equity: Decimal;
  readonly cash: Decimal;
  readonly positions: Decimal;
  /** Earned so far after costs, dividends included. */
  readonly realised: Decimal;
  readonly unrealised: Decimal;
  readonly base: Decimal;
}

/** What lots are worth. A symbol without a price counts at its cost and is named. */
export function valueLots(
  lots: readonly Lot[],
  prices: ReadonlyMap<string, Decimal>,
): { readonly positions: Decimal; readonly unrealised: Decimal; readonly unpriced: readonly string[] } {
  let [positions, gain] = [zero, zero];
  const unpriced: string[] = [];
  for (const { position, symbol } of lots) {
    const price = prices.get(symbol);
    const change = price === undefined ? zero : unrealised(position, price);
    if (price === undefined) unpriced.push(symbol);
    gain = gain.plus(change);
    positions = positions.plus(
      price === undefined ? unrealised(position, zero).neg() : position.quantity.times(price),
    );
  }
  return { positions, unrealised: gain, unpriced };
}

/** An account's worth by its entries and these prices. */
export function valueAccount(history: AccountHistory, prices: ReadonlyMap<string, Decimal>): Valuation {
  const { positions, unrealised: gain } = valueLots(history.lots, prices);
  const equity = history.cash.plus(positions);
  return {
    equity,
    cash: history.cash,
    positions,
    realised: equity.minus(gain).minus(history.base),
    unrealised: gain,
    base: history.base,
  };
}

/**
 * A trader's worth: the capital that one position of it may use, all it earned so far after costs, and what it holds.
 * It holds one position at a time, so its returns are on the money it can put at risk, and they compound.
 */
export function valueTrader(
  history: AccountHistory,
  trader: string,
  capital: Decimal,
  realised: Decimal,
  prices: ReadonlyMap<string, Decimal>,
): Valuation {
  const { positions, unrealised: gain } = valueLots(lotsOf(history, trader), prices);
  const equity = capital.plus(realised).plus(gain);
  return { equity, cash: equity.minus(positions), positions, realised, unrealised: gain, base: capital };
}

export function lotsOf(history: AccountHistory, owner: Owner): Lot[] {
  return history.lots.filter((lot) => lot.trader === owner);
}

export function addValuations(all: readonly Valuation[]): Valuation {
  const total = (pick: (valuation: Valuation) => Decimal) => sum(all.map(pick));
  return {
    equity: total(({ equity }) => equity),
    cash: total(({ cash }) => cash),
    positions: total(({ positions }) => positions),
    realised: total(({ realised }) => realised),
    unrealised: total(({ unrealised }) => unrealised),
    base: total(({ base }) => base),
  };
}

/**
 * The curve of a day from marks of different origin: those before the close by time, then the close. Of several at one
 * instant the last given counts. Flows are what the base moved by.
 */
export function dayCurve(
  opening: Pick<Mark, 'equity' | 'base'>,
  marks: readonly Mark[],
  close: Mark,
): EquityCurve {
  const byTime = new Map<number, Mark>();
  for (const mark of marks) if (mark.at < close.at) byTime.set(mark.at.getTime(), mark);
  let { base } = opening;
  const points = [...byTime.values(), close]
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .map((mark) => {
      const flow = mark.base.minus(base);
      ({ base } = mark);
      return { label: mark.at.toISOString(), equity: mark.equity, ...(flow.isZero() ? {} : { flow }) };
    });
  return { opening: opening.equity, points };
}

/** When lots were held up to an instant: of closed trips and of what is still open. */
export function heldUntil(history: AccountHistory, until: Date, owner?: Owner): Stretch[] {
  const mine = ({ trader }: { readonly trader: Owner }) => owner === undefined || trader === owner;
  return [
    ...history.trips.filter(mine).map(({ entry_at, exit_at }) => ({ start: entry_at, end: exit_at })),
    ...history.lots.filter(mine).map(({ openedAt }) => ({ start: openedAt, end: until })),
  ];
}
