import { type Decimal, atLeastZero, sum, zero } from '#domain/core/decimal.ts';
import { type Order, openQuantity } from '#domain/orders/order.ts';
import type { LedgerEntry } from './entry.ts';
import {
  type Position,
  type PositionChange,
  add,
  cost,
  fill,
  noPosition,
  remove,
  split,
} from './position.ts';

/** What an account's entries come to. */
export interface Book {
  readonly positions: ReadonlyMap<string, Position>;
  /** All cash, settled or not. */
  readonly cash: Decimal;
  /** Cash that comes or goes on a later day, by that day. */
  readonly settling: ReadonlyMap<string, Decimal>;
  readonly deposits: Decimal;
  readonly withdrawals: Decimal;
  readonly dividends: Decimal;
  readonly fees: Decimal;
  readonly taxes: Decimal;
  /** Cash and cost brought in or taken away by adjustments. */
  readonly adjusted: Decimal;
  readonly lastSeq: number;
}

export const emptyBook: Book = {
  positions: new Map(),
  cash: zero,
  settling: new Map(),
  deposits: zero,
  withdrawals: zero,
  dividends: zero,
  fees: zero,
  taxes: zero,
  adjusted: zero,
  lastSeq: 0,
};

export type Posting =
  | { readonly ok: true; readonly book: Book }
  | {
      readonly ok: false;
      readonly code: Extract<PositionChange, { ok: false }>['code'] | 'out_of_order' | 'adjustment_empty';
      readonly params: Readonly<Record<string, string>>;
    };

/** Change of cash that an entry brings. */
export function cashEffect(entry: LedgerEntry): Decimal {
  switch (entry.kind) {
    case 'fill':
      return entry.side === 'buy' ? entry.amount.neg() : entry.amount;
    case 'deposit':
    case 'dividend':
      return entry.amount;
    case 'fee':
    case 'tax':
    case 'withdrawal':
      return entry.amount.neg();
    case 'split':
      return zero;
    case 'adjustment':
      return entry.cash;
  }
}

export function positionOf(book: Book, symbol: string): Position {
  return book.positions.get(symbol) ?? noPosition;
}

function withPosition(book: Book, symbol: string, change: PositionChange): Posting {
  if (!change.ok) return { ok: false, code: change.code, params: { symbol, ...change.params } };
  return { ok: true, book: { ...book, positions: new Map([...book.positions, [symbol, change.position]]) } };
}

function adjust(book: Book, entry: Extract<LedgerEntry, { kind: 'adjustment' }>): Posting {
  const { symbol, quantity, cost: brought } = entry;
  const adjusted = book.adjusted.plus(entry.cash);
  if (symbol === null) {
    if (entry.cash.isZero() || !quantity.isZero()) return { ok: false, code: 'adjustment_empty', params: {} };
    return { ok: true, book: { ...book, adjusted } };
  }
  const position = positionOf(book, symbol);
  const change: PositionChange = quantity.lt(0)
    ? remove(position, quantity.neg(), null)
    : position.quantity.plus(quantity).isZero()
      ? { ok: true, position }
      : { ok: true, position: add(position, quantity, brought) };
  if (!change.ok) return withPosition(book, symbol, change);
  const moved = cost(change.position).minus(cost(position));
  return withPosition({ ...book, adjusted: adjusted.plus(moved) }, symbol, change);
}

function apply(book: Book, entry: LedgerEntry): Posting {
  switch (entry.kind) {
    case 'fill':
      return withPosition(
        book,
        entry.symbol,
        fill(positionOf(book, entry.symbol), entry.side, entry.quantity, entry.amount),
      );
    case 'split':
      return withPosition(
        book,
        entry.symbol,
        split(positionOf(book, entry.symbol), entry.numerator, entry.denominator),
      );
    case 'fee':
      return { ok: true, book: { ...book, fees: book.fees.plus(entry.amount) } };
    case 'tax':
      return { ok: true, book: { ...book, taxes: book.taxes.plus(entry.amount) } };
    case 'deposit':
      return { ok: true, book: { ...book, deposits: book.deposits.plus(entry.amount) } };
    case 'withdrawal':
      return { ok: true, book: { ...book, withdrawals: book.withdrawals.plus(entry.amount) } };
    case 'dividend':
      return { ok: true, book: { ...book, dividends: book.dividends.plus(entry.amount) } };
    case 'adjustment':
      return adjust(book, entry);
  }
}

/** Adds an entry. Entries come by rising `seq`; a refused one changes nothing. */
export function post(book: Book, entry: LedgerEntry): Posting {
  if (entry.seq <= book.lastSeq)
    return {
      ok: false,
      code: 'out_of_order',
      params: { seq: String(entry.seq), last: String(book.lastSeq) },
    };
  const posted = apply(book, entry);
  if (!posted.ok) return posted;
  const effect = cashEffect(entry);
  const settling = new Map(posted.book.settling);
  if (!effect.isZero()) {
    const day = entry.settles_on;
    settling.set(day, (settling.get(day) ?? zero).plus(effect));
  }
  return {
    ok: true,
    book: { ...posted.book, cash: book.cash.plus(effect), settling, lastSeq: entry.seq },
  };
}

/**
 * The book of entries by rising `seq`.
 * @throws RangeError when one cannot be: entries are checked by `post` before they are stored.
 */
export function bookOf(entries: Iterable<LedgerEntry>): Book {
  let book = emptyBook;
  for (const entry of entries) {
    const posted = post(book, entry);
    if (!posted.ok)
      throw new RangeError(`Entry ${entry.id}: ${posted.code} ${JSON.stringify(posted.params)}`);
    ({ book } = posted);
  }
  return book;
}

/** Cash that is there on this day (KIS: D+0, D+1, D+2 for today and the next two sessions). */
export function settledCash(book: Book, day: string): Decimal {
  return sum([...book.settling].filter(([on]) => on <= day).map(([, amount]) => amount));
}

/** Realised profit and loss of all symbols before fees and taxes. */
export function realisedGross(book: Book): Decimal {
  return sum([...book.positions.values()].map((position) => position.realised));
}

/** Realised profit and loss after fees and taxes, which is what counts. */
export function realisedNet(book: Book): Decimal {
  return realisedGross(book).minus(book.fees).minus(book.taxes);
}

/**
 * Cash and what is held at these prices.
 * @returns null when a held symbol has no price: an unknown value is not zero.
 */
export function equity(book: Book, prices: ReadonlyMap<string, Decimal>): Decimal | null {
  let total = book.cash;
  for (const [symbol, position] of book.positions) {
    if (position.quantity.isZero()) continue;
    const price = prices.get(symbol);
    if (price === undefined) return null;
    total = total.plus(position.quantity.times(price));
  }
  return total;
}

/** What may be sold of a symbol by our own book: held, less what open sells may still take. */
export function sellable(book: Book, symbol: string, orders: readonly Order[]): Decimal {
  const reserved = sum(
    orders
      .filter((order) => order.symbol === symbol && order.side === 'sell')
      .map((order) => openQuantity(order)),
  );
  return atLeastZero(positionOf(book, symbol).quantity.minus(reserved));
}
