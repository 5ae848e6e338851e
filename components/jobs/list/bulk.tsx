'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Check, CircleAlert, Pause, Play, PlayCircle } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { jobCalls } from '#components/jobs/queries.ts';

export type BulkVerb = 'pause' | 'resume' | 'run_now';
type Outcome = { readonly ok: true } | { readonly ok: false; readonly why: string };

const calls: Record<BulkVerb, (scope: string, jobId: string) => Promise<unknown>> = {
  pause: jobCalls.pause,
  resume: jobCalls.resume,
  run_now: (scope, jobId) => jobCalls.runNow(scope, jobId, {}, crypto.randomUUID()),
};
const icons = { pause: Pause, resume: Play, run_now: PlayCircle };

/** Buttons over the selected rows. */
export function BulkActions({ onVerb }: { readonly onVerb: (verb: BulkVerb) => void }) {
  const t = useTranslations('jobs.actions');
  return (['pause', 'resume', 'run_now'] as const).map((verb) => {
    const Icon = icons[verb];
    return (
      <Button key={verb} size="sm" onClick={() => onVerb(verb)}>
        <Icon aria-hidden />
        {t(verb)}
      </Button>
    );
  });
}

interface BulkDialogProps {
  readonly scope: string;
  readonly verb: BulkVerb;
  readonly jobIds: readonly string[];
  /** Closed; with the ids that failed, which stay selected. */
  readonly onClose: (failed: readonly string[] | null) => void;
}

/** Asks with the count, does it one after the other, and says for each job how it went. */
export function BulkDialog({ scope, verb, jobIds, onClose }: BulkDialogProps) {
  const t = useTranslations('jobs.bulk');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const client = useQueryClient();
  const frame = useFrame();
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome> | null>(null);
  const working = outcomes !== null && outcomes.size < jobIds.length;
  const failed = jobIds.filter((id) => outcomes?.get(id)?.ok === false);

  const start = async () => {
    const done = new Map<string, Outcome>();
    setOutcomes(new Map());
    for (const jobId of jobIds) {
      const outcome = await calls[verb](scope, jobId).then(
        (): Outcome => ({ ok: true }),
        (problem: unknown): Outcome => ({ ok: false, why: problemText(problem) }),
      );
      done.set(jobId, outcome);
      setOutcomes(new Map(done));
    }
    void client.invalidateQueries({ queryKey: [scope, 'jobs'] });
    void client.invalidateQueries({ queryKey: [scope, 'runs'] });
  };
  const close = () => {
    if (!working) onClose(outcomes === null ? null : failed);
  };

  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) close();
      }}
      title={t(`${verb}_title`, { count: jobIds.length })}
      description={t(`${verb}_text`, { scope: frame.scope?.kind === 'real' ? 'real' : 'other' })}
      footer={
        outcomes === null ? (
          <>
            <Button onClick={close}>{common('cancel')}</Button>
            <Button variant="primary" onClick={() => void start()}>
              {t(`${verb}_verb`, { count: jobIds.length })}
            </Button>
          </>
        ) : (
          <Button variant="primary" busy={working} onClick={close}>
            {common('close')}
          </Button>
        )
      }
    >
      {outcomes === null ? null : (
        <output className="block pb-2 text-sm font-medium">
          {t('result', { done: outcomes.size - failed.length, failed: failed.length, total: jobIds.length })}
        </output>
      )}
      <ul className="divide-y divide-hairline text-sm">
        {jobIds.map((id) => (
          <OutcomeRow key={id} jobId={id} outcome={outcomes?.get(id)} />
        ))}
      </ul>
    </Dialog>
  );
}

function OutcomeRow({ jobId, outcome }: { readonly jobId: string; readonly outcome: Outcome | undefined }) {
  const t = useTranslations('jobs.bulk');
  return (
    <li className="flex min-h-8 items-center gap-2 py-1">
      <span className="min-w-0 flex-1 truncate">{jobId}</span>
      {outcome === undefined ? null : outcome.ok ? (
        <span className="flex items-center gap-1 text-ok">
          <Check aria-hidden className="size-3.5" />
          {t('ok')}
        </span>
      ) : (
        <span className="flex items-center gap-1 text-danger">
          <CircleAlert aria-hidden className="size-3.5 shrink-0" />
          {outcome.why}
        </span>
      )}
    </li>
  );
}
