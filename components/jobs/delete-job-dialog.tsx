'use client';

import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { useJobActions } from '#components/jobs/use-job-actions.ts';

interface Props {
  readonly job: Pick<JobView, 'job_id' | 'scope' | 'open_runs'>;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Deletes a job once its id is typed. */
export function DeleteJobDialog({ job, onClose, onDeleted }: Props) {
  const t = useTranslations('jobs.delete');
  const actions = useJobActions(job.scope);
  const open = job.open_runs.length;
  return (
    <ConfirmDialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={t('title', { job: job.job_id })}
      consequences={
        <>
          <p>{t('consequences')}</p>
          {open > 0 ? (
            <p className="mt-2 font-medium text-warning">{t('open_runs', { count: open })}</p>
          ) : null}
        </>
      }
      verb={t('verb')}
      danger
      typed={{ text: job.job_id, label: t('type', { job: job.job_id }) }}
      onConfirm={async () => {
        await actions.remove(job.job_id);
        onDeleted?.();
      }}
    />
  );
}
