'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Ban, FastForward, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RunDetail, RunView } from '#domain/runs/view.ts';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { toast } from '#components/ui/toast.tsx';
import { type RunAct, actOnRun, canAct, runKey } from '#components/runs/queries.ts';
import { RerunDialog } from '#components/runs/rerun-dialog.tsx';

/** What can be done to the run as it stands: cancel, run again, discard. */
export function RunActions({ scope, run }: { readonly scope: string; readonly run: RunDetail }) {
  const t = useTranslations('runs.act');
  const client = useQueryClient();
  const [asking, setAsking] = useState<RunAct | null>(null);

  const act = async (what: RunAct, params?: RunView['params']) => {
    const after = await actOnRun(scope, run.run_id, what, params);
    client.setQueryData(
      runKey(scope, run.run_id),
      (before: RunDetail | undefined) => before && { ...before, ...after },
    );
    void client.invalidateQueries({ queryKey: [scope, 'runs'] });
    const said =
      what === 'cancel'
        ? after.state === 'running'
          ? 'cancel_asked'
          : 'cancelled'
        : what === 'rerun'
          ? 'rerun_done'
          : what === 'release'
            ? 'released'
            : 'discarded';
    toast.success(t(said));
  };
  const close = (open: boolean) => setAsking((current) => (open ? current : null));

  return (
    <>
      {canAct(run, 'discard') ? (
        <Button variant="danger-ghost" onClick={() => setAsking('discard')}>
          <Trash2 aria-hidden />
          {t('discard')}
        </Button>
      ) : null}
      {canAct(run, 'release') ? (
        <Button onClick={() => setAsking('release')}>
          <FastForward aria-hidden />
          {t('release')}
        </Button>
      ) : null}
      {canAct(run, 'cancel') ? (
        <Button onClick={() => setAsking('cancel')}>
          <Ban aria-hidden />
          {t('cancel')}
        </Button>
      ) : null}
      {canAct(run, 'rerun') ? (
        <Button
          variant={run.state === 'succeeded' ? 'secondary' : 'primary'}
          onClick={() => setAsking('rerun')}
        >
          <RotateCcw aria-hidden />
          {t('rerun')}
        </Button>
      ) : null}
      <ConfirmDialog
        open={asking === 'cancel'}
        onOpenChange={close}
        title={t('cancel_title', { job: run.job_id })}
        consequences={run.state === 'running' ? t('cancel_running') : t('cancel_waiting')}
        verb={t('cancel_verb')}
        dismiss={t('keep')}
        danger
        onConfirm={() => act('cancel')}
      />
      <ConfirmDialog
        open={asking === 'discard'}
        onOpenChange={close}
        title={t('discard_title', { job: run.job_id })}
        consequences={t('discard_text')}
        verb={t('discard')}
        danger
        onConfirm={() => act('discard')}
      />
      <ConfirmDialog
        open={asking === 'release'}
        onOpenChange={close}
        title={t('release_title', { job: run.job_id })}
        consequences={t('release_text')}
        verb={t('release')}
        danger
        onConfirm={() => act('release')}
      />
      {asking === 'rerun' ? (
        <RerunDialog run={run} onOpenChange={close} onRerun={(params) => act('rerun', params)} />
      ) : null}
    </>
  );
}
