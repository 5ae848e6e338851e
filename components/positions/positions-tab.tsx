'use client';

import { useQuery } from '@tanstack/react-query';
import { Check, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { AccountTotals, PositionView } from '#domain/ledger/view.ts';
import { Button } from '#components/ui/button.tsx';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Money, Percent, Quantity } from '#components/ui/money.tsx';
import { Elapsed, Time } from '#components/ui/time.tsx';
import { SymbolName } from '#components/orders/order-state.tsx';
import { traderHref } from '#components/orders/queries.ts';
import { positionsQuery } from '#components/positions/queries.ts';

/** Whether the broker holds as much as our book says. */
function Agreement({ position }: { readonly position: PositionView }) {
  const t = useTranslations('positions');
  if (position.agrees === null) return <span className="text-ink-3">{t('not_asked')}</span>;
  if (position.agrees)
    return (
      <span className="inline-flex items-center gap-1 whitespace-nowrap text-ink-2">
        <Check aria-hidden className="size-3.5 text-ok" /> {t('agrees')}
      </span>
    );
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap text-danger">
      <TriangleAlert aria-hidden className="size-3.5" />
      {t('broker_has')} <Quantity value={position.broker?.quantity ?? '0'} />
    </span>
  );
}

function useColumns(scope: string): readonly Column<PositionView>[] {
  const t = useTranslations('positions');
  return useMemo(() => {
    const h = columnHelper<PositionView>();
    const label = (column: string) => t(`columns.${column}`);
    return h.columns([
      h.accessor('symbol', {
        header: label('symbol'),
        meta: { priority: 1, width: '13rem' },
        cell: ({ row: { original: position } }) => (
          <SymbolName symbol={position.symbol} name={position.symbol_name} />
        ),
      }),
      h.display({
        id: 'unrealised',
        header: label('unrealised'),
        meta: { cardLabel: label('unrealised'), align: 'end', width: '11rem' },
        cell: ({ row: { original: position } }) => (
          <span className="inline-flex items-baseline gap-x-2">
            <Money value={position.unrealised} signed places={2} className="font-medium" />
            {position.change === null ? null : (
              <Percent value={position.change} signed className="min-w-14 text-xs" />
            )}
          </span>
        ),
      }),
      h.display({
        id: 'quantity',
        header: label('quantity'),
        meta: { cardLabel: label('quantity'), align: 'end', width: '6rem' },
        cell: ({ row }) => <Quantity value={row.original.quantity} />,
      }),
      h.display({
        id: 'sellable',
        header: label('sellable'),
        meta: { cardLabel: label('sellable'), align: 'end', width: '6.5rem' },
        cell: ({ row }) => <Quantity value={row.original.broker?.sellable ?? null} />,
      }),
      h.display({
        id: 'average',
        header: label('average'),
        meta: { cardLabel: label('average'), align: 'end', width: '7rem' },
        cell: ({ row }) => <Money value={row.original.average} places={2} />,
      }),
      h.display({
        id: 'last',
        header: label('last'),
        meta: { cardLabel: label('last'), align: 'end', width: '7rem' },
        cell: ({ row: { original: position } }) => (
          <span title={position.last_at ?? undefined}>
            <Money value={position.last} />
          </span>
        ),
      }),
      h.display({
        id: 'levels',
        header: label('levels'),
        meta: { cardLabel: label('levels'), align: 'end', width: '10rem' },
        cell: ({ row: { original: position } }) => (
          <span className="whitespace-nowrap text-ink-2">
            <Money value={position.stop} places={0} /> <span className="text-ink-3">/</span>{' '}
            <Money value={position.target} places={0} />
          </span>
        ),
      }),
      h.display({
        id: 'value',
        header: label('value'),
        meta: { cardLabel: label('value'), align: 'end', width: '8rem' },
        cell: ({ row }) => <Money value={row.original.value} places={2} />,
      }),
      h.accessor('trader', {
        header: label('trader'),
        meta: { cardLabel: label('trader'), width: '9rem' },
        cell: ({ row: { original: position } }) =>
          position.trader === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <Link href={traderHref(scope, position.trader)} className="text-ink-2 hover:underline">
              {position.trader}
            </Link>
          ),
      }),
      h.display({
        id: 'held',
        header: label('held'),
        meta: { cardLabel: label('held'), align: 'end', width: '6rem' },
        cell: ({ row }) =>
          row.original.opened_at === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <span className="text-ink-2">
              <Elapsed from={row.original.opened_at} />
            </span>
          ),
      }),
      h.display({
        id: 'broker',
        header: label('broker'),
        meta: { cardLabel: label('broker'), width: '9rem' },
        cell: ({ row }) => <Agreement position={row.original} />,
      }),
    ]);
  }, [t, scope]);
}

