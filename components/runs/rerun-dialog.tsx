'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { RunView } from '#domain/runs/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { FormErrorSummary } from '#components/ui/form-error-summary.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { parseParams } from '#components/runs/json-params.ts';

interface RerunDialogProps {
  readonly run: RunView;
  readonly onOpenChange: (open: boolean) => void;
  /** Without params the run keeps those it has. Rejects with an ApiProblem when refused. */
  readonly onRerun: (params?: RunView['params']) => Promise<void>;
}

const fieldId = 'rerun-params';

/** Runs a run again, with its parameters or with others for this time. */
export function RerunDialog({ run, onOpenChange, onRerun }: RerunDialogProps) {
  const t = useTranslations('runs.rerun_dialog');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const [original] = useState(() => JSON.stringify(run.params, null, 2));
  const [text, setText] = useState(original);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const parsed = parseParams(text);
  const changed = text !== original;
  const syntax =
    parsed.kind === 'ok'
      ? null
      : parsed.kind === 'not_json'
        ? t('not_json', { message: parsed.message })
        : t('not_object', { example: '{"argv": ["python3", "main.py"]}' });
  const issues = problem instanceof ApiProblem ? problem.issues : [];
  const message = problem === null || issues.length > 0 ? null : problemText(problem);

  const submit = async () => {
    if (parsed.kind !== 'ok') return;
    setBusy(true);
    setProblem(null);
    try {
      await onRerun(changed ? parsed.params : undefined);
      onOpenChange(false);
    } catch (refusal) {
      setProblem(refusal);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onOpenChange}
      title={t('title', { job: run.job_id })}
      description={changed ? t('text_changed') : t('text')}
      footer={
        <>
          {changed ? (
            <Button variant="ghost" className="mr-auto" onClick={() => setText(original)}>
              {t('reset')}
            </Button>
          ) : null}
          <Button onClick={() => onOpenChange(false)}>{common('cancel')}</Button>
          <Button
            type="submit"
            form="rerun-form"
            variant="primary"
            busy={busy}
            disabled={parsed.kind !== 'ok'}
          >
            {t('verb')}
          </Button>
        </>
      }
    >
      <form
        id="rerun-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <FormErrorSummary
          items={issues.map((issue) => ({ field: fieldId, label: issue.path, message: problemText(issue) }))}
          message={message}
        />
        <Field label={t('params')} id={fieldId} error={syntax}>
          <Textarea
            mono
            rows={Math.min(18, Math.max(6, text.split('\n').length + 1))}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) void submit();
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}
