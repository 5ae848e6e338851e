'use client';

import { useQuery } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { ImportDialog } from '#components/market/import-dialog.tsx';
import { ImportList } from '#components/market/import-list.tsx';
import { InstrumentList } from '#components/market/instrument-list.tsx';
import { marketParsers, sourcesQuery } from '#components/market/queries.ts';
import { SourceTable } from '#components/market/source-table.tsx';

/** Instruments, quotes and candles by source, and the files they came from. */
export function MarketPage({ mayImport }: { readonly mayImport: boolean }) {
  const t = useTranslations('market');
  const [url, setUrl] = useQueryStates(marketParsers);
  const [importing, setImporting] = useState(false);
  const sources = useQuery(sourcesQuery());
  const { data } = sources;
  const chosen =
    data?.find(({ venue, source }) => venue === url.venue && source === url.source) ??
    (url.source === null ? data?.[0] : undefined);
  const instruments =
    chosen === undefined ? (
      <EmptyState kind="nothing" title={t('instruments.none')} />
    ) : (
      <InstrumentList
        key={`${chosen.venue} ${chosen.source}`}
        of={chosen}
        search={url.q}
        onSearch={(q) => void setUrl({ q })}
      />
    );
  const action = mayImport ? (
    <Button variant="primary" onClick={() => setImporting(true)}>
      <FileUp aria-hidden />
      {t('import.open')}
    </Button>
  ) : null;
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} actions={action} />
      {sources.isError && data === undefined ? (
        <EmptyState kind="failed" error={sources.error} onRetry={() => void sources.refetch()} />
      ) : (
        <div className="flex flex-col gap-8">
          <section aria-labelledby="market-sources" className="flex flex-col gap-2">
            <h2 id="market-sources" className="text-sm font-semibold">
              {t('sources.title')}
            </h2>
            <SourceTable
              sources={data}
              chosen={chosen}
              onChoose={({ venue, source }) => void setUrl({ venue, source, q: null, tab: null })}
            />
          </section>
          {data?.length === 0 ? (
            <ImportList quiet />
          ) : (
            <Tabs
              label={t('tabs.label')}
              value={url.tab}
              onChange={(tab) => void setUrl({ tab })}
              tabs={[
                { value: 'instruments', label: t('tabs.instruments'), content: instruments },
                { value: 'imports', label: t('tabs.imports'), content: <ImportList /> },
              ]}
            />
          )}
        </div>
      )}
      {importing ? (
        <ImportDialog
          onClose={() => setImporting(false)}
          onDone={({ venue, source }) => void setUrl({ venue, source, q: null, tab: null })}
        />
      ) : null}
    </>
  );
}
