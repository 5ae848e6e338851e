'use client';

import { Pause, Pencil, Play, PlayCircle, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { useShortcut } from '#components/shell/shortcuts.tsx';
import { useMay } from '#components/shell/viewer-context.tsx';
import { DeleteJobDialog } from '#components/jobs/delete-job-dialog.tsx';
import { RunNowDialog } from '#components/jobs/run-now-dialog.tsx';
import { jobHref } from '#components/jobs/queries.ts';
import { useJobActions } from '#components/jobs/use-job-actions.ts';

/** The buttons of a job's page. */
export function JobActions({ job }: { readonly job: JobView }) {
  const t = useTranslations('jobs.actions');
  const router = useRouter();
  const mayRun = useMay('jobs.run');
  const mayEdit = useMay('jobs.edit');
  const actions = useJobActions(job.scope);
  const [dialog, setDialog] = useState<'run' | 'delete' | null>(null);
  const edit = jobHref.edit(job.scope, job.job_id);
  useShortcut('r', () => setDialog('run'), { label: t('run_now'), enabled: mayRun });
  useShortcut('e', () => router.push(edit), { label: t('edit'), enabled: mayEdit });
  return (
    <>
      {mayEdit ? (
        <IconButton size="icon" label={t('delete')} onClick={() => setDialog('delete')}>
          <Trash2 aria-hidden />
        </IconButton>
      ) : null}
      {mayRun ? (
        <Button onClick={() => void actions.setEnabled(job.job_id, !job.enabled)}>
          {job.enabled ? <Pause aria-hidden /> : <Play aria-hidden />}
          {t(job.enabled ? 'pause' : 'resume')}
        </Button>
      ) : null}
      {mayEdit ? (
        <Button asChild>
          <Link href={edit}>
            <Pencil aria-hidden />
            {t('edit')}
          </Link>
        </Button>
      ) : null}
      {mayRun ? (
        <Button variant="primary" onClick={() => setDialog('run')}>
          <PlayCircle aria-hidden />
          {t('run_now')}
        </Button>
      ) : null}
      {dialog === 'run' ? <RunNowDialog job={job} onClose={() => setDialog(null)} /> : null}
      {dialog === 'delete' ? (
        <DeleteJobDialog
          job={job}
          onClose={() => setDialog(null)}
          onDeleted={() => router.push(jobHref.list(job.scope))}
        />
      ) : null}
    </>
  );
}
