'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { cycleOf } from '#domain/dependencies/cycle.ts';
import { edge as edgeSchema, type Edge, type EdgeRule } from '#domain/dependencies/edge.ts';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { Button } from '#components/ui/button.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { EdgeRules } from '#components/dependencies/edge-rules.tsx';
import { edgeId, pathText, useEdgeSentence } from '#components/dependencies/edge-words.tsx';

/** What the form begins with; an edge that exists already keeps its two jobs. */
export interface EdgeStart extends EdgeRule {
  readonly upstream: string | null;
  readonly downstream: string | null;
  readonly exists: boolean;
}

export const newEdge: EdgeStart = {
  upstream: null,
  downstream: null,
  kind: 'gate',
  on: 'success',
  satisfied_by: 'latest',
  each: false,
  exists: false,
};

interface EdgeDialogProps {
  readonly start: EdgeStart;
  readonly jobs: readonly GraphJob[];
  readonly edges: readonly Edge[];
  readonly onSave: (edge: Edge) => void;
  readonly onClose: () => void;
}

/** Writes one edge: which jobs, what it does, and what that means in a sentence. */
export function EdgeDialog({ start, jobs, edges, onSave, onClose }: EdgeDialogProps) {
  const t = useTranslations('dependencies.form');
  const common = useTranslations('common');
  const sentence = useEdgeSentence();
  const [values, setValues] = useState(start);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<EdgeStart>) => setValues((before) => ({ ...before, ...change }));
  const options = jobs.map((job) => ({
    value: job.job_id,
    label: job.job_id,
    ...(job.description === '' ? {} : { hint: job.description }),
  }));
  const { exists, ...fields } = values;
  const parsed = edgeSchema.safeParse(fields);
  const edge = parsed.success ? parsed.data : null;
  const problem = edge === null ? null : problemOf(edge);

  function problemOf(given: Edge): string | null {
    const others = edges.filter((known) => edgeId(known) !== edgeId(given));
    if (!exists && others.length < edges.length) return t('twice');
    const cycle = cycleOf(others, given);
    return cycle === null ? null : t('cycle', { path: pathText(cycle) });
  }
  const missing = (job: string | null) => (tried && job === null ? t('missing') : undefined);

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className="w-[min(38rem,calc(100vw-2rem))]"
      title={t(exists ? 'edit_title' : 'new_title')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant="primary"
            onClick={() => {
              setTried(true);
              if (edge !== null && problem === null) onSave(edge);
            }}
          >
            {t(exists ? 'change' : 'add')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t('upstream')} hint={t('upstream_hint')} error={missing(values.upstream)} required>
            <Combobox
              value={values.upstream}
              onChange={(upstream) => set({ upstream })}
              options={options}
              disabled={exists}
              placeholder={t('choose_job')}
            />
          </Field>
          <Field
            label={t('downstream')}
            hint={t('downstream_hint')}
            error={missing(values.downstream)}
            required
          >
            <Combobox
              value={values.downstream}
              onChange={(downstream) => set({ downstream })}
              options={options}
              disabled={exists}
              placeholder={t('choose_job')}
            />
          </Field>
        </div>
        {problem === null ? null : (
          <p role="alert" className="rounded-md bg-danger-tint px-3 py-2 text-sm text-danger">
            {problem}
          </p>
        )}
        <EdgeRules rule={values} onChange={set} />
        {edge === null || problem !== null ? null : (
          <p aria-live="polite" className="rounded-md bg-sunken px-3 py-2 text-sm text-ink">
            {sentence(edge)}
          </p>
        )}
      </div>
    </Dialog>
  );
}
