'use client';

import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChecks } from '#components/access/checks.ts';
import { useSubmit } from '#components/access/form.ts';
import { FormNotice } from '#components/access/notice.tsx';
import { PasswordInput } from '#components/access/password-input.tsx';
import { api } from '#components/query/api.ts';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** The token in the address's fragment: it never reaches the server's logs. */
function tokenInAddress(): string {
  return new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '';
}

/** With a set-up link the form that creates the owner; without one, how to get it. */
export function Setup() {
  const t = useTranslations('setup');
  // null until the browser has read its address: the server never sees the fragment.
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    const read = () => setToken(tokenInAddress());
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  if (token === null) return <p className="text-sm text-ink-3">{t('checking')}</p>;
  return token === '' ? <SetupFirst /> : <OwnerForm token={token} />;
}

function SetupFirst() {
  const t = useTranslations('setup');
  return (
    <section className="flex flex-col gap-3" aria-labelledby="setup-first">
      <h2 id="setup-first" className="text-md font-semibold">
        {t('first_title')}
      </h2>
      <p className="text-sm text-ink-2">{t('first_text')}</p>
      <CodeBlock code="npm run cli -- setup-link" label={t('link_label')} />
      <p className="text-xs text-ink-3">{t('first_note')}</p>
    </section>
  );
}

function OwnerForm({ token }: { readonly token: string }) {
  const t = useTranslations('setup');
  const checks = useChecks();
  const submit = useSubmit();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const send = async () => {
    await api('POST', '/api/auth/setup', { body: { token, name, email, password } });
    // Replacing leaves no used token in the history.
    window.location.replace('/real/jobs');
    await new Promise(() => undefined);
  };
  const check = { name: checks.name(name), email: checks.email(email), password: checks.password(password) };
  return (
    <form
      noValidate
      method="post"
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit.run(check, send);
      }}
    >
      <p className="text-sm text-ink-2">{t('lead')}</p>
      <FormNotice message={submit.message} />
      <Field label={t('name')} error={submit.fields['name']} required>
        <Input
          name="name"
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
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
      <Field label={t('password')} hint={checks.passwordHint} error={submit.fields['password']} required>
        <PasswordInput
          name="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" busy={submit.busy}>
        {t('submit')}
      </Button>
    </form>
  );
}
