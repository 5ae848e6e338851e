import { type SQL, and, asc, eq, sql } from 'drizzle-orm';
import { accountLimits } from '#domain/accounts/account.ts';
import { type AccountView, driftView } from '#domain/accounts/view.ts';
import { plain } from '#domain/core/decimal.ts';
import { notFound } from '#domain/core/errors.ts';
import { z } from 'zod';
import type { Queryable } from '#db/core/client.ts';
import { books } from '#db/ledger/schema.ts';
import { gatewaySilentSec } from './control-queries.ts';
import { accounts, controls, gateways } from './schema.ts';

const iso = (at: Date | null) => at?.toISOString() ?? null;

function rowsWhere(q: Queryable, where: SQL | undefined) {
  return q
    .select({
      account: accounts,
      gateway: gateways,
      control: controls,
      cash: books.cash,
      silent: sql<boolean>`${gateways.heartbeatAt} < clock_timestamp() - make_interval(secs => ${gatewaySilentSec})`,
    })
    .from(accounts)
    .innerJoin(gateways, and(eq(gateways.scope, accounts.scope), eq(gateways.account, accounts.id)))
    .innerJoin(books, and(eq(books.scope, accounts.scope), eq(books.account, accounts.id)))
    .innerJoin(
      controls,
      and(
        eq(controls.scope, accounts.scope),
        eq(controls.level, 'account'),
        eq(controls.subject, accounts.id),
      ),
    )
    .where(where)
    .orderBy(asc(accounts.number));
}

type Row = Awaited<ReturnType<typeof rowsWhere>>[number];

function viewOf({ account, gateway, control, cash, silent }: Row): AccountView {
  const state = gateway.process === null ? 'none' : silent ? 'silent' : 'live';
  return {
    account_id: account.id,
    name: account.name,
    broker: account.broker,
    venue: account.venue,
    calendar: account.calendar,
    currency: account.currency,
    feed: account.feed,
    limits: accountLimits.parse(account.limits),
    cash: plain(cash),
    broker_cash: account.brokerCash === null ? null : plain(account.brokerCash),
    broker_at: iso(account.brokerAt),
    ready: account.ready,
    ready_reason: account.readyReason,
    reconciled_at: iso(account.reconciledAt),
    drift: z.array(driftView).parse(account.drift),
    stopped_day: account.stoppedDay,
    stopped_reason: account.stoppedReason,
    gateway: {
      state,
      process_id: gateway.process,
      since: iso(gateway.since),
      heartbeat_at: iso(gateway.heartbeatAt),
      epoch: gateway.epoch,
      trouble: gateway.trouble,
    },
    control: {
      level: 'account',
      subject: account.id,
      mode: control.mode,
      flatten: control.flatten,
      reason: control.reason,
      actor: control.actorName,
      at: iso(control.at),
      version: control.version,
      carried_out_at: iso(control.carriedOutAt),
    },
    created_at: account.createdAt.toISOString(),
  };
}

/** The accounts of a scope, oldest first. */
export async function listAccounts(q: Queryable, scope: string): Promise<AccountView[]> {
  return (await rowsWhere(q, eq(accounts.scope, scope))).map(viewOf);
}

/** @throws Problem 404. */
export async function getAccount(q: Queryable, scope: string, id: string): Promise<AccountView> {
  const [row] = await rowsWhere(q, and(eq(accounts.scope, scope), eq(accounts.id, id)));
  if (row === undefined) throw notFound('account', id);
  return viewOf(row);
}
