'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { OrderView } from '#domain/orders/view.ts';
import { queryString } from '#components/query/api.ts';
import { useMay } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { DataTable } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { CancelOrderDialog } from '#components/orders/act-dialogs.tsx';
import { ExternalTab } from '#components/orders/external-tab.tsx';
import { FillsTab } from '#components/orders/fills-tab.tsx';
import {
  type OrdersUrl,
  isFiltered,
  orderFilterOf,
  ordersParsers,
  rangeOf,
} from '#components/orders/filters.ts';
import { OrdersFilters } from '#components/orders/orders-filters.tsx';
import { useOrderColumns } from '#components/orders/orders-columns.tsx';
import { historyQuery, mostShown, openOrdersQuery, orderHref, path } from '#components/orders/queries.ts';
import { UnknownOrders } from '#components/orders/unknown-orders.tsx';

type Change = (next: Partial<OrdersUrl> | null) => void;

/** Orders of the scope: those nobody knows the fate of, those that are open, those that are over; fills beside them. */
export function OrdersPage({ scope }: { readonly scope: string }) {
  const t = useTranslations('orders');
  const [url, setUrl] = useQueryStates(ordersParsers, { history: 'replace', clearOnDefault: true });
  const open = useQuery(openOrdersQuery(scope));
  const change: Change = (next) => void setUrl(next);
  const download =
    url.tab === 'fills'
      ? `fills${queryString({ ...rangeOf(url), format: 'csv' })}`
      : `orders${queryString({ ...orderFilterOf(url), open: undefined, format: 'csv' })}`;
  const openCount = open.data?.items.length;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={
          url.tab === 'external' ? undefined : (
            <Button asChild>
              <a href={path(scope, download)} download>
                <Download aria-hidden />
                {t('download')}
              </a>
            </Button>
          )
        }
      />
      <Tabs
        label={t('title')}
        value={url.tab}
        onChange={(tab) => change({ tab })}
        tabs={[
          {
            value: 'orders',
            label: t('tabs.orders'),
            ...(openCount === undefined ? {} : { count: openCount }),
            content: <OrdersTab scope={scope} url={url} onChange={change} />,
          },
          {
            value: 'fills',
            label: t('tabs.fills'),
            content: <FillsTab scope={scope} url={url} onChange={change} />,
          },
          { value: 'external', label: t('tabs.external'), content: <ExternalTab scope={scope} /> },
        ]}
      />
    </>
  );
}

interface TabProps {
  readonly scope: string;
  readonly url: OrdersUrl;
  readonly onChange: Change;
}

function OrdersTab({ scope, url, onChange }: TabProps) {
  const open = useQuery(openOrdersQuery(scope));
  const unknown = open.data?.items.filter((order) => order.state === 'unknown') ?? [];
  return (
    <div className="flex flex-col gap-6">
      {unknown.length === 0 ? null : <UnknownOrders scope={scope} orders={unknown} />}
      <OpenOrders scope={scope} />
      <History scope={scope} url={url} onChange={onChange} />
    </div>
  );
}

const heading = 'pb-2 text-sm font-semibold';

/** What is at the broker or on its way; unknown ones stand above. */
function OpenOrders({ scope }: { readonly scope: string }) {
  const t = useTranslations('orders');
  const mayControl = useMay('orders.control');
  const open = useQuery(openOrdersQuery(scope));
  const [cancelling, setCancelling] = useState<OrderView | null>(null);
  const acts = useMemo(
    () =>
      mayControl
        ? (order: OrderView) => (
            <Button
              size="sm"
              className="md:-my-1"
              disabled={order.wanted?.kind === 'cancel'}
              aria-label={t('cancel_of', { symbol: order.symbol_name ?? order.symbol })}
              onClick={() => setCancelling(order)}
            >
              {t('cancel')}
            </Button>
          )
        : null,
    [mayControl, t],
  );
  const columns = useOrderColumns(scope, acts);
  const rows = useMemo(() => open.data?.items.filter((order) => order.state !== 'unknown'), [open.data]);
  return (
    <section aria-labelledby="open-orders">
      <h2 id="open-orders" className={heading}>
        {t('open_title')}
      </h2>
      {open.isError && rows === undefined ? (
        <EmptyState kind="failed" error={open.error} onRetry={() => void open.refetch()} />
      ) : (
        <DataTable
          caption={t('open_caption')}
          columns={columns}
          rows={rows}
          rowId={(order) => order.order_id}
          href={(order) => orderHref(scope, order.order_id)}
          skeletonRows={3}
          empty={<p className="border-y border-hairline py-4 text-sm text-ink-3">{t('open_empty')}</p>}
        />
      )}
      {cancelling === null ? null : (
        <CancelOrderDialog scope={scope} order={cancelling} onClose={() => setCancelling(null)} />
      )}
    </section>
  );
}

function History({ scope, url, onChange }: TabProps) {
  const t = useTranslations('orders');
  const query = useInfiniteQuery(historyQuery(scope, url));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const columns = useOrderColumns(scope);
  const count = rows?.length ?? 0;
  return (
    <section aria-labelledby="order-history">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
        <h2 id="order-history" className="text-sm font-semibold">
          {t('history_title')}
        </h2>
        <OrdersFilters url={url} onChange={onChange} withState />
      </div>
      {query.isError && rows === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('history_caption')}
          columns={columns}
          rows={rows}
          rowId={(order) => order.order_id}
          href={(order) => orderHref(scope, order.order_id)}
          skeletonRows={10}
          keyboard={false}
          updating={query.isPlaceholderData}
          empty={
            isFiltered(url) ? (
              <EmptyState
                kind="filtered"
                onClear={() => onChange({ state: 'all', trader: '', symbol: '', from: '', to: '' })}
              />
            ) : (
              <EmptyState kind="nothing" title={t('empty_title')} text={t('empty_text')} />
            )
          }
        />
      )}
      {count === 0 ? null : count >= mostShown && query.hasNextPage ? (
        <EmptyState kind="capped" limit={count} />
      ) : (
        <LoadMore
          shown={count}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </section>
  );
}
