import { dehydrate } from '@tanstack/react-query';
import type { DehydratedState } from '@tanstack/react-query';
import { notFound } from 'next/navigation';
import { Problem } from '#domain/core/errors.ts';
import type { TraderView } from '#domain/traders/view.ts';
import { listAccounts } from '#db/accounts/queries.ts';
import { traderDay } from '#db/traders/page-day.ts';
import { getTrader, listTraders } from '#db/traders/page-list.ts';
import { db } from '#app/_server/db.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { makeQueryClient } from '#components/query/client.ts';
import { playbackKey, traderKey, tradersKey, tradersPerPage } from '#components/traders/queries.ts';
import type { TradersFilter } from '#components/traders/queries.ts';

/** The first page of the traders for those who may see them. */
export async function tradersData(scope: string, filter: TradersFilter): Promise<DehydratedState> {
  await requirePageAccess(scope, 'traders.view');
  const page = await listTraders(db(), scope, {
    q: filter.q,
    phase: filter.phase ?? undefined,
    strategy: filter.strategy ?? undefined,
    account: filter.account ?? undefined,
    limit: tradersPerPage,
  });
  const client = makeQueryClient();
  client.setQueryData(tradersKey(scope, filter), { pages: [page], pageParams: [''] });
  return dehydrate(client);
}

/** One trader, or the page that says there is none. */
async function traderOr404(scope: string, id: string): Promise<TraderView> {
  try {
    return await getTrader(db(), scope, id);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not_found') notFound();
    throw error;
  }
}

/** What the page of a trader shows first, its day included. */
export async function traderData(scope: string, id: string, day: string | null): Promise<DehydratedState> {
  await requirePageAccess(scope, 'traders.view');
  const client = makeQueryClient();
  client.setQueryData(traderKey(scope, id), await traderOr404(scope, id));
  client.setQueryData(playbackKey(scope, id, day), await traderDay(db(), scope, id, day ?? undefined));
  return dehydrate(client);
}

/**
 * What the form needs.
 * @param id null for a new trader.
 */
export async function traderEditorData(scope: string, id: string | null) {
  await requirePageAccess(scope, 'traders.control');
  const [trader, accounts] = await Promise.all([
    id === null ? null : traderOr404(scope, id),
    listAccounts(db(), scope),
  ]);
  return { trader, accounts: accounts.map(({ account_id, name }) => ({ id: account_id, name })) };
}