/** What is held at this moment, account by account. */
export function PositionsTab({ scope }: { readonly scope: string }) {
  const t = useTranslations('positions');
  const query = useQuery(positionsQuery(scope));
  const columns = useColumns(scope);
  if (query.isError && query.data === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined)
    return (
      <DataTable
        caption={t('caption', { account: '' })}
        columns={columns}
        rows={undefined}
        rowId={(row) => row.symbol}
      />
    );
  const { accounts, items } = query.data;
  if (accounts.length === 0)
    return <EmptyState kind="nothing" title={t('no_account_title')} text={t('no_account_text')} />;
  return (
    <div className="flex flex-col gap-8">
      {accounts.map((account, index) => (
        <section key={account.account} aria-labelledby={`account-${account.account}`}>
          <Totals account={account} />
          <DataTable
            caption={t('caption', { account: account.name })}
            columns={columns}
            rows={items.filter((item) => item.account === account.account)}
            rowId={(row) => `${row.account}/${row.symbol}`}
            keyboard={index === 0}
            empty={
              accounts.length === 1 ? (
                <EmptyState
                  kind="nothing"
                  title={t('empty_title')}
                  text={t('empty_text')}
                  action={
                    <Button asChild>
                      <Link href={`/${scope}/orders?tab=fills`}>{t('to_fills')}</Link>
                    </Button>
                  }
                />
              ) : (
                <p className="border-y border-hairline py-3 text-sm text-ink-3">{t('empty_title')}</p>
              )
            }
          />
        </section>
      ))}
      <p className="text-xs text-ink-3">
        {t('as_of')} <Time at={query.data.at} style="full" />
      </p>
    </div>
  );
}

function Totals({ account }: { readonly account: AccountTotals }) {
  const t = useTranslations('positions');
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('totals.equity'), <Money key="equity" value={account.equity} places={2} />],
    [t('totals.cash'), <Money key="cash" value={account.cash} places={2} />],
    [t('totals.value'), <Money key="value" value={account.value} places={2} />],
    [
      t('totals.unrealised'),
      <Money key="unrealised" value={account.unrealised} signed places={2} className="font-semibold" />,
    ],
  ];
  return (
    <div className="flex flex-wrap items-end gap-x-8 gap-y-2 pb-3">
      <h2 id={`account-${account.account}`} className="min-w-32 text-sm font-semibold">
        {account.name}
        <span className="block text-xs font-normal text-ink-3">
          {account.account} · {account.currency}
        </span>
      </h2>
      <dl className="flex flex-wrap gap-x-8 gap-y-2 max-md:grid max-md:w-full max-md:grid-cols-2">
        {facts.map(([label, value]) => (
          <div key={label} className="md:text-right">
            <dt className="text-xs text-ink-3">{label}</dt>
            <dd className="text-md">{value}</dd>
          </div>
        ))}
      </dl>
      {account.unpriced === 0 ? null : (
        <p className="flex items-center gap-1 text-xs text-warning">
          <TriangleAlert aria-hidden className="size-3.5" />
          {t('unpriced', { count: account.unpriced })}
        </p>
      )}
    </div>
  );
}
