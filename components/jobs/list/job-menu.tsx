'use client';

import { EllipsisVertical, Pause, Pencil, Play, PlayCircle, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { Button } from '#components/ui/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '#components/ui/dropdown-menu.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { DeleteJobDialog } from '#components/jobs/delete-job-dialog.tsx';
import { RunNowDialog } from '#components/jobs/run-now-dialog.tsx';
import { jobHref } from '#components/jobs/queries.ts';
import { useJobActions } from '#components/jobs/use-job-actions.ts';

/** What can be done with one job of the list. */
export function JobMenu({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.actions');
  const router = useRouter();
  const mayRun = useMay('jobs.run');
  const mayEdit = useMay('jobs.edit');
  const actions = useJobActions(job.scope);
  const [dialog, setDialog] = useState<'run' | 'delete' | null>(null);
  if (!mayRun && !mayEdit) return null;
  return (
    <span data-no-open>
      <Menu
        trigger={
          <Button size="icon-sm" variant="ghost" aria-label={t('of', { job: job.job_id })}>
            <EllipsisVertical aria-hidden />
          </Button>
        }
      >
        {mayRun ? (
          <>
            <MenuItem onSelect={() => setDialog('run')}>
              <PlayCircle aria-hidden />
              {t('run_now')}
            </MenuItem>
            <MenuItem onSelect={() => void actions.setEnabled(job.job_id, !job.enabled)}>
              {job.enabled ? <Pause aria-hidden /> : <Play aria-hidden />}
              {t(job.enabled ? 'pause' : 'resume')}
            </MenuItem>
          </>
        ) : null}
        {mayEdit ? (
          <>
            <MenuItem onSelect={() => router.push(jobHref.edit(job.scope, job.job_id))}>
              <Pencil aria-hidden />
              {t('edit')}
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger onSelect={() => setDialog('delete')}>
              <Trash2 aria-hidden />
              {t('delete')}
            </MenuItem>
          </>
        ) : null}
      </Menu>
      {dialog === 'run' ? <RunNowDialog job={job} onClose={() => setDialog(null)} /> : null}
      {dialog === 'delete' ? <DeleteJobDialog job={job} onClose={() => setDialog(null)} /> : null}
    </span>
  );
}
