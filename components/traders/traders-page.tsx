'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Plus, Search } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { strategyNames } from '#domain/strategies/registry.ts';
import { type TraderCounts, type TraderView, traderPhases } from '#domain/traders/view.ts';
import { useLivePause } from '#components/query/live.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { DataTable } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Input } from '#components/ui/input.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useShortcut } from '#components/shell/shortcuts.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { useDebounced } from '#components/jobs/use-debounced.ts';
import { BulkActions, BulkDialog, type BulkVerb } from './bulk.tsx';
import { type TradersUrl, traderLayouts, tradersParsers } from './filters.ts';
import { PhaseIcon } from './phase.tsx';
import { traderHref, tradersQuery } from './queries.ts';
import { TraderCard } from './trader-card.tsx';
import { useTraderColumns } from './traders-columns.tsx';
import { useStrategyName } from './words.ts';

/** Beyond this many the page asks for a narrower filter. */
const mostShown = 1_000;

/** All traders of a scope, as cards or as a list. */
export function TradersPage({ scope }: { readonly scope: string }) {
  const t = useTranslations('traders');
  const router = useRouter();
  const may = useMay('traders.control');
  const [url, setUrl] = useQueryStates(tradersParsers, { history: 'replace' });
  const q = useDebounced(url.q, 200);
  const query = useInfiniteQuery(tradersQuery(scope, { ...url, q }));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [verb, setVerb] = useState<BulkVerb | null>(null);
  const columns = useTraderColumns();
  useLivePause(selected.size > 0);
  useShortcut('n', () => router.push(traderHref.create(scope)), { label: t('new'), enabled: may });
  const counts = query.data?.pages[0]?.counts;
  const filtered = url.q !== '' || url.phase !== null || url.strategy !== null || url.account !== null;
  const clear = () => void setUrl({ q: null, phase: null, strategy: null, account: null });
  const empty = filtered ? (
    <EmptyState kind="filtered" onClear={clear} />
  ) : (
    <EmptyState
      kind="nothing"
      title={t('nothing_title')}
      text={t('nothing_text')}
      action={may ? <NewTraderButton scope={scope} /> : undefined}
    />
  );
  const bulk = <BulkActions onVerb={setVerb} />;

  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={may ? <NewTraderButton scope={scope} /> : undefined}
      />
      <PhaseStrip counts={counts} url={url} onChange={(phase) => void setUrl({ phase })} />
      <Filters url={url} onChange={(next) => void setUrl(next)} />
      {query.isError && rows === undefined ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : url.view === 'list' ? (
        <DataTable
          caption={t('title')}
          columns={columns}
          rows={rows}
          rowId={(trader) => trader.trader_id}
          href={(trader) => traderHref.one(scope, trader.trader_id)}
          updating={query.isPlaceholderData}
          empty={empty}
          {...(may ? { selection: selected, onSelectionChange: setSelected, bulkActions: bulk } : {})}
        />
      ) : (
        <Cards
          rows={rows}
          empty={empty}
          selected={may ? selected : null}
          onSelect={setSelected}
          actions={bulk}
        />
      )}
      {rows === undefined || rows.length === 0 ? null : rows.length >= mostShown && query.hasNextPage ? (
        <EmptyState kind="capped" limit={mostShown} />
      ) : (
        <LoadMore
          shown={rows.length}
          hasMore={query.hasNextPage}
          busy={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
      {verb === null ? null : (
        <BulkDialog
          scope={scope}
          verb={verb}
          traders={(rows ?? []).filter(({ trader_id: id }) => selected.has(id))}
          onClose={(failed) => {
            setVerb(null);
            if (failed !== null) setSelected(new Set(failed));
          }}
        />
      )}
    </>
  );
}

interface StripProps {
  readonly counts: TraderCounts | undefined;
  readonly url: Pick<TradersUrl, 'phase'>;
  readonly onChange: (phase: TradersUrl['phase']) => void;
}

/** How many traders are in each phase; a press shows only those. */
function PhaseStrip({ counts, url, onChange }: StripProps) {
  const t = useTranslations('traders');
  const entries = [null, ...traderPhases] as const;
  return (
    <ul className="mb-3 flex gap-px overflow-x-auto rounded-lg border border-hairline bg-hairline">
      {entries.map((phase) => {
        const count = phase === null ? counts?.total : counts?.[phase];
        const on = url.phase === phase;
        return (
          <li key={phase ?? 'all'} className="min-w-24 flex-1">
            <button
              type="button"
              aria-pressed={on}
              onClick={() => onChange(on ? null : phase)}
              className={cn(
                'ring-inset-focus flex h-full min-h-11 w-full flex-col justify-center gap-0.5 px-3 py-1.5 text-left transition-colors',
                on ? 'bg-selected' : 'bg-surface hover:bg-hover',
              )}
            >
              <span className="flex items-center gap-1.5 text-xs whitespace-nowrap text-ink-2">
                {phase === null ? null : <PhaseIcon phase={phase} className="size-3" />}
                {phase === null ? t('all') : t(`phase.${phase}`)}
              </span>
              <span className={cn('text-lg leading-5 font-semibold', count === 0 && 'text-ink-3')}>
                {count ?? '–'}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

type Change = (next: Partial<{ [Key in keyof TradersUrl]: TradersUrl[Key] | null }>) => void;

function Filters({ url, onChange }: { readonly url: TradersUrl; readonly onChange: Change }) {
  const t = useTranslations('traders');
  const strategy = useStrategyName();
  return (
    <div className="flex flex-wrap items-center gap-2 pb-3">
      <div className="relative w-72 max-md:w-full">
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3"
        />
        <Input
          type="search"
          data-page-search
          className="pl-8"
          aria-label={t('search')}
          placeholder={t('search')}
          value={url.q}
          onChange={(event) => onChange({ q: event.target.value === '' ? null : event.target.value })}
        />
      </div>
      <Select
        aria-label={t('strategy')}
        className="w-52 max-md:flex-1"
        value={url.strategy ?? '-'}
        onChange={(next) => onChange({ strategy: next === '-' ? null : next })}
        options={[
          { value: '-', label: t('any_strategy') },
          ...strategyNames.map((name) => ({ value: name, label: strategy(name) })),
        ]}
      />
      <span className="flex-1 max-md:hidden" />
      <Segmented
        label={t('view')}
        value={url.view}
        onChange={(view) => onChange({ view })}
        options={traderLayouts.map((value) => ({ value, label: t(`view_${value}`) }))}
      />
    </div>
  );
}

interface CardsProps {
  readonly rows: readonly TraderView[] | undefined;
  readonly empty: React.ReactNode;
  readonly selected: ReadonlySet<string> | null;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly actions: React.ReactNode;
}

function Cards({ rows, empty, selected, onSelect, actions }: CardsProps) {
  const t = useTranslations('common.table');
  const grid = 'grid gap-3 grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))]';
  if (rows === undefined)
    return (
      <div aria-busy className={grid}>
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} className="h-36 w-full" />
        ))}
      </div>
    );
  if (rows.length === 0) return <>{empty}</>;
  return (
    <>
      {selected !== null && selected.size > 0 ? (
        <div
          role="toolbar"
          className="fixed bottom-5 left-1/2 z-20 flex w-max max-w-[calc(100vw-1.5rem)] -translate-x-1/2 flex-wrap items-center justify-center gap-1.5 rounded-lg border border-border bg-raised px-2 py-1.5 shadow-pop max-md:bottom-[calc(4rem+env(safe-area-inset-bottom))]"
        >
          <output className="px-1.5 text-xs font-medium">{t('selected', { count: selected.size })}</output>
          {actions}
          <Button size="sm" variant="ghost" onClick={() => onSelect(new Set())}>
            {t('clear_selection')}
          </Button>
        </div>
      ) : null}
      <ul className={grid}>
        {rows.map((trader) => (
          <TraderCard
            key={trader.trader_id}
            trader={trader}
            selected={selected === null ? null : selected.has(trader.trader_id)}
            onSelect={(on) => {
              const next = new Set(selected);
              if (on) next.add(trader.trader_id);
              else next.delete(trader.trader_id);
              onSelect(next);
            }}
          />
        ))}
      </ul>
    </>
  );
}

function NewTraderButton({ scope }: { readonly scope: string }) {
  const t = useTranslations('traders');
  return (
    <Button asChild variant="primary">
      <Link href={traderHref.create(scope)}>
        <Plus aria-hidden />
        {t('new')}
        <span aria-hidden className="max-md:hidden">
          <Kbd keys="n" inverted />
        </span>
      </Link>
    </Button>
  );
}
