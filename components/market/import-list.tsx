'use client';

import { useMemo, useState } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { type CandleImportView, candleImportView } from '#domain/market/view.ts';
import { usePages } from '#components/access/pages.ts';
import { Badge } from '#components/ui/badge.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { Sheet } from '#components/ui/sheet.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { ProblemList } from '#components/market/import-words.tsx';

const tones = { done: 'ok', refused: 'danger' } as const;

function useColumns() {
  const t = useTranslations('market.imports');
  const format = useFormatter();
  return useMemo(() => {
    const h = columnHelper<CandleImportView>();
    const plain = { enableSorting: false } as const;
    const count = (id: 'added' | 'changed' | 'refused', header: string) =>
      h.display({
        ...plain,
        id,
        header,
        meta: { cardLabel: header, align: 'end', width: '6rem' },
        cell: ({ row }) => {
          const value = row.original[id];
          if (value === 0) return <span className="text-ink-3">0</span>;
          return (
            <span className={id === 'refused' ? 'font-medium text-danger' : ''}>{format.number(value)}</span>
          );
        },
      });
    return h.columns([
      h.display({
        ...plain,
        id: 'file',
        header: t('file'),
        meta: { priority: 1 },
        cell: ({ row: { original } }) => (
          <span className="flex flex-col">
            <span className="font-medium [overflow-wrap:anywhere]">{original.file}</span>
            <span className="text-xs [overflow-wrap:anywhere] text-ink-3">
              {original.source} · {original.venue}
              {original.interval === null ? '' : ` · ${original.interval}`}
            </span>
          </span>
        ),
      }),
      h.display({
        ...plain,
        id: 'state',
        header: t('state'),
        meta: { cardLabel: t('state'), width: '6rem' },
        cell: ({ row: { original } }) => <Badge tone={tones[original.state]}>{t(original.state)}</Badge>,
      }),
      h.display({
        ...plain,
        id: 'days',
        header: t('days'),
        meta: { cardLabel: t('days'), width: '13rem' },
        cell: ({ row: { original } }) =>
          original.first_day === null ? (
            <span className="text-ink-3">–</span>
          ) : (
            <span className="whitespace-nowrap tabular-nums">
              {original.first_day} – {original.last_day}
            </span>
          ),
      }),
      count('added', t('added')),
      count('changed', t('changed')),
      count('refused', t('refused_lines')),
      h.display({
        ...plain,
        id: 'at',
        header: t('at'),
        meta: { cardLabel: t('at'), align: 'end', width: '9rem' },
        cell: ({ row: { original } }) => (
          <span className="flex flex-col items-end max-md:items-start">
            <RelativeTime at={original.at} />
            <span className="text-xs text-ink-3">{original.actor_name}</span>
          </span>
        ),
      }),
    ]);
  }, [t, format]);
}

/** Files that were brought in, and those that were refused; a row opens its bad lines. @param quiet shows nothing of none. */
export function ImportList({ quiet = false }: { readonly quiet?: boolean }) {
  const t = useTranslations('market.imports');
  const [opened, setOpened] = useState<CandleImportView | null>(null);
  const columns = useColumns();
  const { query, items } = usePages({
    key: ['instance', 'market', 'imports'],
    path: '/api/v1/instance/candle-imports',
    item: candleImportView,
  });
  if (quiet && (items === undefined || items.length === 0)) return null;
  return (
    <section aria-label={t('title')} className="flex flex-col gap-2">
      {query.isError && items === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <DataTable
          caption={t('caption')}
          columns={columns}
          rows={items}
          rowId={({ import_id: id }) => id}
          onOpen={setOpened}
          openId={opened?.import_id ?? null}
          keyboard={false}
          empty={<EmptyState kind="nothing" title={t('none')} text={t('none_text')} />}
        />
      )}
      {items === undefined || items.length === 0 ? null : (
        <LoadMore
          shown={items.length}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
      {opened === null ? null : (
        <Sheet
          open
          onOpenChange={() => setOpened(null)}
          title={opened.file}
          description={t('detail', { rows: opened.rows, refused: opened.refused })}
        >
          {opened.problems.length === 0 ? (
            <EmptyState kind="nothing" title={t('no_problems')} />
          ) : (
            <ProblemList problems={opened.problems} refused={opened.refused} format={opened.format} />
          )}
        </Sheet>
      )}
    </section>
  );
}
