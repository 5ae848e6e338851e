'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { z } from 'zod';
import { useChecks } from '#components/access/checks.ts';
import { useSubmit } from '#components/access/form.ts';
import { GrantBadges } from '#components/access/grants.tsx';
import { FormNotice } from '#components/access/notice.tsx';
import { PasswordInput } from '#components/access/password-input.tsx';
import { api } from '#components/query/api.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { toast } from '#components/ui/toast.tsx';

/** Who one is here, and one's password. */
export function AccountPage() {
  const t = useTranslations('settings.account');
  const { viewer } = useFrame();
  return (
    <>
      <PageHeader title={t('title')} description={`${viewer.name} · ${viewer.email}`} />
      <div className="flex max-w-md flex-col gap-8">
        <section aria-labelledby="account-roles">
          <h2 id="account-roles" className="mb-2 text-md font-semibold">
            {t('roles')}
          </h2>
          <GrantBadges grants={viewer.grants} />
        </section>
        <section aria-labelledby="account-password">
          <h2 id="account-password" className="mb-2 text-md font-semibold">
            {t('password')}
          </h2>
          <PasswordForm email={viewer.email} />
        </section>
      </div>
    </>
  );
}

function PasswordForm({ email }: { readonly email: string }) {
  const t = useTranslations('settings.account');
  const checks = useChecks();
  const submit = useSubmit();
  const [current, setCurrent] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const send = async () => {
    const answer = await api('PUT', '/api/v1/instance/me/password', {
      body: { current_password: current, new_password: fresh },
      schema: z.object({ sign_ins_ended: z.number() }),
    });
    for (const clear of [setCurrent, setFresh, setAgain]) clear('');
    toast.success(t('changed', { count: answer.sign_ins_ended }));
  };
  const check = {
    new_password: checks.password(fresh),
    again: again === fresh ? undefined : t('repeat_differs'),
  };
  return (
    <form
      noValidate
      method="post"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void submit.run(check, send);
      }}
    >
      <FormNotice message={submit.message} />
      {/* Tells password managers whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field label={t('current')} error={submit.fields['current_password']} required>
        <PasswordInput
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <Field label={t('new')} hint={checks.passwordHint} error={submit.fields['new_password']} required>
        <PasswordInput
          autoComplete="new-password"
          value={fresh}
          onChange={(event) => setFresh(event.target.value)}
        />
      </Field>
      <Field label={t('repeat')} error={submit.fields['again']} required>
        <PasswordInput
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </Field>
      <div>
        <Button type="submit" variant="primary" busy={submit.busy}>
          {t('change')}
        </Button>
      </div>
    </form>
  );
}
