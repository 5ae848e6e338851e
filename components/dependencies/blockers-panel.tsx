'use client';

import { RotateCcw } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { toast } from '#components/ui/toast.tsx';
import { StandingMark, standingOf } from '#components/dependencies/standing.tsx';
import type { Blocker } from '#components/dependencies/model.ts';
import { jobHref, runHref } from '#components/runs/run-words.tsx';
import { actOnRun } from '#components/runs/queries.ts';

interface BlockersProps {
  readonly scope: string;
  readonly blockers: readonly Blocker[];
  readonly mayControl: boolean;
  readonly onFocus: (job: string) => void;
}

/** What blocks what: each root cause, everything that waits because of it, and what can be done about it. */
export function BlockersPanel({ scope, blockers, mayControl, onFocus }: BlockersProps) {
  const t = useTranslations('dependencies.blockers');
  return (
    <section aria-labelledby="blockers-title">
      <h2 id="blockers-title" className="text-sm font-semibold">
        {t('title')}
      </h2>
      {blockers.length === 0 ? (
        <p className="mt-1 text-sm text-ink-3">{t('none')}</p>
      ) : (
        <ul className="mt-2 flex flex-col gap-4">
          {blockers.map(({ job, runId, blocks }) => (
            <li key={job.job_id} className="border-l-2 border-danger pl-3">
              <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <button
                  type="button"
                  onClick={() => onFocus(job.job_id)}
                  className="min-h-6 text-left text-sm font-medium [overflow-wrap:anywhere] hover:underline max-md:min-h-11"
                >
                  {job.job_id}
                </button>
                <StandingMark standing={standingOf(job)} className="text-xs" />
              </div>
              <p className="mt-1 text-xs text-ink-3">{t('blocks', { count: blocks.length })}</p>
              <ul className="mt-0.5 flex flex-wrap gap-x-3 text-sm">
                {blocks.map((id) => (
                  <li key={id}>
                    <button
                      type="button"
                      onClick={() => onFocus(id)}
                      className="min-h-6 text-left text-ink-2 [overflow-wrap:anywhere] hover:text-ink hover:underline max-md:min-h-11"
                    >
                      {id}
                    </button>
                  </li>
                ))}
              </ul>
              <div className="mt-2 flex flex-wrap items-center gap-3">
                {mayControl && runId !== null ? <Rerun scope={scope} job={job} runId={runId} /> : null}
                <Link
                  href={runId === null ? jobHref(scope, job.job_id) : runHref(scope, runId)}
                  className="text-sm text-accent underline underline-offset-2"
                >
                  {t(runId === null ? 'open_job' : 'open_run')}
                </Link>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Runs the failed run again, after a question; what it holds goes on by itself. */
export function Rerun({
  scope,
  job,
  runId,
}: {
  readonly scope: string;
  readonly job: GraphJob;
  readonly runId: string;
}) {
  const t = useTranslations('dependencies.blockers');
  const act = useTranslations('runs.act');
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        <RotateCcw aria-hidden />
        {act('rerun')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('rerun_title', { job: job.job_id })}
        consequences={t('rerun_text')}
        verb={act('rerun')}
        onConfirm={async () => {
          await actOnRun(scope, runId, 'rerun');
          toast.success(act('rerun_done'));
        }}
      />
    </>
  );
}
