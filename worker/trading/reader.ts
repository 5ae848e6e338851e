import { decimal } from '#domain/core/decimal.ts';
import type { OrderReason } from '#domain/orders/order.ts';
import { type Drift, reconcileAccount } from '#domain/orders/reconcile.ts';
import {
  externalFills,
  freeSilentSymbols,
  noteBalance,
  ownView,
  tradersConcerned,
} from '#db/accounts/compare.ts';
import { type GatewayTerm, markUnready, noteComparison } from '#db/accounts/gateways.ts';
import type { AccountRow } from '#db/accounts/terms.ts';
import { raiseAlert } from '#db/alerts/raise.ts';
import type { Database } from '#db/core/client.ts';
import { ingestReports } from '#db/orders/ingest.ts';
import { openOrders } from '#db/orders/rows.ts';
import { type DatedLook, type Findings, resolveUnanswered } from '#db/orders/unresolved.ts';
import { openAtBroker, tradersToTell } from '#db/orders/work.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { type Broker, BrokerUnavailable } from '#worker/brokers/port.ts';
import { log } from '#worker/log.ts';

/** Looks are kept for so long, for unanswered sends, and not more often than so. */
const looksMs = 60_000;
const looksApartMs = 500;
/** A list is asked for from a little before the oldest open order. */
const marginMs = 10_000;
/** Without open orders the list of so long is compared. */
const usualSpanMs = 12 * 3_600_000;
/** A difference must still be there at the next comparison before traders are halted for it. */
const confirmations = 2;

/** Brokers estimate costs until settlement; the simulated one reckons as we do. */
const tolerance = {
  simulated: { average: decimal('0.0001'), cash: decimal(0) },
  kis: { average: decimal(1), cash: decimal(1_000) },
  upbit: { average: decimal(1), cash: decimal(1) },
} as const;

export interface ReaderOptions {
  readonly db: Database;
  readonly account: AccountRow;
  readonly term: GatewayTerm;
  readonly broker: Broker;
  readonly readMs: number;
  readonly signal: AbortSignal;
  readonly tell: (traders: Iterable<string>) => void;
  readonly halt: (traders: readonly string[], reason: OrderReason) => Promise<void>;
}

/** Looks at the broker, one at a time, and what follows from them. */
export interface Reader {
  /** Takes in the orders' list when something is open. @throws BrokerUnavailable. */
  poll(): Promise<{ readonly open: number; readonly filled: number }>;
  /**
   * Compares orders, positions and cash with the broker's, and says whether the account may trade.
   * @throws BrokerUnavailable: nothing was compared then.
   */
  reconcile(): Promise<{ readonly ready: boolean }>;
  /** Decides what can be decided of unanswered sends. */
  resolve(): Promise<{ readonly left: number; readonly needsBalance: boolean }>;
  /** Tells traders what they have not heard. */
  tellUntold(): Promise<void>;
  /** Says that the account may not open anything, because the broker does not answer. */
  unready(reason: OrderReason): Promise<void>;
}

