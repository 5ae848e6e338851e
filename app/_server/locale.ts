import { cookies, headers } from 'next/headers';
import { createTranslator } from 'use-intl/core';
import type { Messages } from 'use-intl/core';
import { readConfig } from '#config';
import { parsePreferences } from '#components/i18n/preferences.ts';
import type { Locale, Preferences } from '#components/i18n/preferences.ts';
import en from '#messages/en.json' with { type: 'json' };
import ko from '#messages/ko.json' with { type: 'json' };

const catalogues: Record<Locale, Messages> = { en, ko };

/** The reader's language, theme and palette for this request. */
export async function readPreferences(): Promise<Preferences> {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  return parsePreferences((name) => jar.get(name)?.value, head.get('accept-language'), readConfig().locale);
}

/** All texts in one language. */
export function messagesOf(locale: Locale): Messages {
  return catalogues[locale];
}

export type Translate = (key: string, values?: Record<string, string | number>) => string;

/**
 * A translator for server components and route handlers.
 * @param namespace e.g. `nav`; keys are relative to it.
 */
export async function serverTranslator(namespace: string): Promise<Translate> {
  const { locale } = await readPreferences();
  const translate = createTranslator({ locale, messages: messagesOf(locale), timeZone: 'Asia/Seoul' });
  return (key, values) => translate(`${namespace}.${key}`, values);
}
