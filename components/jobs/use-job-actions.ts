'use client';

import { useQueryClient } from '@tanstack/react-query';
import type { InfiniteData } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { useProblemText } from '#components/i18n/reason.tsx';
import { toast } from '#components/ui/toast.tsx';
import type { JobView } from '#domain/jobs/view.ts';
import { jobCalls, jobHref, jobKeys } from '#components/jobs/queries.ts';
import type { JobsPage, RunNow } from '#components/jobs/queries.ts';

/** Pausing stops a service that is open, resuming starts one whose session is on. */
function stopsOrStarts(job: JobView): boolean {
  if (job.mode !== 'service') return false;
  const due = job.next_due_at === null ? null : Date.parse(job.next_due_at);
  return job.enabled ? due !== null && due <= Date.parse(job.updated_at) : job.open_runs.length > 0;
}

/** Pause, resume, run and delete one job, saying what happened. Pausing shows at once and can be undone. */
export function useJobActions(scope: string) {
  const client = useQueryClient();
  const router = useRouter();
  const t = useTranslations('jobs.actions');
  const common = useTranslations('common');
  const problemText = useProblemText();

  const showEnabled = (jobId: string, enabled: boolean) => {
    client.setQueryData<JobView>(jobKeys.one(scope, jobId), (job) =>
      job === undefined ? undefined : { ...job, enabled },
    );
    client.setQueriesData<InfiniteData<JobsPage>>({ queryKey: [scope, 'jobs', 'list'] }, (data) =>
      data === undefined
        ? undefined
        : {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              items: page.items.map((item) => (item.job_id === jobId ? { ...item, enabled } : item)),
            })),
          },
    );
  };
  const refresh = () => client.invalidateQueries({ queryKey: [scope, 'jobs'] });

  const setEnabled = async (jobId: string, enabled: boolean, undoable = true): Promise<void> => {
    await client.cancelQueries({ queryKey: [scope, 'jobs'] });
    showEnabled(jobId, enabled);
    try {
      const job = await (enabled ? jobCalls.resume : jobCalls.pause)(scope, jobId);
      client.setQueryData(jobKeys.one(scope, jobId), job);
      const said = `${enabled ? 'resumed' : 'paused'}${stopsOrStarts(job) ? '_service' : ''}` as const;
      toast.success(
        t(said, { job: jobId }),
        undoable
          ? { action: { label: common('undo'), onClick: () => void setEnabled(jobId, !enabled, false) } }
          : {},
      );
    } catch (problem) {
      showEnabled(jobId, !enabled);
      toast.error(t(enabled ? 'resume_failed' : 'pause_failed', { job: jobId }), {
        description: problemText(problem),
      });
    } finally {
      void refresh();
    }
  };

  /** @throws ApiProblem, for the dialog that asked. */
  const runNow = async (jobId: string, how: RunNow, key: string): Promise<void> => {
    const run = await jobCalls.runNow(scope, jobId, how, key);
    toast.success(t('run_started', { job: jobId }), {
      action: { label: t('see_run'), onClick: () => router.push(jobHref.run(scope, run.run_id)) },
    });
    void refresh();
    void client.invalidateQueries({ queryKey: [scope, 'runs'] });
  };

  /** @throws ApiProblem, for the dialog that asked. */
  const remove = async (jobId: string): Promise<void> => {
    await jobCalls.remove(scope, jobId);
    toast.success(t('deleted', { job: jobId }));
    await client.invalidateQueries({ queryKey: [scope, 'jobs', 'list'] });
  };

  return { setEnabled, runNow, remove };
}
