'use client';

import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChecks } from '#components/access/checks.ts';
import { useSubmit } from '#components/access/form.ts';
import { FormNotice } from '#components/access/notice.tsx';
import { PasswordInput } from '#components/access/password-input.tsx';
import { api } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** Email and password. `next` is a path of ours, checked by the page. */
export function SignInForm({ next }: { readonly next: string }) {
  const t = useTranslations('signIn');
  const checks = useChecks();
  const submit = useSubmit();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const send = async () => {
    await api('POST', '/api/auth/sign-in', { body: { email, password } });
    // A full load: nothing rendered for somebody else may stay in this tab.
    window.location.assign(next);
    // Busy until the next page stands.
    await new Promise(() => undefined);
  };
  return (
    <form
      noValidate
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit.run({ email: checks.email(email) }, send);
      }}
    >
      <FormNotice message={submit.message} />
      <Field label={t('email')} error={submit.fields['email']} required>
        <Input
          type="email"
          name="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field label={t('password')} error={submit.fields['password']} required>
        <PasswordInput
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" busy={submit.busy}>
        {t('submit')}
      </Button>
      <p className="text-xs text-ink-3">{t('help')}</p>
    </form>
  );
}
