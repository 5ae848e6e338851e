'use client';

import { useTranslations } from 'use-intl';
import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { RadioList, Segmented } from '#components/ui/segmented.tsx';
import { CommandFields } from '#components/jobs/editor/command-fields.tsx';
import { HttpFields } from '#components/jobs/editor/http-fields.tsx';
import { parseParams } from '#components/jobs/editor/json-params.ts';
import { Section } from '#components/jobs/editor/section.tsx';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import { draftsOf, paramsOf } from '#components/jobs/editor/values.ts';

const tasks = ['command', 'http', 'external'] as const;

/** What the job is and what it runs. */
export function WhatSection({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set, errorOf } = editor;
  return (
    <Section title={t('what')} hint={t('what_hint')}>
      {editor.isNew ? (
        <Field
          id={fieldId('job_id')}
          label={t('job_id')}
          hint={t('job_id_hint')}
          required
          error={errorOf('job_id')}
          className="max-w-md"
        >
          <Input
            spellCheck={false}
            autoComplete="off"
            placeholder="news-crawler"
            value={values.job_id}
            onChange={(event) => set({ job_id: event.target.value.trim() })}
          />
        </Field>
      ) : null}
      <Field
        id={fieldId('description')}
        label={t('description')}
        hint={t('description_hint')}
        optional
        error={errorOf('description')}
      >
        <Input value={values.description} onChange={(event) => set({ description: event.target.value })} />
      </Field>
      <div>
        <p className="mb-1 text-xs font-medium text-ink-2">{t('task')}</p>
        <RadioList
          label={t('task')}
          className="sm:grid sm:grid-cols-3 sm:gap-4"
          value={values.task}
          onChange={(task) => set({ task })}
          options={tasks.map((value) => ({
            value,
            label: t(`task_${value}`),
            hint: t(`task_${value}_hint`),
          }))}
        />
      </div>
      {values.task === 'external' ? (
        <>
          <QueueField editor={editor} />
          <JsonField editor={editor} />
        </>
      ) : (
        <ParamsFields editor={editor} />
      )}
    </Section>
  );
}

/** The parameters by form, or as JSON. */
function ParamsFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  const parsed = values.params_as === 'json' ? parseParams(values.json) : null;
  const drafts = parsed?.ok === true ? draftsOf(values.task, parsed.value) : null;
  const change = (as: 'form' | 'json') => {
    if (as === 'json') set({ params_as: as, json: JSON.stringify(paramsOf(values) ?? {}, null, 2) });
    else if (drafts !== null) set({ params_as: as, ...drafts });
  };
  return (
    <>
      <div className="flex items-center justify-between gap-2 border-t border-hairline pt-4">
        <h3 className="text-xs font-medium text-ink-2">{t('params')}</h3>
        <Segmented
          label={t('params_as')}
          value={values.params_as}
          onChange={change}
          options={[
            { value: 'form', label: t('as_form'), disabled: values.params_as === 'json' && drafts === null },
            { value: 'json', label: 'JSON' },
          ]}
        />
      </div>
      {values.params_as === 'json' ? (
        <JsonField editor={editor} />
      ) : values.task === 'http' ? (
        <HttpFields editor={editor} />
      ) : (
        <CommandFields editor={editor} />
      )}
    </>
  );
}

function JsonField({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const parsed = parseParams(editor.values.json);
  const error = parsed.ok ? editor.errorOf('params') : t('not_json', { message: parsed.message });
  return (
    <Field
      id={fieldId('params')}
      label={t('params_json')}
      hint={t(`params_json_${editor.values.task}`)}
      error={error}
    >
      <Textarea
        mono
        rows={10}
        value={editor.values.json}
        onChange={(event) => editor.set({ json: event.target.value })}
      />
    </Field>
  );
}

/** The queue consumers take runs from; named after the job when left empty. */
export function QueueField({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set, errorOf, scope } = editor;
  return (
    <Field
      id={fieldId('queue')}
      label={t('queue')}
      hint={t('queue_hint', { scope })}
      error={errorOf('queue')}
      className="max-w-md"
    >
      <Input
        className="font-mono text-xs"
        spellCheck={false}
        autoComplete="off"
        placeholder={`${scope}.jobs.${values.job_id === '' ? '…' : values.job_id}`}
        value={values.queue}
        onChange={(event) => set({ queue: event.target.value })}
      />
    </Field>
  );
}