export function createReader(options: ReaderOptions): Reader {
  const { db, account, term, broker } = options;
  const { scope, id } = account;
  let looks: DatedLook[] = [];
  let sellable: Findings['sellable'] = null;
  /** How often in a row each unexplained difference was seen, to the same amount. */
  let seen = new Map<string, number>();

  const limit = () => AbortSignal.any([options.signal, AbortSignal.timeout(options.readMs)]);

  async function look(whole: boolean) {
    const at = await scopeTime(db, scope);
    const open = await openAtBroker(db, scope, id);
    if (open.count === 0 && !whole) return { open: 0, filled: 0, drift: [] as readonly Drift[] };
    const oldest = open.since?.getTime() ?? at.getTime();
    const since = new Date(Math.min(oldest - marginMs, whole ? at.getTime() - usualSpanMs : oldest));
    const reports = await broker.orders(since, limit());
    looks = withLook(looks, { at, since, reports });
    const taken = await ingestReports(db, { scope, account: id, reports, at, complete: true });
    options.tell(taken.traders);
    return { open: open.count, filled: taken.filled, drift: taken.drift };
  }

  async function compare(drift: readonly Drift[]): Promise<readonly Drift[]> {
    const before = await openOrders(db, scope, id);
    const ours = await ownView(db, scope, id);
    const at = await scopeTime(db, scope);
    const balance = await broker.balance(limit());
    await noteBalance(db, scope, id, balance, at);
    sellable = { at, of: new Map(balance.holdings.map((held) => [held.symbol, held.sellable])) };
    // What was sent while the broker answered explains what moved meanwhile.
    const known = new Set(before.map(({ row }) => row.id));
    const after = (await openOrders(db, scope, id)).filter(({ row }) => !known.has(row.id));
    const theirs = {
      cash: balance.cash,
      holdings: new Map(
        balance.holdings
          .filter(({ quantity }) => quantity.gt(0))
          .map(({ symbol, quantity, average }) => [symbol, { quantity, average }]),
      ),
    };
    const { average, cash } = tolerance[account.broker];
    const found = reconcileAccount(ours, theirs, {
      open: [...before, ...after].map(({ order }) => order),
      ...(await externalFills(db, scope, id)),
      averageTolerance: average,
      cashTolerance: cash,
    });
    return [...drift, ...found];
  }

  /** Differences that nothing explains, seen often enough to act on. */
  function lasting(unexplained: readonly Drift[]): readonly Drift[] {
    const next = new Map<string, number>();
    for (const each of unexplained) {
      const key = driftKey(each);
      next.set(key, (seen.get(key) ?? 0) + 1);
    }
    seen = next;
    return unexplained.filter((each) => (next.get(driftKey(each)) ?? 0) === confirmations);
  }

  async function stopFor(drift: Drift, now: Date): Promise<void> {
    const { symbol, params } = drift;
    const reason: OrderReason = { code: `drift_${drift.kind}`, params: { symbol: symbol ?? '', ...params } };
    const about = { scope, account: id, now, ...(symbol === null ? {} : { symbol }) };
    await raiseAlert(db, {
      ...about,
      severity: 'critical',
      reason,
      key: [id, drift.kind, symbol ?? '', params['order'] ?? ''].join('|'),
    });
    const traders = await tradersConcerned(db, scope, id, symbol);
    log.error({ account: id, drift }, 'our books differ from the broker’s and nothing explains it');
    if (traders.length > 0) await options.halt(traders, reason);
  }

  return {
    async poll() {
      const { open, filled } = await look(false);
      return { open, filled };
    },

    async reconcile() {
      let drift = await compare((await look(true)).drift);
      // What moved between the two questions is explained by asking again.
      if (drift.some(({ explained }) => explained === null)) drift = await compare((await look(true)).drift);
      const unexplained = drift.filter(({ explained }) => explained === null);
      const now = await scopeTime(db, scope);
      for (const each of lasting(unexplained)) await stopFor(each, now);
      const [first] = unexplained;
      const ready = first === undefined;
      const reason =
        first === undefined
          ? null
          : { code: `drift_${first.kind}`, params: { symbol: first.symbol ?? '', ...first.params } };
      await noteComparison(db, scope, id, term, { ready, reason, drift, now });
      const differing = new Set(drift.map(({ symbol }) => symbol).filter((symbol) => symbol !== null));
      if (ready) await freeSilentSymbols(db, scope, id, differing);
      return { ready };
    },

    async resolve() {
      const found = await resolveUnanswered(db, scope, id, { looks, sellable });
      options.tell(found.traders);
      for (const { trader, order, symbol } of found.asked)
        await options.halt([trader], { code: 'order_candidates_halt', params: { symbol, order } });
      return { left: found.left, needsBalance: found.needsBalance };
    },

    async tellUntold() {
      options.tell(await tradersToTell(db, scope, id));
    },

    unready: (reason) => markUnready(db, scope, id, term, reason),
  };
}

function withLook(looks: readonly DatedLook[], look: DatedLook): DatedLook[] {
  const last = looks.at(-1);
  if (last !== undefined && look.at.getTime() - last.at.getTime() < looksApartMs) return [...looks];
  return [...looks, look].filter(({ at }) => look.at.getTime() - at.getTime() <= looksMs);
}

function driftKey({ kind, symbol, params }: Drift): string {
  return [kind, symbol ?? '', params['order'] ?? '', params['difference'] ?? ''].join('|');
}

/** Why the broker could not be asked. */
export function troubleOf(error: unknown): OrderReason {
  return error instanceof BrokerUnavailable
    ? error.reason
    : {
        code: 'broker_query_failed',
        params: { cause: error instanceof Error ? error.message : String(error) },
      };
}
