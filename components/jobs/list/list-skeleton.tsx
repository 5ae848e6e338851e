'use client';

import { useTranslations } from 'use-intl';
import { DataTable } from '#components/ui/data-table.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useJobColumns } from '#components/jobs/list/columns.tsx';

/** The list while its first page is on its way: the same places, empty. */
export function ListSkeleton() {
  const t = useTranslations('jobs.list');
  const columns = useJobColumns();
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('description')}
        actions={<Skeleton className="h-(--control) w-28" />}
      />
      <div className="flex gap-2 pb-3">
        <Skeleton className="h-(--control) w-72 max-md:w-full" />
      </div>
      <DataTable
        caption={t('title')}
        columns={columns}
        rows={undefined}
        rowId={(job) => job.job_id}
        keyboard={false}
      />
    </>
  );
}
