'use client';

import { useTranslations } from 'use-intl';
import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { CommandFields } from '#components/jobs/editor/command-fields.tsx';
import { HttpFields } from '#components/jobs/editor/http-fields.tsx';
import { parseParams } from '#components/jobs/editor/json-params.ts';
import { Section } from '#components/jobs/editor/section.tsx';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import { PluginFields, TaskChoice } from '#components/jobs/editor/task-choice.tsx';
import { draftsOf, hasForm, paramsOf } from '#components/jobs/editor/values.ts';

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
      <TaskChoice editor={editor} />
      {values.task === 'external' ? (
        <>
          <QueueField editor={editor} />
          <JsonField editor={editor} />
        </>
      ) : hasForm(values.task) ? (
        <ParamsFields editor={editor} />
      ) : (
        <PluginParams editor={editor} />
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

/** A plug-in's parameters: what it takes, and the JSON. */
function PluginParams({ editor }: { readonly editor: Editor }) {
  return (
    <>
      <PluginFields task={editor.values.task} />
      <JsonField editor={editor} />
    </>
  );
}

const builtin = ['command', 'http', 'external'] as const;

function JsonField({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const parsed = parseParams(editor.values.json);
  const below = editor.errorsUnder('params');
  const found = below.length > 0 ? below.join(' ') : editor.errorOf('params');
  const error = parsed.ok ? found : t('not_json', { message: parsed.message });
  const known = builtin.find((name) => name === editor.values.task);
  return (
    <Field
      id={fieldId('params')}
      label={t('params_json')}
      hint={known === undefined ? undefined : t(`params_json_${known}`)}
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
