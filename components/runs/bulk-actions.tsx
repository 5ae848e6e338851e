'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RunView } from '#domain/runs/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { toast } from '#components/ui/toast.tsx';
import { actOnEach, type ItemResult } from '#components/runs/bulk.ts';
import { type RunAct, actOnRun, canAct } from '#components/runs/queries.ts';
import { ShortId } from '#components/runs/run-words.tsx';

interface BulkActionsProps {
  readonly scope: string;
  readonly runs: readonly RunView[];
  /** Called with the ids that stay selected: those that were refused. */
  readonly onDone: (left: ReadonlySet<string>) => void;
}

const acts: readonly RunAct[] = ['cancel', 'rerun', 'discard'];

/** What can be done with the selected runs; each answers for itself. */
export function BulkActions({ scope, runs, onDone }: BulkActionsProps) {
  const t = useTranslations('runs.bulk');
  const act = useTranslations('runs.act');
  const client = useQueryClient();
  const [asking, setAsking] = useState<RunAct | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const [results, setResults] = useState<readonly ItemResult<RunView>[] | null>(null);
  const meant = asking === null ? [] : runs.filter((run) => canAct(run, asking));

  const confirm = async () => {
    if (asking === null) return;
    setDone(0);
    const answers = await actOnEach(meant, (run) => actOnRun(scope, run.run_id, asking), setDone);
    setDone(null);
    await client.invalidateQueries({ queryKey: [scope, 'runs'] });
    const refused = answers.filter((answer) => answer.problem !== null);
    if (refused.length === 0) {
      toast.success(t('succeeded', { count: answers.length }));
      onDone(new Set());
    } else {
      setResults(answers);
    }
  };

  return (
    <>
      {acts.map((what) => (
        <Button
          key={what}
          size="sm"
          variant={what === 'discard' ? 'danger-ghost' : 'secondary'}
          disabled={!runs.some((run) => canAct(run, what))}
          onClick={() => setAsking(what)}
        >
          {act(`${what}_short`)}
        </Button>
      ))}
      <ConfirmDialog
        open={asking !== null}
        onOpenChange={(open) => setAsking((current) => (open ? current : null))}
        title={asking === null ? '' : t(`${asking}_title`, { count: meant.length })}
        consequences={
          asking === null ? null : (
            <>
              <p>{t(`${asking}_text`)}</p>
              {meant.length < runs.length ? (
                <p className="mt-2 text-ink-3">{t('passed_over', { count: runs.length - meant.length })}</p>
              ) : null}
              {done === null ? null : (
                <output className="mt-2 block">{t('working', { done, total: meant.length })}</output>
              )}
            </>
          )
        }
        verb={asking === null ? '' : act(asking === 'cancel' ? 'cancel_verb' : asking)}
        danger={asking !== 'rerun'}
        dismiss={asking === 'cancel' ? act('keep') : undefined}
        onConfirm={confirm}
      />
      {results === null ? null : (
        <ResultDialog
          results={results}
          onClose={() => {
            setResults(null);
            onDone(
              new Set(
                results.filter((result) => result.problem !== null).map((result) => result.item.run_id),
              ),
            );
          }}
        />
      )}
    </>
  );
}

function ResultDialog({
  results,
  onClose,
}: {
  readonly results: readonly ItemResult<RunView>[];
  readonly onClose: () => void;
}) {
  const t = useTranslations('runs.bulk');
  const problemText = useProblemText();
  const refused = results.filter((result) => result.problem !== null);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('result_title')}
      description={`${t('succeeded', { count: results.length - refused.length })} · ${t('failed', { count: refused.length })}`}
      footer={<Button onClick={onClose}>{t('close')}</Button>}
    >
      <ul className="divide-y divide-hairline text-sm">
        {refused.map(({ item, problem }) => (
          <li key={item.run_id} className="py-2">
            <span className="font-medium">{item.job_id}</span> <ShortId id={item.run_id} />
            <span className="block text-danger">{problemText(problem)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
