'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { TraderView, TransitionView } from '#domain/traders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { PhaseIcon } from './phase.tsx';
import { useEffectWords, useEventWords } from './playback/moment.tsx';
import { transitionsQuery } from './queries.ts';

/** Everything that moved the trader, newest first. */
export function Transitions({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.transitions');
  const query = useInfiniteQuery(transitionsQuery(trader.scope, trader.trader_id));
  const rows = query.data?.pages.flatMap((page) => page.items);
  return (
    <section aria-labelledby="transitions-title" className="border-t border-hairline pt-4">
      <h2 id="transitions-title" className="pb-1 text-sm font-semibold">
        {t('title')}
      </h2>
      {rows === undefined ? (
        query.isError ? (
          <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton className="h-40 w-full" />
        )
      ) : rows.length === 0 ? (
        <EmptyState kind="nothing" title={t('none_title')} text={t('none_text')} />
      ) : (
        <>
          <ol>
            {rows.map((row) => (
              <Row key={row.seq} row={row} />
            ))}
          </ol>
          <LoadMore
            shown={rows.length}
            hasMore={query.hasNextPage}
            busy={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
          />
        </>
      )}
    </section>
  );
}

function Row({ row }: { readonly row: TransitionView }) {
  const t = useTranslations('traders.phase');
  const eventWords = useEventWords();
  const effectWords = useEffectWords();
  const reason = useReason();
  const why = row.reason === null ? null : reason(row.reason);
  const moved = row.from !== row.to;
  return (
    <li className="grid grid-cols-[9.5rem_minmax(0,1fr)] gap-x-3 border-b border-hairline py-1.5 text-xs max-md:grid-cols-1">
      <span className="text-ink-3">
        <Time at={row.at} bare />
      </span>
      <span className="flex min-w-0 flex-col gap-0.5">
        <span className="flex flex-wrap items-center gap-x-1.5">
          {moved ? (
            <>
              <PhaseIcon phase={row.from} className="size-3 opacity-60" />
              <span aria-hidden className="text-ink-3">
                →
              </span>
            </>
          ) : null}
          <PhaseIcon phase={row.to} className="size-3" />
          <span className="font-medium">{moved ? `${t(row.from)} → ${t(row.to)}` : t(row.to)}</span>
          <span className="text-ink-3">{eventWords(row)}</span>
          {row.symbol === null ? null : <span className="tabular-nums">{row.symbol}</span>}
        </span>
        {why === null ? null : <span className="text-ink-2">{why}</span>}
        {effectWords(row.effects)
          .filter((text) => text !== why)
          .map((text) => (
            <span key={text} className="text-ink-2">
              → {text}
            </span>
          ))}
      </span>
    </li>
  );
}
