'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { JobView } from '#domain/jobs/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { ApiProblem } from '#components/query/api.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { ToggleRow } from '#components/ui/checkbox.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/input.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { parseParams } from '#components/jobs/editor/json-params.ts';
import { useJobActions } from '#components/jobs/use-job-actions.ts';

type Job = Pick<
  JobView,
  'job_id' | 'scope' | 'params' | 'mode' | 'enabled' | 'open_runs' | 'max_parallel' | 'overlap' | 'depends_on'
>;

/** Asks before a run by hand, with the parameters it will get and the chance to change them for this run only. */
export function RunNowDialog({ job, onClose }: { readonly job: Job; readonly onClose: () => void }) {
  const t = useTranslations('jobs.run_now');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const { scope } = useFrame();
  const actions = useJobActions(job.scope);
  const [own, setOwn] = useState(false);
  const [ignoresGates, setIgnoresGates] = useState(false);
  const [text, setText] = useState(() => JSON.stringify(job.params, null, 2));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // One key for the life of the dialog: pressing twice after a lost answer starts one run.
  const [key] = useState(() => crypto.randomUUID());
  const parsed = parseParams(text);
  const wrong = own && !parsed.ok ? t('not_json', { message: parsed.message }) : null;

  const start = async () => {
    setBusy(true);
    setError(null);
    try {
      await actions.runNow(
        job.job_id,
        {
          ...(own && parsed.ok ? { params: parsed.value } : {}),
          ...(ignoresGates ? { ignore_gates: true } : {}),
        },
        key,
      );
      onClose();
    } catch (problem) {
      const issues =
        problem instanceof ApiProblem
          ? problem.issues.map((issue) => `${issue.path}: ${problemText(issue)}`)
          : [];
      setError([problemText(problem), ...issues].join('\n'));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
      title={t('title', { job: job.job_id })}
      description={t(scope?.kind === 'real' ? 'description_real' : 'description')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button variant="primary" busy={busy} disabled={wrong !== null} onClick={() => void start()}>
            {t('verb')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {job.enabled ? null : <p className="text-sm text-ink-2">{t('paused_note')}</p>}
        {job.mode === 'service' ? <p className="text-sm text-ink-2">{t('service_note')}</p> : null}
        {job.mode !== 'service' && job.open_runs.length >= job.max_parallel ? (
          <p className="text-sm text-warning">
            {t(`overlap_${job.overlap}`, { count: job.open_runs.length })}
          </p>
        ) : null}
        {job.depends_on.length === 0 ? null : (
          <ToggleRow
            label={t('ignore_gates')}
            hint={t('ignore_gates_hint', { jobs: job.depends_on.map((one) => one.job_id).join(', ') })}
            control={<Switch checked={ignoresGates} onCheckedChange={setIgnoresGates} />}
          />
        )}
        <ToggleRow
          label={t('own_params')}
          hint={t('own_params_hint')}
          control={<Switch checked={own} onCheckedChange={setOwn} />}
        />
        {own ? (
          <Field label={t('params')} error={wrong}>
            <Textarea mono rows={10} value={text} onChange={(event) => setText(event.target.value)} />
          </Field>
        ) : (
          <CodeBlock code={JSON.stringify(job.params, null, 2)} label={t('params')} />
        )}
        {error === null ? null : (
          <p role="alert" className="text-sm whitespace-pre-line text-danger">
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}
