import { type Decimal, plain, sum, zero } from '#domain/core/decimal.ts';
import type { BrokerKey, BrokerReport } from './broker-order.ts';
import type { OrderEffect } from './event.ts';
import { type Order, isOver, openQuantity } from './order.ts';
import { stepOrder } from './transition.ts';

/** What the broker's order list brings: each order of ours taken up to date, and what cannot be explained. */
export interface OrdersReconciled {
  /** Orders that changed, as they are now. */
  readonly changed: readonly { readonly order: Order; readonly effects: readonly OrderEffect[] }[];
  /** Broker orders that nobody owns: placed elsewhere, or candidates for an unknown order. */
  readonly external: readonly BrokerReport[];
  readonly drift: readonly Drift[];
}

/** A difference. Only the unexplained ones halt. */
export interface Drift {
  readonly kind: 'order_report' | 'order_missing' | 'quantity' | 'average' | 'cash';
  /** Null: of the account. */
  readonly symbol: string | null;
  /** Why it is no cause for alarm; null when nothing explains it. */
  readonly explained: 'unknown_order' | 'in_flight' | 'external_order' | 'rounding' | null;
  readonly params: Readonly<Record<string, string | number>>;
}

function depth(report: BrokerReport, byKey: ReadonlyMap<BrokerKey, BrokerReport>): number {
  let steps = 0;
  for (let at: BrokerReport | undefined = report; at?.replaces != null && steps < byKey.size; steps += 1)
    at = byKey.get(at.replaces);
  return steps;
}

/** Reports with what they replace first, then by name and growth: the order in which they came does not matter. */
export function inOrder(reports: readonly BrokerReport[]): readonly BrokerReport[] {
  const byKey = new Map(reports.map((report) => [report.key, report]));
  return reports
    .map((report) => ({ report, depth: depth(report, byKey) }))
    .sort(
      (a, b) =>
        a.depth - b.depth ||
        (a.report.key < b.report.key ? -1 : a.report.key > b.report.key ? 1 : 0) ||
        a.report.filled.comparedTo(b.report.filled) ||
        a.report.cancelled.comparedTo(b.report.cancelled),
    )
    .map(({ report }) => report);
}

/**
 * Brings orders up to date with what the broker says of them. Pure and idempotent: the same reports again change
 * nothing, in whatever order, however often. Reports that cannot be true change nothing and are drift.
 * @param at when the list was asked for (scope time).
 * @param complete whether the reports are the whole list of the orders' day: only then does absence mean anything, and
 * then only as drift; a failed query never ends an order.
 */
export function reconcileOrders(
  orders: readonly Order[],
  reports: readonly BrokerReport[],
  at: Date,
  complete: boolean,
): OrdersReconciled {
  const now = new Map(orders.map((order) => [order.id, order]));
  const effects = new Map<string, OrderEffect[]>();
  const owner = new Map<BrokerKey, string>();
  for (const order of orders) for (const each of order.brokerOrders) owner.set(each.key, order.id);
  const external = new Map<BrokerKey, BrokerReport>();
  const drift: Drift[] = [];
  const seen = new Set(reports.map((report) => report.key));
  for (const report of inOrder(reports)) {
    const id = owner.get(report.key) ?? (report.replaces === null ? undefined : owner.get(report.replaces));
    const order = id === undefined ? undefined : now.get(id);
    if (order === undefined) {
      external.set(report.key, report);
      continue;
    }
    const step = stepOrder(order, { kind: 'reported', at, report });
    if (step.kind === 'refused') {
      const params = { order: order.id, key: report.key, code: step.code };
      drift.push({ kind: 'order_report', symbol: order.symbol, explained: null, params });
    } else if (step.kind === 'moved') {
      now.set(order.id, step.order);
      owner.set(report.key, order.id);
      effects.set(order.id, [...(effects.get(order.id) ?? []), ...step.effects]);
    }
  }
  if (complete) drift.push(...missing([...now.values()], seen, at));
  const changed = [...now.values()]
    .filter((order, index) => order !== orders[index])
    .map((order) => ({ order, effects: effects.get(order.id) ?? [] }));
  return { changed, external: [...external.values()], drift };
}

/** A list may lag behind the answer to an order by so much. */
const lagMs = 5_000;

/** Orders that we take to be at the broker, of which its whole list says nothing. */
function missing(orders: readonly Order[], seen: ReadonlySet<BrokerKey>, at: Date): Drift[] {
  return orders
    .filter((order) => !isOver(order))
    .flatMap((order) =>
      order.brokerOrders
        .filter((each) => each.role !== 'cancel' && !seen.has(each.key))
        .map((each): Drift => {
          const taken = order.attempts.find((attempt) => attempt.brokerKey === each.key)?.closedAt;
          const fresh = taken != null && at.getTime() - taken.getTime() < lagMs;
          const params = { order: order.id, key: each.key };
          return {
            kind: 'order_missing',
            symbol: order.symbol,
            explained: fresh ? 'in_flight' : null,
            params,
          };
        }),
    );
}

