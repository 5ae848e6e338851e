'use client';

import { useTranslations } from 'use-intl';
import { email, passwordMaximum, passwordMinimum } from '#domain/access/requests.ts';

/** The texts of what is wrong with a name, address or password; undefined for nothing. */
export function useChecks() {
  const t = useTranslations('access');
  return {
    name: (value: string) => (value.trim() === '' ? t('name_needed') : undefined),
    email: (value: string) => (email.safeParse(value).success ? undefined : t('email_invalid')),
    password: (value: string) => {
      if (value.length < passwordMinimum) return t('password_short', { min: passwordMinimum });
      return value.length > passwordMaximum ? t('password_long', { max: passwordMaximum }) : undefined;
    },
    passwordHint: t('password_hint', { min: passwordMinimum }),
  };
}
