'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslations } from 'use-intl';
import type { Grant } from '#domain/access/access.ts';
import { type UserView, userView } from '#domain/access/view.ts';
import { useChecks } from '#components/access/checks.ts';
import { useSubmit } from '#components/access/form.ts';
import { GrantEditor, grantsError } from '#components/access/grants.tsx';
import { FormNotice } from '#components/access/notice.tsx';
import { PasswordInput } from '#components/access/password-input.tsx';
import { api } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';

const users = '/api/v1/instance/users';

/** Reloads the list of users after a change of ours; live updates do it for everybody else. */
export function useUsersChanged(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['instance', 'users'] });
}

interface DialogProps {
  readonly onClose: () => void;
}

function onSubmit(act: () => void) {
  return (event: FormEvent) => {
    event.preventDefault();
    act();
  };
}

/** Adds a person. Mounted while open, so that nothing typed stays. */
export function NewUserDialog({ onClose }: DialogProps) {
  const t = useTranslations('settings.users');
  const common = useTranslations('common');
  const checks = useChecks();
  const submit = useSubmit();
  const changed = useUsersChanged();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [grants, setGrants] = useState<Grant[]>([{ role: 'viewer', scope: '*' }]);
  const send = async () => {
    const user = await api('POST', users, { body: { name, email, password, grants }, schema: userView });
    await changed();
    toast.success(t('created', { name: user.name }));
    onClose();
  };
  const check = { name: checks.name(name), email: checks.email(email), password: checks.password(password) };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('new')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form="new-user" variant="primary" busy={submit.busy}>
            {t('create')}
          </Button>
        </>
      }
    >
      <form
        id="new-user"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={onSubmit(() => void submit.run(check, send))}
      >
        <FormNotice message={submit.message} />
        <Field label={t('name')} error={submit.fields['name']} required>
          <Input autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t('email')} error={submit.fields['email']} required>
          <Input
            type="email"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field
          label={t('password')}
          hint={`${checks.passwordHint} ${t('password_hint')}`}
          error={submit.fields['password']}
          required
        >
          <PasswordInput
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-xs font-medium text-ink-2">{t('roles')}</legend>
          <GrantEditor grants={grants} onChange={setGrants} error={grantsError(submit.fields)} />
        </fieldset>
      </form>
    </Dialog>
  );
}

/** Replaces a person's roles. */
export function RolesDialog({ user, onClose }: DialogProps & { readonly user: UserView }) {
  const t = useTranslations('settings.users');
  const common = useTranslations('common');
  const submit = useSubmit();
  const changed = useUsersChanged();
  const [grants, setGrants] = useState<Grant[]>([...user.grants]);
  const send = async () => {
    await api('PUT', `${users}/${encodeURIComponent(user.id)}/grants`, {
      body: { grants },
      schema: userView,
    });
    await changed();
    toast.success(t('roles_saved', { name: user.name }));
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('roles_title', { name: user.name })}
      description={user.is_owner ? t('owner_roles') : user.email}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button variant="primary" busy={submit.busy} onClick={() => void submit.run({}, send)}>
            {common('save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <FormNotice message={submit.message} />
        <GrantEditor grants={grants} onChange={setGrants} error={grantsError(submit.fields)} />
      </div>
    </Dialog>
  );
}

/** Sets another person's password. */
export function PasswordDialog({ user, onClose }: DialogProps & { readonly user: UserView }) {
  const t = useTranslations('settings.users');
  const common = useTranslations('common');
  const checks = useChecks();
  const submit = useSubmit();
  const changed = useUsersChanged();
  const [password, setPassword] = useState('');
  const send = async () => {
    await api('PUT', `${users}/${encodeURIComponent(user.id)}/password`, { body: { password } });
    await changed();
    toast.success(t('reset_done', { name: user.name }));
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('reset_title', { name: user.name })}
      description={t('reset_text')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form="set-password" variant="primary" busy={submit.busy}>
            {t('reset_password')}
          </Button>
        </>
      }
    >
      <form
        id="set-password"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={onSubmit(() => void submit.run({ password: checks.password(password) }, send))}
      >
        <FormNotice message={submit.message} />
        <Field
          label={t('password')}
          hint={`${checks.passwordHint} ${t('password_hint')}`}
          error={submit.fields['password']}
          required
        >
          <PasswordInput
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      </form>
    </Dialog>
  );
}
