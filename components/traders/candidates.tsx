'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CandidateView, TraderView } from '#domain/traders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Money, Percent } from '#components/ui/money.tsx';
import { Time } from '#components/ui/time.tsx';
import { scansQuery } from './queries.ts';

/** Scans one can look back through. */
const scansBack = 30;

function useColumns() {
  const t = useTranslations('traders.candidates');
  const reason = useReason();
  return useMemo(() => {
    const h = columnHelper<CandidateView>();
    return h.columns([
      h.accessor('rank', { header: '#', meta: { width: '3rem', align: 'end', cardLabel: '#' } }),
      h.accessor('symbol', {
        header: t('symbol'),
        meta: { priority: 1, width: '12rem' },
        cell: ({ row: { original: one } }) => (
          <span className="inline-flex flex-wrap items-baseline gap-x-2">
            <span className="font-medium">{one.name ?? one.symbol}</span>
            {one.name === null ? null : <span className="text-xs text-ink-3">{one.symbol}</span>}
          </span>
        ),
      }),
      h.accessor('price', {
        header: t('price'),
        meta: { width: '7rem', align: 'end', cardLabel: t('price') },
        cell: ({ getValue }) => <Money value={getValue()} />,
      }),
      h.accessor('score', {
        header: t('score'),
        meta: { width: '9rem', align: 'end', cardLabel: t('score') },
        cell: ({ getValue }) => <Money value={getValue()} places={2} />,
      }),
      h.accessor((one) => one.confidence ?? -1, {
        id: 'confidence',
        header: t('confidence'),
        meta: { width: '7rem', align: 'end', cardLabel: t('confidence') },
        cell: ({ row }) => <Percent value={row.original.confidence} places={0} />,
      }),
      h.display({
        id: 'why',
        header: t('why'),
        meta: { cardLabel: t('why'), className: 'max-md:col-span-2' },
        cell: ({ row: { original: one } }) =>
          one.chosen ? (
            <Badge tone="accent">● {t('chosen')}</Badge>
          ) : (
            <span className="text-xs text-ink-2">{one.reason === null ? '–' : reason(one.reason)}</span>
          ),
      }),
    ]);
  }, [t, reason]);
}

/** The candidates of a scan with what became of each, the newest first; earlier ones by stepping back. */
export function Candidates({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.candidates');
  const reason = useReason();
  const columns = useColumns();
  const query = useQuery(scansQuery(trader.scope, trader.trader_id, scansBack));
  const [chosen, setChosen] = useState<string | null>(null);
  const scans = query.data?.items ?? [];
  const found = scans.findIndex((scan) => scan.scan_id === chosen);
  const place = found === -1 ? 0 : found;
  const scan = scans[place];
  const go = (to: number) => setChosen(to === 0 ? null : (scans[to]?.scan_id ?? null));
  return (
    <section aria-labelledby="candidates-title" className="border-t border-hairline pt-4">
      <header className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-2">
        <h2 id="candidates-title" className="text-sm font-semibold">
          {t('title')}
        </h2>
        {scan === undefined ? null : (
          <p className="flex-1 text-xs text-ink-3">
            <Time at={scan.at} />
            {' · '}
            {t('looked', { looked: scan.looked, count: scan.candidates.length })}
          </p>
        )}
        <div className="flex items-center">
          <Button
            size="icon-sm"
            variant="ghost"
            aria-label={t('earlier')}
            disabled={place >= scans.length - 1}
            onClick={() => go(place + 1)}
          >
            <ChevronLeft aria-hidden />
          </Button>
          <Button
            size="icon-sm"
            variant="ghost"
            aria-label={t('later')}
            disabled={place === 0}
            onClick={() => go(place - 1)}
          >
            <ChevronRight aria-hidden />
          </Button>
        </div>
      </header>
      {query.isError && query.data === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data !== undefined && scan === undefined ? (
        <EmptyState kind="nothing" title={t('none_title')} text={t('none_text')} />
      ) : (
        <>
          <DataTable
            caption={t('title')}
            columns={columns}
            rows={scan?.candidates}
            rowId={(one) => one.symbol}
            keyboard={false}
            empty={<p className="py-4 text-sm text-ink-2">{t('no_candidate')}</p>}
          />
          {scan === undefined || scan.passed.length === 0 ? null : (
            <details className="pt-2 text-xs">
              <summary className="touch cursor-pointer text-ink-2">
                {t('passed', { count: scan.passed.reduce((sum, { count }) => sum + count, 0) })}
              </summary>
              <ul className="grid gap-x-8 pt-1 sm:grid-cols-2">
                {scan.passed.map(({ code, count }) => (
                  <li key={code} className="flex justify-between gap-3 border-b border-hairline py-1">
                    <span className="text-ink-2">{reason({ code })}</span>
                    <Money value={count} />
                  </li>
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </section>
  );
}
