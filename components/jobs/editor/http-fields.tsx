'use client';

import { useTranslations } from 'use-intl';
import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { PairsField } from '#components/jobs/editor/pairs-field.tsx';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import type { HttpDraft, HttpMethod } from '#components/jobs/editor/values.ts';

const methods: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

/** What an `http` job sends and what it takes for success. */
export function HttpFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.http');
  const { http } = editor.values;
  const change = (part: Partial<HttpDraft>) => editor.set({ http: { ...http, ...part } });
  return (
    <>
      <div className="flex gap-2">
        <Field id={fieldId('params.method')} label={t('method')} className="w-28 shrink-0">
          <Select
            value={http.method}
            onChange={(method) => change({ method })}
            options={methods.map((value) => ({ value, label: value }))}
          />
        </Field>
        <Field
          id={fieldId('params.url')}
          label={t('url')}
          hint={t('url_hint')}
          required
          error={editor.errorOf('params.url')}
          className="flex-1"
        >
          <Input
            className="font-mono text-xs"
            type="url"
            inputMode="url"
            placeholder="http://127.0.0.1:8000/analyze"
            value={http.url}
            onChange={(event) => change({ url: event.target.value })}
          />
        </Field>
      </div>
      <PairsField
        id={fieldId('params.headers')}
        legend={t('headers')}
        hint={t('headers_hint')}
        nameLabel={t('header_name')}
        valueLabel={t('header_value')}
        addLabel={t('header_add')}
        pairs={http.headers}
        onChange={(headers) => change({ headers })}
        error={editor.errorOf('params.headers')}
      />
      <Field
        id={fieldId('params.body')}
        label={t('body')}
        hint={t('body_hint')}
        optional
        error={editor.errorOf('params.body')}
      >
        <Textarea
          mono
          rows={4}
          value={http.body}
          onChange={(event) => change({ body: event.target.value })}
        />
      </Field>
      <Field
        id={fieldId('params.expected_status')}
        label={t('expected')}
        hint={t('expected_hint')}
        optional
        error={editor.errorOf('params.expected_status')}
        className="max-w-60"
      >
        <Input
          inputMode="numeric"
          placeholder="200–299"
          value={http.expected}
          onChange={(event) => change({ expected: event.target.value })}
        />
      </Field>
    </>
  );
}
