'use client';

import { useTranslations } from 'use-intl';
import type { FormField } from './fields.ts';

export interface FieldWords {
  readonly label: (field: FormField) => string;
  readonly hint: (field: FormField) => string;
  readonly choice: (field: FormField, value: string) => string;
}

/** Labels, hints and choices of a trader's fields; those of a plugged-in strategy are named by its schema. */
export function useFieldWords(): FieldWords {
  const t = useTranslations('trader_fields');
  return {
    label: ({ name }) => (t.has(`${name}.label`) ? t(`${name}.label`) : name),
    hint: ({ name, description }) => (t.has(`${name}.hint`) ? t(`${name}.hint`) : description),
    choice: ({ name }, value) => (t.has(`${name}.choices.${value}`) ? t(`${name}.choices.${value}`) : value),
  };
}
