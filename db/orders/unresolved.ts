import type { BrokerLook } from '#domain/orders/unknown.ts';
import {
  type Evidence,
  type Resolution,
  amendmentAbsent,
  resolveUnknown,
  unknownPolicy,
} from '#domain/orders/unknown.ts';
import type { Database } from '#db/core/client.ts';
import { Problem } from '#domain/core/errors.ts';
import { plain } from '#domain/core/decimal.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { adoptReport, askWhich, proveAbsent } from './resolve.ts';
import { type StoredOrder, openOrders, ownedKeys } from './rows.ts';
import { isUnresolved } from './work.ts';

/** A look with how far back it reached: it says nothing of orders before that. */
export interface DatedLook extends BrokerLook {
  readonly since: Date;
}

export interface Findings {
  readonly looks: readonly DatedLook[];
  /** By symbol, when the balance was last asked; null before it was. */
  readonly sellable: {
    readonly at: Date;
    readonly of: ReadonlyMap<string, NonNullable<Evidence['sellable']>['quantity']>;
  } | null;
}

export interface Resolved {
  readonly traders: ReadonlySet<string>;
  /** Orders for which a person must choose, newly found: their traders are to be halted. */
  readonly asked: readonly { readonly trader: string; readonly order: string; readonly symbol: string }[];
  /** A balance is wanted before an order can be decided. */
  readonly needsBalance: boolean;
  /** How many are still open. */
  readonly left: number;
}

/** Looks that reached back to when the try was written. */
function looksFor(looks: readonly DatedLook[], at: Date): readonly BrokerLook[] {
  return looks.filter(({ since }) => since.getTime() <= at.getTime() - unknownPolicy.skewMs);
}

async function decide(db: Database, scope: string, stored: StoredOrder, findings: Findings, now: Date) {
  const { order, row } = stored;
  const attempt = order.attempts.findLast(({ request }) => request.kind === 'new');
  if (attempt === undefined) return { kind: 'not_unknown' } satisfies Resolution;
  const looks = looksFor(findings.looks, attempt.at);
  const keys = [...new Set(looks.flatMap(({ reports }) => reports.map(({ key }) => key)))];
  const owned = new Set((await ownedKeys(db, scope, order.account, keys)).keys());
  const { sellable: balance } = findings;
  const sellable: Evidence['sellable'] =
    balance === null
      ? null
      : { at: balance.at, quantity: balance.of.get(order.symbol) ?? order.quantity.minus(order.quantity) };
  return resolveUnknown(order, { looks, owned, notOurs: new Set(row.disowned), sellable }, now);
}

/**
 * Decides what can be decided of an account's unanswered sends, each in a transaction of its own. What is not proven
 * stays as it is.
 */
export async function resolveUnanswered(
  db: Database,
  scope: string,
  account: string,
  findings: Findings,
): Promise<Resolved> {
  const open = (await openOrders(db, scope, account)).filter(({ order }) => isUnresolved(order));
  const traders = new Set<string>();
  const asked: Resolved['asked'][number][] = [];
  let needsBalance = false;
  for (const stored of open) {
    const { order } = stored;
    const now = await scopeTime(db, scope);
    if (await amendmentsAbsent(db, scope, stored, findings, now)) traders.add(order.trader);
    const resolution = await decide(db, scope, stored, findings, now);
    if (resolution.kind === 'wait' && resolution.why === 'sellable_unknown') needsBalance = true;
    if (!(await carryOut(db, scope, stored, resolution, now))) continue;
    traders.add(order.trader);
    if (resolution.kind === 'ask')
      asked.push({ trader: order.trader, order: order.id, symbol: order.symbol });
  }
  return { traders, asked, needsBalance, left: open.length };
}

async function amendmentsAbsent(
  db: Database,
  scope: string,
  { order }: StoredOrder,
  { looks }: Findings,
  now: Date,
): Promise<boolean> {
  let changed = false;
  for (const attempt of order.attempts) {
    if (!amendmentAbsent(order, attempt, looksFor(looks, attempt.at), now)) continue;
    const reason = { code: 'change_absent', params: {} };
    changed = (await proveAbsent(db, scope, order.id, attempt.number, reason)) || changed;
  }
  return changed;
}

async function carryOut(
  db: Database,
  scope: string,
  { order }: StoredOrder,
  resolution: Resolution,
  now: Date,
): Promise<boolean> {
  const { id, symbol } = order;
  switch (resolution.kind) {
    case 'not_unknown':
    case 'wait':
      return false;
    case 'ask':
      return askWhich(db, scope, id, resolution.candidates);
    case 'abandon':
      return proveAbsent(db, scope, id, resolution.attempt, { code: 'order_absent', params: { symbol } });
    case 'resend': {
      const params = { symbol, quantity: plain(resolution.quantity) };
      return proveAbsent(db, scope, id, resolution.attempt, { code: 'order_absent_sell_again', params });
    }
    case 'adopt':
      return adopt(db, scope, order, resolution.report, now);
  }
}

async function adopt(
  db: Database,
  scope: string,
  order: StoredOrder['order'],
  report: Extract<Resolution, { kind: 'adopt' }>['report'],
  now: Date,
): Promise<boolean> {
  const reason = { code: 'found_at_broker', params: { key: report.key } };
  try {
    const kind = await db.transaction((tx) => adoptReport(tx, scope, order, report, reason, now));
    return kind === 'moved';
  } catch (error) {
    // Another order came to own it while we looked: the next look knows.
    if (error instanceof Problem && error.code === 'broker_order_taken') return false;
    throw error;
  }
}
