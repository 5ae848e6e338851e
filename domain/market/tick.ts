import { type Decimal, decimal } from '#domain/core/decimal.ts';
import { type Price, price } from './money.ts';

/** From this price on, prices are multiples of `tick`. */
export interface TickBand {
  readonly from: Decimal;
  readonly tick: Decimal;
}
/** Bands from the lowest up; the first begins at 0. Each `from` is a multiple of its own tick and of the one below it. */
export type TickTable = readonly TickBand[];

/** @param bands `[from, tick]` from the lowest up. @throws RangeError for bands that do not fit each other. */
export function tickTable(
  bands: readonly (readonly [from: string | number, tick: string | number])[],
): TickTable {
  const table = bands.map(([from, tick]) => ({ from: decimal(from), tick: decimal(tick) }));
  if (table[0]?.from.isZero() !== true) throw new RangeError('the first band begins at 0');
  for (const [index, { from, tick }] of table.entries()) {
    const below = table[index - 1];
    const fits =
      tick.greaterThan(0) &&
      from.modulo(tick).isZero() &&
      (below === undefined || (from.greaterThan(below.from) && from.modulo(below.tick).isZero()));
    if (!fits) throw new RangeError(`the band from ${from.toFixed()} does not fit`);
  }
  return table;
}

function bandIndex(table: TickTable, at: Decimal): number {
  return Math.max(
    0,
    table.findLastIndex(({ from }) => from.lessThanOrEqualTo(at)),
  );
}

function bandAt(table: TickTable, at: Decimal): TickBand {
  const band = table[bandIndex(table, at)];
  if (band === undefined) throw new RangeError('a tick table has no bands');
  return band;
}

/** The tick in force at a price. */
export function tickAt(table: TickTable, at: Decimal): Decimal {
  return bandAt(table, at).tick;
}

export function isOnTick(table: TickTable, at: Decimal): boolean {
  return at.isFinite() && at.greaterThan(0) && at.modulo(tickAt(table, at)).isZero();
}

/**
 * How a price meets its ticks. A side never does worse than was asked: a buy rounds down, a sell up. To get out at any
 * price say `down` or `up` yourself.
 */
export type TickRounding = 'buy' | 'sell' | 'down' | 'up' | 'nearest';

/**
 * The valid price beside one. `nearest` takes the lower of two equally near.
 * @returns null where there is none on that side: below the smallest tick nothing is valid.
 * @throws RangeError for a price that is not above zero.
 */
export function roundToTick(table: TickTable, asked: Decimal, rounding: TickRounding): Price | null {
  if (!asked.isFinite() || !asked.greaterThan(0)) throw new RangeError(`${asked.toFixed()} is no price`);
  const { tick } = bandAt(table, asked);
  const steps = asked.dividedToIntegerBy(tick);
  const low = steps.times(tick);
  const below = low.isZero() ? null : price(low);
  // One step over the end of a band is where the next begins, which is valid there.
  const above = low.equals(asked) ? price(asked) : price(low.plus(tick));
  switch (rounding) {
    case 'buy':
    case 'down':
      return below;
    case 'sell':
    case 'up':
      return above;
    case 'nearest':
      if (below === null) return above;
      return asked.minus(below).lessThanOrEqualTo(above.minus(asked)) ? below : above;
  }
}

function neighbour(table: TickTable, at: Price, step: 1 | -1): Price | null {
  const index = bandIndex(table, at);
  const band = bandAt(table, at);
  if (step === 1) return price(at.plus(band.tick));
  const tick = at.equals(band.from) ? (table[index - 1]?.tick ?? band.tick) : band.tick;
  const lower = at.minus(tick);
  return lower.greaterThan(0) ? price(lower) : null;
}

/**
 * The price so many ticks higher (or lower, when negative), over band edges. An asked price between ticks counts from
 * the valid one on the far side, so that one tick is never more than a tick away.
 * @returns null when there is no price so low.
 */
export function stepTicks(table: TickTable, from: Price, ticks: number): Price | null {
  let at: Price | null = roundToTick(table, from, ticks < 0 ? 'up' : 'down');
  if (at === null) return ticks > 0 ? stepTicks(table, tickAt(table, from), ticks - 1) : null;
  for (let left = Math.abs(ticks); left > 0 && at !== null; left -= 1)
    at = neighbour(table, at, ticks < 0 ? -1 : 1);
  return at;
}

/** Why a price is refused, and the two valid ones next to it; `below` is null under the smallest tick. */
export interface TickProblem {
  readonly code: 'off_tick';
  readonly price: Decimal;
  readonly tick: Decimal;
  readonly below: Price | null;
  readonly above: Price;
  readonly message: string;
}

/** Null for a valid price. @throws RangeError for a price that is not above zero. */
export function tickProblem(table: TickTable, asked: Decimal): TickProblem | null {
  const below = roundToTick(table, asked, 'down');
  const above = roundToTick(table, asked, 'up');
  if (above === null || above.equals(asked)) return null;
  const tick = tickAt(table, asked);
  const choice = below === null ? above.toFixed() : `${below.toFixed()} or ${above.toFixed()}`;
  return {
    code: 'off_tick',
    price: asked,
    tick,
    below,
    above,
    message: `${asked.toFixed()} is no multiple of the tick ${tick.toFixed()}: use ${choice}`,
  };
}
