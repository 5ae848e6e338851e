'use client';

import { useTranslations } from 'use-intl';

/** The name of who acted; the system's own parts are named in the reader's language. */
export function useActorText(): (actor: {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}) => string {
  const t = useTranslations('audit.actors');
  return (actor) => (actor.kind === 'system' && t.has(actor.id) ? t(actor.id) : actor.name);
}

/** The words of an operation; one without words shows its name. */
export function useOperationText(): (operation: string) => string {
  const t = useTranslations('audit.operations');
  return (operation) => (t.has(operation) ? t(operation) : operation);
}
