'use client';

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { compareDefinitions } from '#domain/jobs/definition.ts';
import type { JobVersionView, JobView } from '#domain/jobs/view.ts';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LoadMore } from '#components/ui/load-more.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Time } from '#components/ui/time.tsx';
import { toast } from '#components/ui/toast.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { DefinitionChanges } from '#components/jobs/definition-changes.tsx';
import { useFieldLabel } from '#components/jobs/field-label.ts';
import { fetchVersions, jobCalls, jobKeys } from '#components/jobs/queries.ts';

/** Every version with its author, any two compared, an earlier one brought back. */
export function VersionsTab({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.versions');
  const mayEdit = useMay('jobs.edit');
  const [pair, setPair] = useState<readonly [number, number] | null>(null);
  const [restoring, setRestoring] = useState<JobVersionView | null>(null);
  const query = useInfiniteQuery({
    queryKey: jobKeys.versions(job.scope, job.job_id),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => fetchVersions(job.scope, job.job_id, pageParam, signal),
    getNextPageParam: (page) => page.next_cursor,
  });
  const versions = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  if (versions === undefined) {
    return query.isError ? (
      <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <Skeleton className="h-40 w-full" />
    );
  }
  const newest = versions[0]?.version ?? job.version;
  const [from, to] = pair ?? [versions[1]?.version ?? newest, newest];
  return (
    <div className="grid gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div>
        <ol className="border-t border-hairline">
          {versions.map((version, index) => (
            <VersionRow
              key={version.version}
              version={version}
              previous={versions[index + 1]}
              current={version.version === job.version}
              onCompare={() => setPair([version.version, newest])}
              {...(mayEdit ? { onRestore: () => setRestoring(version) } : {})}
            />
          ))}
        </ol>
        {versions.length < 2 && !query.hasNextPage ? null : (
          <LoadMore
            shown={versions.length}
            hasMore={query.hasNextPage}
            busy={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
          />
        )}
      </div>
      {versions.length < 2 ? (
        <p className="text-sm text-ink-3">{t('only_one')}</p>
      ) : (
        <Compare versions={versions} from={from} to={to} onPair={setPair} />
      )}
      {restoring === null ? null : (
        <RestoreDialog job={job} version={restoring} onClose={() => setRestoring(null)} />
      )}
    </div>
  );
}

interface VersionRowProps {
  readonly version: JobVersionView;
  readonly previous: JobVersionView | undefined;
  readonly current: boolean;
  readonly onCompare: () => void;
  readonly onRestore?: () => void;
}

function VersionRow({ version, previous, current, onCompare, onRestore }: VersionRowProps) {
  const t = useTranslations('jobs.versions');
  const label = useFieldLabel();
  const changed =
    previous === undefined
      ? []
      : compareDefinitions(previous.definition, version.definition).map(({ field }) => label(field));
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-hairline py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">v{version.version}</span>
          {current ? <Badge tone="accent">{t('in_use')}</Badge> : null}
          {version.restored_from === null ? null : (
            <Badge>{t('restored_from', { version: version.restored_from })}</Badge>
          )}
          <span className="text-ink-2">{version.author.name}</span>
          <span className="text-xs text-ink-3">
            <Time at={version.at} style="minute" />
          </span>
        </p>
        <p className="truncate text-xs text-ink-3">
          {version.version === 1
            ? t('first')
            : changed.length === 0
              ? t('same')
              : t('changed', { fields: changed.join(', ') })}
        </p>
      </div>
      {current ? null : (
        <div className="flex gap-1">
          <Button size="sm" variant="ghost" onClick={onCompare}>
            {t('compare')}
          </Button>
          {onRestore === undefined ? null : (
            <Button size="sm" onClick={onRestore}>
              {t('restore')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

interface CompareProps {
  readonly versions: readonly JobVersionView[];
  readonly from: number;
  readonly to: number;
  readonly onPair: (pair: readonly [number, number]) => void;
}

function Compare({ versions, from, to, onPair }: CompareProps) {
  const t = useTranslations('jobs.versions');
  const options = versions.map(({ version }) => ({ value: String(version), label: `v${version}` }));
  const before = versions.find(({ version }) => version === from);
  const after = versions.find(({ version }) => version === to);
  return (
    <section aria-label={t('compare')} className="min-w-0">
      <div className="mb-3 flex items-center gap-2">
        <h2 className="mr-2 text-sm font-semibold">{t('compare')}</h2>
        <Select
          aria-label={t('from')}
          className="w-24"
          value={String(from)}
          onChange={(value) => onPair([Number(value), to])}
          options={options}
        />
        <span aria-hidden className="text-ink-3">
          →
        </span>
        <Select
          aria-label={t('to')}
          className="w-24"
          value={String(to)}
          onChange={(value) => onPair([from, Number(value)])}
          options={options}
        />
      </div>
      {before === undefined || after === undefined ? null : (
        <DefinitionChanges
          changes={compareDefinitions(before.definition, after.definition)}
          beforeLabel={`v${from}`}
          afterLabel={`v${to}`}
        />
      )}
    </section>
  );
}

function RestoreDialog({
  job,
  version,
  onClose,
}: {
  readonly job: JobView;
  readonly version: JobVersionView;
  readonly onClose: () => void;
}) {
  const t = useTranslations('jobs.versions');
  const client = useQueryClient();
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('restore_title', { version: version.version })}
      consequences={
        <>
          <p className="mb-3">{t('restore_text', { next: job.version + 1 })}</p>
          <div className="max-h-64 overflow-y-auto">
            <DefinitionChanges
              changes={compareDefinitions(job, { ...version.definition, enabled: job.enabled })}
              beforeLabel={t('now')}
              afterLabel={`v${version.version}`}
            />
          </div>
        </>
      }
      verb={t('restore')}
      onConfirm={async () => {
        const restored = await jobCalls.restore(job.scope, job.job_id, version.version);
        client.setQueryData(jobKeys.one(job.scope, job.job_id), restored);
        await client.invalidateQueries({ queryKey: [job.scope, 'jobs'] });
        toast.success(t('restored', { version: version.version, next: restored.version }));
      }}
    />
  );
}
