import { type Decimal, zero } from '#domain/core/decimal.ts';
import { cashEffect } from '#domain/ledger/book.ts';
import type { EntryOf, LedgerEntry } from '#domain/ledger/entry.ts';
import { cost } from '#domain/ledger/position.ts';
import {
  type Lot,
  type Owner,
  type Trip,
  buyInto,
  openLot,
  sharesOf,
  splitLot,
  takeFrom,
  tripOf,
} from './lots.ts';

/** Sums of one owner on one trading day, or of all days so far. */
export interface Tally {
  /** Of sales, before costs. */
  readonly gross: Decimal;
  readonly fees: Decimal;
  readonly taxes: Decimal;
}
export const noTally: Tally = { gross: zero, fees: zero, taxes: zero };

export function addTally(a: Tally, b: Tally): Tally {
  return { gross: a.gross.plus(b.gross), fees: a.fees.plus(b.fees), taxes: a.taxes.plus(b.taxes) };
}
/** After fees and taxes. */
export function netTally({ gross, fees, taxes }: Tally): Decimal {
  return gross.minus(fees).minus(taxes);
}

/**
 * An instant at which somebody held nothing: what they own is then known to the won without any price.
 * `realised`: everything earned so far after costs (of the account with dividends).
 */
export interface FlatPoint {
  readonly at: Date;
  readonly trading_day: string;
  readonly realised: Decimal;
  /** Of the account: paid in less taken out so far. Zero of a trader. */
  readonly base: Decimal;
}

/** What the entries of one account come to, by owner. */
export interface AccountHistory {
  readonly account: string;
  readonly cash: Decimal;
  /** Deposits less withdrawals, and what adjustments brought in: it is no profit. */
  readonly base: Decimal;
  readonly dividends: Decimal;
  /** Held now. */
  readonly lots: readonly Lot[];
  /** By time of exit. */
  readonly trips: readonly Trip[];
  /** By trading day, then owner. */
  readonly days: ReadonlyMap<string, ReadonlyMap<Owner, Tally>>;
  /** Instants at which the account, and at which each owner, was flat after something had happened. */
  readonly flat: readonly FlatPoint[];
  readonly flatOf: ReadonlyMap<Owner, readonly FlatPoint[]>;
  readonly lastAt: Date | null;
  readonly lastSeq: number;
}

/** Reads an account's entries by rising `seq`, one instant after another. What it has read goes on being read from a fork. */
export class HistoryReader {
  readonly account: string;
  cash = zero;
  base = zero;
  dividends = zero;
  earned = zero;
  lastAt: Date | null = null;
  lastSeq = 0;
  readonly lots = new Map<string, Lot[]>();
  readonly closed: Lot[] = [];
  /** The lot on which an order's costs fall, and the newest of an owner and symbol for costs of no order. */
  readonly ofOrder = new Map<string, Lot>();
  readonly newest = new Map<string, Lot>();
  readonly days = new Map<string, Map<Owner, Tally>>();
  readonly flat: FlatPoint[] = [];
  readonly flatOf = new Map<Owner, FlatPoint[]>();
  readonly totals = new Map<Owner, Decimal>();
  /** Who was touched at the present instant. */
  private touched = new Set<Owner>();
  private now: { at: Date; day: string } | null = null;

  constructor(account: string) {
    this.account = account;
  }

  take(entry: LedgerEntry): void {
    if (this.now !== null && this.now.at.getTime() !== entry.at.getTime()) this.endInstant();
    this.now = { at: entry.at, day: entry.trading_day };
    this.cash = this.cash.plus(cashEffect(entry));
    this.lastAt = entry.at;
    this.lastSeq = entry.seq;
    this.apply(entry);
  }

