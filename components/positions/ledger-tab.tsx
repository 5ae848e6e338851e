'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { EntryView } from '#domain/ledger/view.ts';
import { SideMark, SymbolName } from '#components/orders/order-state.tsx';
import { orderHref, traderHref } from '#components/orders/queries.ts';
import { Button } from '#components/ui/button.tsx';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { Money, Quantity } from '#components/ui/money.tsx';
import { Select } from '#components/ui/select.tsx';
import { Time } from '#components/ui/time.tsx';
import {
  type PositionsUrl,
  accountsQuery,
  isLedgerFiltered,
  kindFilters,
  ledgerQuery,
  mostShown,
} from '#components/positions/queries.ts';

function useColumns(scope: string): readonly Column<EntryView>[] {
  const t = useTranslations('positions');
  return useMemo(() => {
    const h = columnHelper<EntryView>();
    const label = (column: string) => t(`ledger.columns.${column}`);
    return h.columns([
      h.accessor('seq', {
        header: label('seq'),
        meta: { cardLabel: label('seq'), align: 'end', width: '4.5rem' },
        enableSorting: false,
        cell: ({ row }) => <span className="text-ink-3">{row.original.seq}</span>,
      }),
      h.accessor('at', {
        header: label('at'),
        meta: { cardLabel: label('at'), width: '9rem' },
        cell: ({ row }) => <Time at={row.original.at} bare />,
      }),
      h.accessor('kind', {
        header: label('kind'),
        meta: { priority: 1, width: '8rem' },
        cell: ({ row: { original: entry } }) => (
          <span className="inline-flex items-center gap-2">
            <span className="font-medium">{t(`ledger.kind.${entry.kind}`)}</span>
            {entry.side === null ? null : <SideMark side={entry.side} className="text-xs" />}
          </span>
        ),
      }),
      h.display({
        id: 'symbol',
        header: label('symbol'),
        meta: { cardLabel: label('symbol'), width: '13rem' },
        cell: ({ row: { original: entry } }) => {
          if (entry.symbol === null) return <span className="text-ink-3">–</span>;
          const name = <SymbolName symbol={entry.symbol} name={entry.symbol_name} />;
          return entry.order_id === null ? (
            name
          ) : (
            <Link href={orderHref(scope, entry.order_id)} className="hover:underline">
              {name}
            </Link>
          );
        },
      }),
      h.display({
        id: 'quantity',
        header: label('quantity'),
        meta: { cardLabel: label('quantity'), align: 'end', width: '7rem' },
        cell: ({ row }) => <Quantity value={row.original.quantity} />,
      }),
      h.display({
        id: 'cash',
        header: label('cash'),
        meta: { cardLabel: label('cash'), align: 'end', width: '9rem' },
        // A change of cash is no gain or loss: a sign, but none of their colours.
        cell: ({ row }) => <Money value={row.original.cash} signed places={2} className="text-ink" />,
      }),
      h.accessor('settles_on', {
        header: label('settles'),
        meta: { cardLabel: label('settles'), width: '7rem' },
        cell: ({ row }) => <span className="text-ink-2">{row.original.settles_on}</span>,
      }),
      h.display({
        id: 'who',
        header: label('who'),
        meta: { cardLabel: label('who') },
        cell: ({ row: { original: entry } }) =>
          entry.trader === null ? (
            <span className="text-ink-2">
              {[entry.actor, entry.reason].filter((part) => part !== null).join(': ') || '–'}
            </span>
          ) : (
            <Link href={traderHref(scope, entry.trader)} className="text-ink-2 hover:underline">
              {entry.trader}
            </Link>
          ),
      }),
    ]);
  }, [t, scope]);
}

interface LedgerTabProps {
  readonly scope: string;
  readonly url: PositionsUrl;
  readonly onChange: (next: Partial<PositionsUrl>) => void;
}

const cleared = { account: '', kind: 'all', from: '', to: '' } as const;

/** Every line of the books, newest first. */
export function LedgerTab({ scope, url, onChange }: LedgerTabProps) {
  const t = useTranslations('positions.ledger');
  const accounts = useQuery(accountsQuery(scope));
  const query = useInfiniteQuery(ledgerQuery(scope, url));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const columns = useColumns(scope);
  const count = rows?.length ?? 0;
  return (
    <>
      <fieldset aria-label={t('filters.label')} className="flex flex-wrap items-center gap-2 pb-3">
        <Select
          aria-label={t('filters.account')}
          value={url.account === '' ? 'all' : url.account}
          onChange={(account) => onChange({ account: account === 'all' ? '' : account })}
          options={[
            { value: 'all', label: t('filters.any_account') },
            ...(accounts.data ?? []).map((each) => ({ value: each.account_id, label: each.name })),
          ]}
          className="w-40 max-md:flex-1"
        />
        <Select
          aria-label={t('filters.kind')}
          value={url.kind}
          onChange={(kind) => onChange({ kind })}
          options={kindFilters.map((kind) => ({
            value: kind,
            label: kind === 'all' ? t('filters.any_kind') : t(`kind.${kind}`),
          }))}
          className="w-36 max-md:flex-1"
        />
        <Input
          type="date"
          aria-label={t('filters.from')}
          value={url.from}
          onChange={(event) => onChange({ from: event.target.value })}
          className="w-36 max-md:flex-1"
        />
        <Input
          type="date"
          aria-label={t('filters.to')}
          value={url.to}
          onChange={(event) => onChange({ to: event.target.value })}
          className="w-36 max-md:flex-1"
        />
        {isLedgerFiltered(url) ? (
          <Button variant="ghost" onClick={() => onChange(cleared)}>
            <X aria-hidden />
            {t('filters.clear')}
          </Button>
        ) : null}
      </fieldset>
      {query.isError && rows === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('caption')}
          columns={columns}
          rows={rows}
          rowId={(entry) => `${entry.account}/${entry.seq}`}
          skeletonRows={14}
          updating={query.isPlaceholderData}
          empty={
            isLedgerFiltered(url) ? (
              <EmptyState kind="filtered" onClear={() => onChange(cleared)} />
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
    </>
  );
}
