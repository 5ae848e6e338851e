'use client';

import { useTranslations } from 'use-intl';

/** The words of an operation; one without words shows its name. */
export function useOperationText(): (operation: string) => string {
  const t = useTranslations('audit.operations');
  return (operation) => (t.has(operation) ? t(operation) : operation);
}