  private apply(entry: LedgerEntry): void {
    switch (entry.kind) {
      case 'fill':
        return entry.side === 'buy' ? this.buy(entry) : this.sell(entry);
      case 'fee':
      case 'tax':
        return this.charge(entry);
      case 'deposit':
        this.base = this.base.plus(entry.amount);
        return;
      case 'withdrawal':
        this.base = this.base.minus(entry.amount);
        return;
      case 'dividend':
        this.dividends = this.dividends.plus(entry.amount);
        this.earned = this.earned.plus(entry.amount);
        return;
      case 'split':
        for (const lot of this.held(entry.symbol)) splitLot(lot, entry.numerator, entry.denominator);
        return;
      case 'adjustment':
        return this.adjust(entry);
    }
  }

  private held(symbol: string): Lot[] {
    return this.lots.get(symbol) ?? [];
  }

  private lotOf(symbol: string, owner: Owner, at: Date, order: string | null): Lot {
    const held = this.held(symbol);
    const known = held.find((lot) => lot.trader === owner);
    if (known !== undefined) return known;
    const made = openLot({ account: this.account, trader: owner, symbol, openedAt: at, entryOrder: order });
    this.lots.set(symbol, [...held, made]);
    return made;
  }

  private note(lot: Lot, order: string | null): void {
    if (order !== null) this.ofOrder.set(order, lot);
    this.newest.set(`${lot.symbol}\n${lot.trader ?? ''}`, lot);
  }

  private buy(entry: EntryOf<'fill'>): void {
    const lot = this.lotOf(entry.symbol, entry.trader, entry.at, entry.order_id);
    buyInto(lot, entry.quantity, entry.amount);
    this.note(lot, entry.order_id);
    this.touched.add(lot.trader);
  }

  private sell(entry: EntryOf<'fill'>): void {
    for (const share of sharesOf(this.held(entry.symbol), entry.trader, entry.quantity, entry.amount)) {
      const gross = takeFrom(share);
      share.lot.exitOrder = entry.order_id;
      this.note(share.lot, entry.order_id);
      this.tally(entry.trading_day, share.lot.trader, { ...noTally, gross });
      this.closeIfFlat(share.lot, entry);
    }
  }

  private charge(entry: EntryOf<'fee' | 'tax'>): void {
    const lot =
      (entry.order_id === null ? undefined : this.ofOrder.get(entry.order_id)) ??
      this.newest.get(`${entry.symbol}\n${entry.trader ?? ''}`);
    const owner = lot?.trader ?? entry.trader;
    const field = entry.kind === 'fee' ? 'fees' : 'taxes';
    if (lot !== undefined) lot[field] = lot[field].plus(entry.amount);
    this.tally(entry.trading_day, owner, { ...noTally, [field]: entry.amount });
  }

  private adjust(entry: EntryOf<'adjustment'>): void {
    this.base = this.base.plus(entry.cash);
    if (entry.symbol === null || entry.quantity.isZero()) {
      const lot = entry.symbol === null ? undefined : this.held(entry.symbol)[0];
      if (lot === undefined || entry.cost.isZero()) return;
      buyInto(lot, zero, entry.cost);
      this.base = this.base.plus(entry.cost);
      return;
    }
    if (entry.quantity.gt(0)) {
      buyInto(this.lotOf(entry.symbol, null, entry.at, null), entry.quantity, entry.cost);
      this.base = this.base.plus(entry.cost);
      return;
    }
    for (const share of sharesOf(this.held(entry.symbol), null, entry.quantity.neg(), null)) {
      const before = cost(share.lot.position);
      takeFrom(share);
      this.base = this.base.minus(before.minus(cost(share.lot.position)));
      this.touched.add(share.lot.trader);
      this.closeIfFlat(share.lot, entry);
    }
  }

  private closeIfFlat(lot: Lot, entry: LedgerEntry): void {
    if (!lot.position.quantity.isZero()) return;
    lot.closed = { at: entry.at, tradingDay: entry.trading_day };
    this.closed.push(lot);
    const left = this.held(lot.symbol).filter((other) => other !== lot);
    if (left.length === 0) this.lots.delete(lot.symbol);
    else this.lots.set(lot.symbol, left);
  }

