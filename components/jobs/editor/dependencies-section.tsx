'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Select } from '#components/ui/select.tsx';
import { Section } from '#components/jobs/editor/section.tsx';
import { fieldId, type Editor } from '#components/jobs/editor/use-editor.ts';
import type { DownstreamDraft, UpstreamDraft } from '#components/jobs/editor/neighbours.ts';
import { jobNamesQuery } from '#components/jobs/names.ts';

const newUpstream: UpstreamDraft = {
  job_id: null,
  kind: 'gate',
  on: 'success',
  satisfied_by: 'latest',
  each: false,
};
const newDownstream: DownstreamDraft = { job_id: null, on: 'success', each: false };

/** The jobs this one waits for and those it starts. The graph shows the same edges. */
export function DependenciesSection({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  return (
    <Section title={t('dependencies')} hint={t('dependencies_hint')}>
      <Neighbours
        editor={editor}
        field="depends_on"
        legend={t('depends_on')}
        hint={t('depends_on_hint')}
        add={t('add_upstream')}
        list={values.depends_on}
        onChange={(list) => set({ depends_on: list })}
        fresh={newUpstream}
      >
        {(entry, change) => (
          <>
            <Select
              aria-label={t('satisfied_by')}
              value={entry.satisfied_by}
              onChange={(by) => change({ ...entry, satisfied_by: by })}
              options={(['latest', 'any', 'all'] as const).map((by) => ({
                value: by,
                label: t(`satisfied_by_${by}`),
              }))}
              className="w-44"
            />
            <On value={entry.on} onChange={(on) => change({ ...entry, on })} />
            <ToggleRow
              label={t('also_starts')}
              control={
                <Checkbox
                  checked={entry.kind === 'both'}
                  onCheckedChange={(both) => change({ ...entry, kind: both === true ? 'both' : 'gate' })}
                />
              }
            />
          </>
        )}
      </Neighbours>
      <Neighbours
        editor={editor}
        field="triggers"
        legend={t('triggers')}
        hint={t('triggers_hint')}
        add={t('add_downstream')}
        list={values.triggers}
        onChange={(list) => set({ triggers: list })}
        fresh={newDownstream}
      >
        {(entry, change) => (
          <>
            <On value={entry.on} onChange={(on) => change({ ...entry, on })} />
            <ToggleRow
              label={t('each')}
              control={
                <Checkbox
                  checked={entry.each}
                  onCheckedChange={(each) => change({ ...entry, each: each === true })}
                />
              }
            />
          </>
        )}
      </Neighbours>
    </Section>
  );
}

type End = 'success' | 'any';

function On({ value, onChange }: { readonly value: End; readonly onChange: (value: End) => void }) {
  const t = useTranslations('jobs.editor');
  return (
    <Select
      aria-label={t('on_end')}
      value={value}
      onChange={onChange}
      options={(['success', 'any'] as const).map((on) => ({ value: on, label: t(`on_${on}`) }))}
      className="w-40"
    />
  );
}

interface NeighboursProps<Entry> {
  readonly editor: Editor;
  readonly field: 'depends_on' | 'triggers';
  readonly legend: string;
  readonly hint: string;
  readonly add: string;
  readonly list: readonly Entry[];
  readonly onChange: (list: readonly Entry[]) => void;
  readonly fresh: Entry;
  readonly children: (entry: Entry, change: (entry: Entry) => void) => ReactNode;
}

function Neighbours<Entry extends { readonly job_id: string | null }>(props: NeighboursProps<Entry>) {
  const { editor, field, legend, hint, add, list, onChange, fresh, children } = props;
  const t = useTranslations('jobs.editor');
  const common = useTranslations('common');
  const { data: jobs = [] } = useQuery(jobNamesQuery(editor.scope));
  const taken = new Set(list.map((entry) => entry.job_id));
  const change = (index: number, entry: Entry) =>
    onChange(list.map((known, at) => (at === index ? entry : known)));
  const error = editor.errorOf(field);
  return (
    <fieldset id={fieldId(field)} tabIndex={-1} className="flex min-w-0 flex-col gap-2 outline-none">
      <legend className="mb-1 text-xs font-medium text-ink-2">
        {legend} <span className="font-normal text-ink-3">({common('optional')})</span>
      </legend>
      {list.map((entry, index) => (
        // An entry has no identity but its place: its job may still be open.
        <div key={index} className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Combobox
            aria-label={`${legend} ${index + 1}`}
            placeholder={t('choose_job')}
            value={entry.job_id}
            onChange={(job_id) => change(index, { ...entry, job_id })}
            options={jobs
              .filter(
                (job) =>
                  job.job_id === entry.job_id ||
                  (!taken.has(job.job_id) && job.job_id !== editor.values.job_id),
              )
              .map((job) => ({
                value: job.job_id,
                label: job.job_id,
                ...(job.description === '' ? {} : { hint: job.description }),
              }))}
            className="w-64 max-md:w-full"
          />
          {children(entry, (next) => change(index, next))}
          <IconButton
            size="icon"
            label={common('remove')}
            onClick={() => onChange(list.filter((_, at) => at !== index))}
          >
            <X aria-hidden />
          </IconButton>
        </div>
      ))}
      <div>
        <Button size="sm" variant="ghost" className="-ml-2.5" onClick={() => onChange([...list, fresh])}>
          <Plus aria-hidden />
          {add}
        </Button>
      </div>
      <p className="text-xs text-ink-3">{hint}</p>
      {error === undefined ? null : <p className="text-xs text-danger">{error}</p>}
    </fieldset>
  );
}
