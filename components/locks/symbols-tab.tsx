'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { SymbolLockView } from '#domain/locks/view.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { Elapsed, RelativeTime } from '#components/ui/time.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { ReconciledDialog, ReleaseSymbolDialog } from '#components/locks/act-dialogs.tsx';
import type { LocksUrl } from '#components/locks/filters.ts';
import { SymbolMark, TtlBar } from '#components/locks/marks.tsx';
import { mostShown, symbolsQuery } from '#components/locks/queries.ts';

interface Acts {
  readonly force: (lock: SymbolLockView) => void;
  readonly reconcile: (lock: SymbolLockView) => void;
}

const top = 'md:py-2 md:align-top max-md:pl-0!';

function StateCell({ lock }: { readonly lock: SymbolLockView }) {
  const t = useTranslations('locks.symbols.why');
  const said = lock.state === 'overdue' || lock.state === 'expired' || lock.state === 'reconcile';
  return (
    <span className="flex flex-col gap-0.5">
      <SymbolMark state={lock.state} />
      {said ? (
        <span className="max-w-80 text-xs font-normal text-ink-2">
          {t(lock.state, { trader: lock.trader ?? lock.last_trader ?? '–' })}
        </span>
      ) : null}
    </span>
  );
}

function Ended({ lock }: { readonly lock: SymbolLockView }) {
  const t = useTranslations('locks.symbols');
  if (lock.ended_at === null) return <span className="text-ink-3">–</span>;
  const why = lock.ended_why ?? '';
  return (
    <span className="flex flex-col gap-0.5 text-xs text-ink-2">
      <span>
        {lock.last_trader ?? '–'} <RelativeTime at={lock.ended_at} className="text-ink-3" />
      </span>
      <span className="max-w-60 [overflow-wrap:anywhere] text-ink-3">
        {why === 'released' || why === 'reconciled' ? t(`ended.${why}`) : why}
      </span>
    </span>
  );
}

function useColumns(skewMs: number, acts: Acts | null): readonly Column<SymbolLockView>[] {
  const t = useTranslations('locks.symbols');
  const common = useTranslations('common');
  return useMemo(() => {
    const h = columnHelper<SymbolLockView>();
    const faint = <span className="text-ink-3">–</span>;
    return h.columns([
      h.accessor('symbol', {
        header: t('symbol'),
        meta: { priority: 1, width: '9rem', className: top },
        cell: ({ row: { original: lock } }) => (
          <span className="inline-flex flex-wrap items-center gap-x-2">
            <span className="font-medium tabular-nums">{lock.symbol}</span>
            {lock.has_position ? <Badge tone="accent">{t('position')}</Badge> : null}
          </span>
        ),
      }),
      h.accessor('state', {
        header: t('state'),
        meta: { cardLabel: t('state'), width: '15rem', className: `${top} max-md:col-span-2` },
        cell: ({ row }) => <StateCell lock={row.original} />,
      }),
      h.accessor('trader', {
        header: t('trader'),
        meta: { cardLabel: t('trader'), className: `${top} md:min-w-48` },
        cell: ({ row: { original: lock } }) =>
          lock.trader === null ? (
            faint
          ) : (
            <span className="flex flex-col gap-0.5">
              <span className="[overflow-wrap:anywhere]">{lock.trader}</span>
              {lock.since === null ? null : (
                <span className="text-xs whitespace-nowrap text-ink-3">
                  {t('since')} <Elapsed from={lock.since} />
                </span>
              )}
            </span>
          ),
      }),
      h.display({
        id: 'ttl',
        header: t('ttl'),
        meta: { cardLabel: t('ttl'), width: '12rem', className: top },
        cell: ({ row: { original: lock } }) =>
          lock.until === null ? (
            faint
          ) : (
            <TtlBar
              until={lock.until}
              skewMs={skewMs}
              label={t('ttl')}
              over={(text) => t('silent', { text })}
              tone={lock.has_position ? 'danger' : 'warning'}
            />
          ),
      }),
      h.accessor('token', {
        header: t('token'),
        meta: { cardLabel: t('token'), width: '5rem', align: 'end', className: top },
      }),
      h.display({
        id: 'ended',
        header: t('last'),
        meta: { cardLabel: t('last'), width: '12rem', className: top },
        cell: ({ row }) => <Ended lock={row.original} />,
      }),
      ...(acts === null
        ? []
        : [
            h.display({
              id: 'actions',
              header: () => <span className="sr-only">{common('actions')}</span>,
              meta: { width: '9rem', align: 'end', className: `${top} max-md:col-span-2` },
              cell: ({ row: { original: lock } }) => <SymbolActs lock={lock} acts={acts} />,
            }),
          ]),
    ]);
  }, [t, common, skewMs, acts]);
}

function SymbolActs({ lock, acts }: { readonly lock: SymbolLockView; readonly acts: Acts }) {
  const t = useTranslations('locks.symbols');
  const reconcilable = lock.state === 'overdue' || lock.state === 'expired' || lock.state === 'reconcile';
  return (
    <span className="inline-flex flex-wrap gap-1 md:-my-1 md:justify-end">
      {reconcilable ? (
        <Button
          size="sm"
          aria-label={`${t('reconcile')}: ${lock.symbol}`}
          onClick={() => acts.reconcile(lock)}
        >
          {t('reconcile')}
        </Button>
      ) : null}
      {lock.trader === null ? null : (
        <Button
          size="sm"
          variant="danger-ghost"
          aria-label={`${t('force')}: ${lock.symbol}`}
          onClick={() => acts.force(lock)}
        >
          {t('force')}
        </Button>
      )}
    </span>
  );
}

interface SymbolsTabProps {
  readonly scope: string;
  readonly filter: Pick<LocksUrl, 'q' | 'state'>;
  readonly onClear: () => void;
}

/** Every symbol that was ever held, with who holds it now and how the last hold ended. */
export function SymbolsTab({ scope, filter, onClear }: SymbolsTabProps) {
  const t = useTranslations('locks.symbols');
  const mayControl = useMay('traders.control');
  const query = useInfiniteQuery(symbolsQuery(scope, filter));
  const [forcing, setForcing] = useState<SymbolLockView | null>(null);
  const [reconciling, setReconciling] = useState<SymbolLockView | null>(null);
  const acts = useMemo(
    () => (mayControl ? { force: setForcing, reconcile: setReconciling } : null),
    [mayControl],
  );
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const at = query.data?.pages.at(-1)?.at;
  const skewMs = at === undefined ? 0 : Math.round((query.dataUpdatedAt - Date.parse(at)) / 1_000) * 1_000;
  const columns = useColumns(skewMs, acts);
  const count = rows?.length ?? 0;
  if (query.isError && rows === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={rows}
        rowId={(lock) => lock.symbol}
        updating={query.isPlaceholderData}
        empty={
          filter.q === '' && (filter.state === 'taken' || filter.state === 'all') ? (
            <EmptyState kind="nothing" title={t('empty_title')} text={t('empty_text')} />
          ) : (
            <EmptyState kind="filtered" onClear={onClear} />
          )
        }
      />
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
      {forcing === null ? null : (
        <ReleaseSymbolDialog scope={scope} lock={forcing} onClose={() => setForcing(null)} />
      )}
      {reconciling === null ? null : (
        <ReconciledDialog scope={scope} lock={reconciling} onClose={() => setReconciling(null)} />
      )}
    </>
  );
}