  private tally(day: string, owner: Owner, part: Tally): void {
    const owners = this.days.get(day) ?? new Map<Owner, Tally>();
    owners.set(owner, addTally(owners.get(owner) ?? noTally, part));
    this.days.set(day, owners);
    const net = netTally(part);
    this.earned = this.earned.plus(net);
    this.totals.set(owner, (this.totals.get(owner) ?? zero).plus(net));
    this.touched.add(owner);
  }

  /** All entries of an instant belong together: a fill's fee and tax are no later loss. */
  private endInstant(): void {
    if (this.now === null) return;
    const { at, day } = this.now;
    const open = [...this.lots.values()].flat();
    if (open.length === 0) this.flat.push({ at, trading_day: day, realised: this.earned, base: this.base });
    for (const owner of this.touched) {
      if (open.some((lot) => lot.trader === owner)) continue;
      const points = this.flatOf.get(owner) ?? [];
      points.push({ at, trading_day: day, realised: this.totals.get(owner) ?? zero, base: zero });
      this.flatOf.set(owner, points);
    }
    this.touched = new Set();
  }

  /** A reader that goes on from here without touching this one. */
  fork(): HistoryReader {
    const copy = new HistoryReader(this.account);
    const lots = new Map<Lot, Lot>();
    const lotOf = (lot: Lot): Lot => {
      const known = lots.get(lot) ?? { ...lot };
      lots.set(lot, known);
      return known;
    };
    copy.cash = this.cash;
    copy.base = this.base;
    copy.dividends = this.dividends;
    copy.earned = this.earned;
    copy.lastAt = this.lastAt;
    copy.lastSeq = this.lastSeq;
    for (const [symbol, held] of this.lots) copy.lots.set(symbol, held.map(lotOf));
    for (const lot of this.closed) copy.closed.push(lotOf(lot));
    for (const [order, lot] of this.ofOrder) copy.ofOrder.set(order, lotOf(lot));
    for (const [key, lot] of this.newest) copy.newest.set(key, lotOf(lot));
    for (const [day, owners] of this.days) copy.days.set(day, new Map(owners));
    for (const point of this.flat) copy.flat.push(point);
    for (const [owner, points] of this.flatOf) copy.flatOf.set(owner, [...points]);
    for (const [owner, total] of this.totals) copy.totals.set(owner, total);
    copy.touched = new Set(this.touched);
    copy.now = this.now;
    return copy;
  }

  /** What the entries so far come to. The reader itself is over with it: go on from a fork. */
  result(): AccountHistory {
    this.endInstant();
    return {
      account: this.account,
      cash: this.cash,
      base: this.base,
      dividends: this.dividends,
      lots: [...this.lots.values()].flat(),
      trips: this.closed.map(tripOf).filter((trip) => trip !== null),
      days: this.days,
      flat: this.flat,
      flatOf: this.flatOf,
      lastAt: this.lastAt,
      lastSeq: this.lastSeq,
    };
  }
}

/**
 * An account's history by owner. A trip goes from flat to flat in one symbol and belongs to the trader whose orders
 * opened it; what was bought by hand is nobody's. Costs go to the trip of their order, even after it closed.
 * Cash, cost and gains of all owners add up to those of the account's book.
 * @param entries of one account by rising `seq`. @throws RangeError for entries no book could hold.
 */
export function historyOf(account: string, entries: Iterable<LedgerEntry>): AccountHistory {
  const reader = new HistoryReader(account);
  for (const entry of entries) reader.take(entry);
  return reader.result();
}

/** What an owner earned on days that a test lets through. */
export function tallyOf(history: AccountHistory, day: (day: string) => boolean, owner?: Owner): Tally {
  let total = noTally;
  for (const [date, owners] of history.days) {
    if (!day(date)) continue;
    for (const [of, tally] of owners) if (owner === undefined || of === owner) total = addTally(total, tally);
  }
  return total;
}