export interface HoldingOfOurs {
  readonly quantity: Decimal;
  /** Null when nothing is held. */
  readonly average: Decimal | null;
}
export interface AccountView {
  readonly holdings: ReadonlyMap<string, HoldingOfOurs>;
  /** Cash with everything traded counted, settled or not. */
  readonly cash: Decimal;
}

/** What may explain a difference: read together with the broker's view. */
export interface Explanations {
  /** Orders of ours that are not over. */
  readonly open: readonly Order[];
  /** Broker orders that nobody owns. */
  readonly external: readonly BrokerReport[];
  /** Fees and taxes of an order from elsewhere; left out: none. */
  readonly costs?: (report: BrokerReport) => Decimal;
  /** How far averages may differ: brokers round them. */
  readonly averageTolerance: Decimal;
  /** How far cash may differ: brokers estimate fees until settlement. */
  readonly cashTolerance: Decimal;
}

/**
 * Compares positions and cash with the broker's. An explanation must be big enough: an open order explains no more
 * than it may still fill, an order from elsewhere no more than it filled.
 */
export function reconcileAccount(
  ours: AccountView,
  broker: AccountView,
  explanations: Explanations,
): readonly Drift[] {
  const symbols = new Set([...ours.holdings.keys(), ...broker.holdings.keys()]);
  const drift = [...symbols].sort().flatMap((symbol) => symbolDrift(symbol, ours, broker, explanations));
  const cash = broker.cash.minus(ours.cash);
  if (cash.isZero()) return drift;
  const params = { ours: plain(ours.cash), broker: plain(broker.cash), difference: plain(cash) };
  return [...drift, { kind: 'cash', symbol: null, explained: cashReason(cash, drift, explanations), params }];
}

/** Orders from elsewhere explain what they moved; a fill that is still to be told moves cash as well. */
function cashReason(cash: Decimal, drift: readonly Drift[], why: Explanations): Drift['explained'] {
  if (cash.abs().lte(why.cashTolerance)) return 'rounding';
  const explained = (reason: Drift['explained']) => drift.filter((each) => each.explained === reason);
  const elsewhere = new Set(explained('external_order').map((each) => each.symbol));
  const moved = sum(
    why.external
      .filter((report) => elsewhere.has(report.symbol))
      .map((report) => {
        const amount = report.side === 'sell' ? report.amount : report.amount.neg();
        return amount.minus(why.costs?.(report) ?? zero);
      }),
  );
  if (!moved.isZero() && cash.minus(moved).abs().lte(why.cashTolerance)) return 'external_order';
  if (explained('in_flight').length > 0) return 'in_flight';
  return explained('unknown_order').length > 0 ? 'unknown_order' : null;
}

function symbolDrift(
  symbol: string,
  ours: AccountView,
  broker: AccountView,
  explanations: Explanations,
): Drift[] {
  const own = ours.holdings.get(symbol);
  const theirs = broker.holdings.get(symbol);
  const held = own?.quantity ?? zero;
  const said = theirs?.quantity ?? zero;
  const difference = said.minus(held);
  if (!difference.isZero()) {
    const params = { ours: plain(held), broker: plain(said), difference: plain(difference) };
    const explained = quantityReason(symbol, difference, explanations);
    return [{ kind: 'quantity', symbol, explained, params }];
  }
  const [a, b] = [own?.average ?? null, theirs?.average ?? null];
  if (a === null || b === null || a.eq(b)) return [];
  const explained = a.minus(b).abs().lte(explanations.averageTolerance) ? 'rounding' : null;
  return [{ kind: 'average', symbol, explained, params: { ours: plain(a), broker: plain(b) } }];
}

/** Whether orders of the right side may have moved at least so much. */
function quantityReason(symbol: string, difference: Decimal, why: Explanations): Drift['explained'] {
  const side = difference.gt(0) ? 'buy' : 'sell';
  const size = difference.abs();
  const open = why.open.filter((order) => order.symbol === symbol && order.side === side);
  const enough = (some: readonly Order[]) =>
    some.reduce((left, order) => left.minus(openQuantity(order)), size).lte(0);
  if (enough(open.filter((order) => order.state !== 'unknown'))) return 'in_flight';
  if (enough(open)) return 'unknown_order';
  const elsewhere = why.external
    .filter((report) => report.symbol === symbol && report.side === side)
    .reduce((left, report) => left.minus(report.filled), size);
  return elsewhere.lte(0) ? 'external_order' : null;
}
