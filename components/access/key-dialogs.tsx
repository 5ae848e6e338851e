'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Grant } from '#domain/access/access.ts';
import { type CreatedKey, type KeyView, createdKey } from '#domain/access/view.ts';
import { useChecks } from '#components/access/checks.ts';
import { useSubmit } from '#components/access/form.ts';
import { GrantEditor, grantsError } from '#components/access/grants.tsx';
import { FormNotice } from '#components/access/notice.tsx';
import { api } from '#components/query/api.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { toast } from '#components/ui/toast.tsx';

const keys = '/api/v1/instance/keys';
const days = ['30', '90', '365'] as const;
type Expiry = (typeof days)[number] | 'never';

function useKeysChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['instance', 'keys'] });
}

function instantAfter(expiry: Expiry): string | null {
  return expiry === 'never' ? null : new Date(Date.now() + Number(expiry) * 86_400_000).toISOString();
}

/** Makes a key, then shows it: once. Mounted while open. */
export function NewKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<CreatedKey | null>(null);
  return created === null ? (
    <KeyForm onCreated={setCreated} onClose={onClose} />
  ) : (
    <ShowKey created={created} onClose={onClose} />
  );
}

function KeyForm({
  onCreated,
  onClose,
}: {
  readonly onCreated: (key: CreatedKey) => void;
  readonly onClose: () => void;
}) {
  const t = useTranslations('settings.keys');
  const common = useTranslations('common');
  const checks = useChecks();
  const submit = useSubmit();
  const changed = useKeysChanged();
  const { viewer } = useFrame();
  const [name, setName] = useState('');
  const [expiry, setExpiry] = useState<Expiry>('90');
  const mock = viewer.scopes.find(({ kind }) => kind === 'mock');
  const [grants, setGrants] = useState<Grant[]>([{ role: 'operator', scope: mock?.name ?? '*' }]);
  const send = async () => {
    const key = await api('POST', keys, {
      body: { name, grants, expires_at: instantAfter(expiry) },
      schema: createdKey,
    });
    await changed();
    onCreated(key);
  };
  const check = { name: checks.name(name), grants: grants.length === 0 ? t('grant_needed') : undefined };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('new')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form="new-key" variant="primary" busy={submit.busy}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form
        id="new-key"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void submit.run(check, send);
        }}
      >
        <FormNotice message={submit.message} />
        <Field label={t('name')} hint={t('name_hint')} error={submit.fields['name']} required>
          <Input autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-xs font-medium text-ink-2">{t('roles')}</legend>
          <GrantEditor grants={grants} onChange={setGrants} error={grantsError(submit.fields)} />
        </fieldset>
        <Field label={t('expiry.label')} error={submit.fields['expires_at']}>
          <Select
            value={expiry}
            onChange={setExpiry}
            options={[
              ...days.map((value) => ({ value, label: t('expiry.days', { days: Number(value) }) })),
              { value: 'never', label: t('expiry.never') },
            ]}
          />
        </Field>
      </form>
    </Dialog>
  );
}

function ShowKey({ created, onClose }: { readonly created: CreatedKey; readonly onClose: () => void }) {
  const t = useTranslations('settings.keys');
  return (
    // Only the button closes it: a stray click would lose the key for good.
    <Dialog
      open
      onOpenChange={() => undefined}
      title={t('created_title')}
      description={t('created_text')}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t('done')}
        </Button>
      }
    >
      <CodeBlock code={created.key} label={t('key_label')} wrap className="break-all" />
    </Dialog>
  );
}

/** Asks before a key ends. */
export function RevokeKeyDialog({
  apiKey,
  onClose,
}: {
  readonly apiKey: KeyView;
  readonly onClose: () => void;
}) {
  const t = useTranslations('settings.keys');
  const changed = useKeysChanged();
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={t('revoke_title', { name: apiKey.name })}
      consequences={t('revoke_text', { prefix: apiKey.prefix })}
      verb={t('revoke')}
      danger
      onConfirm={async () => {
        await api('POST', `${keys}/${encodeURIComponent(apiKey.id)}/revoke`, { body: {} });
        await changed();
        toast.success(t('revoke_done', { name: apiKey.name }));
      }}
    />
  );
}
