'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CandleImportResult } from '#domain/market/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { FormErrorSummary } from '#components/ui/form-error-summary.tsx';
import { toast } from '#components/ui/toast.tsx';
import { type ImportDraft, ImportForm, emptyDraft } from '#components/market/import-form.tsx';
import { ImportResult } from '#components/market/import-result.tsx';
import { importFile } from '#components/market/queries.ts';

interface ImportDialogProps {
  readonly onClose: () => void;
  /** Called with what was imported. */
  readonly onDone: (result: CandleImportResult) => void;
}

const fieldsOf = ({ file: _file, ...draft }: ImportDraft) => ({
  ...draft,
  symbol: draft.symbol.trim().toUpperCase() || undefined,
  source: draft.source.trim() || undefined,
  time_zone: draft.time_zone.trim() || undefined,
  columns: draft.columns.trim() || undefined,
});

/** Looks a candle file over first; what would come of it is shown before anything is written. */
export function ImportDialog({ onClose, onDone }: ImportDialogProps) {
  const t = useTranslations('market.import');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const client = useQueryClient();
  const [draft, setDraft] = useState<ImportDraft>(emptyDraft);
  const [seen, setSeen] = useState<CandleImportResult | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const issues = problem instanceof ApiProblem ? problem.issues : [];

  const send = async (dryRun: boolean) => {
    if (draft.file === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const result = await importFile(draft.file, fieldsOf(draft), dryRun);
      setSeen(result);
      if (dryRun) return;
      await client.invalidateQueries({ queryKey: ['instance', 'market'] });
      if (result.state === 'refused') return;
      toast.success(t('done', { file: result.file, added: result.added, changed: result.changed }));
      onDone(result);
      onClose();
    } catch (refusal) {
      setProblem(refusal);
      setSeen(null);
    } finally {
      setBusy(false);
    }
  };
  const edit = (change: Partial<ImportDraft>) => {
    setDraft({ ...draft, ...change });
    // What was seen is of the file as it was to be read before.
    setSeen(null);
    setProblem(null);
  };
  const nothingNew = seen !== null && seen.state === 'done' && seen.added + seen.changed === 0;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('title')}
      description={t('text')}
      className="md:w-[min(42rem,calc(100vw-2rem))]"
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant={seen?.state === 'done' ? 'secondary' : 'primary'}
            busy={busy && seen === null}
            disabled={draft.file === null || busy}
            onClick={() => void send(true)}
          >
            {t('check')}
          </Button>
          {seen?.state === 'done' ? (
            <Button variant="primary" busy={busy} disabled={nothingNew} onClick={() => void send(false)}>
              {t('verb')}
            </Button>
          ) : null}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <FormErrorSummary
          items={[]}
          message={problem === null || issues.length > 0 ? null : problemText(problem)}
        />
        <ImportForm
          draft={draft}
          onChange={edit}
          errorOf={(field) => {
            const issue = issues.find(({ path }) => path === field);
            return issue === undefined ? undefined : problemText(issue);
          }}
        />
        {seen === null ? null : <ImportResult result={seen} />}
      </div>
    </Dialog>
  );
}
