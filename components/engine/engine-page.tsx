'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { LeaderStrip } from '#components/engine/leader-strip.tsx';
import { PluginTable } from '#components/engine/plugin-table.tsx';
import { ProcessTable } from '#components/engine/process-table.tsx';
import { engineQuery } from '#components/engine/queries.ts';
import { ScopeRooms } from '#components/engine/scope-rooms.tsx';

/** The engine's page. @param editable scopes whose capacities the reader may edit. */
export function EnginePage({ editable }: { readonly editable: readonly string[] }) {
  const t = useTranslations('engine');
  const engine = useQuery(engineQuery());
  const { data } = engine;
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {data !== undefined ? (
        <div className="flex flex-col gap-8">
          <LeaderStrip leader={data.leader} processes={data.processes} />
          <section aria-labelledby="engine-processes" className="flex flex-col gap-2">
            <h2 id="engine-processes" className="text-sm font-semibold">
              {t('processes.title')}
            </h2>
            <ProcessTable processes={data.processes} leaderId={data.leader?.process_id ?? null} />
          </section>
          {data.plugins.length === 0 ? null : (
            <section aria-labelledby="engine-plugins" className="flex flex-col gap-2">
              <h2 id="engine-plugins" className="text-sm font-semibold">
                {t('plugins.title')}
              </h2>
              <PluginTable plugins={data.plugins} />
            </section>
          )}
          {data.scopes.length === 0 ? <EmptyState kind="nothing" title={t('scope.none')} /> : null}
          <div className="grid gap-x-10 gap-y-8 xl:grid-cols-2">
            {data.scopes.map((scope) => (
              <ScopeRooms key={scope.scope} scope={scope} mayEdit={editable.includes(scope.scope)} />
            ))}
          </div>
        </div>
      ) : engine.isError ? (
        <EmptyState kind="failed" error={engine.error} onRetry={() => void engine.refetch()} />
      ) : (
        <Skeleton className="h-64 w-full" />
      )}
    </>
  );
}
