'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { NamedLockView } from '#domain/locks/view.ts';
import { DataTable } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { ReleaseLockDialog, RemoveLockDialog } from '#components/locks/act-dialogs.tsx';
import { useNamedColumns } from '#components/locks/named-columns.tsx';
import { namedLocksQuery } from '#components/locks/queries.ts';

interface NamedTabProps {
  readonly scope: string;
  /** Part of a lock's, holder's or waiting job's name. */
  readonly q: string;
  readonly onClear: () => void;
}

function matches(lock: NamedLockView, q: string): boolean {
  const words = [
    lock.name,
    lock.description,
    String(lock.lock_id),
    lock.holder?.name ?? '',
    ...lock.waiters.map((waiter) => waiter.job_id),
    ...lock.jobs,
  ];
  return words.some((word) => word.toLowerCase().includes(q.toLowerCase()));
}

/** The named locks, with who holds them and whether PostgreSQL agrees. */
export function NamedTab({ scope, q, onClear }: NamedTabProps) {
  const t = useTranslations('locks.named');
  const mayControl = useMay('locks.control');
  const query = useQuery(namedLocksQuery(scope));
  const [releasing, setReleasing] = useState<NamedLockView | null>(null);
  const [removing, setRemoving] = useState<NamedLockView | null>(null);
  const acts = useMemo(
    () => (mayControl ? { release: setReleasing, remove: setRemoving } : null),
    [mayControl],
  );
  const { data } = query;
  const skewMs =
    data === undefined ? 0 : Math.round((query.dataUpdatedAt - Date.parse(data.at)) / 1_000) * 1_000;
  const columns = useNamedColumns(scope, skewMs, acts);
  const rows = useMemo(() => data?.locks.filter((lock) => q === '' || matches(lock, q)), [data, q]);
  if (query.isError && data === undefined)
    return <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={rows}
        rowId={(lock) => lock.name}
        skeletonRows={3}
        empty={
          q === '' ? (
            <EmptyState kind="nothing" text={t('empty_text')} />
          ) : (
            <EmptyState kind="filtered" onClear={onClear} />
          )
        }
      />
      {releasing === null ? null : (
        <ReleaseLockDialog scope={scope} lock={releasing} onClose={() => setReleasing(null)} />
      )}
      {removing === null ? null : (
        <RemoveLockDialog scope={scope} lock={removing} onClose={() => setRemoving(null)} />
      )}
    </>
  );
}
