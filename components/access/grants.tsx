'use client';

import { Plus, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { type Grant, type Role, role } from '#domain/access/access.ts';
import { useFrame } from '#components/shell/viewer-context.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Select } from '#components/ui/select.tsx';

/** Names of roles and scopes in the reader's language. */
export function useGrantText() {
  const t = useTranslations('access');
  const scopes = useTranslations('scopes');
  const scopeText = (scope: string) => {
    if (scope === '*') return t('all_scopes');
    return scope === 'real' || scope === 'mock' ? scopes(scope) : scope;
  };
  return { roleText: (name: Role) => t(`roles.${name}`), scopeText };
}

/** Held roles, each with its scope. */
export function GrantBadges({ grants }: { readonly grants: readonly Grant[] }) {
  const t = useTranslations('access');
  const { roleText, scopeText } = useGrantText();
  if (grants.length === 0) return <span className="text-ink-3">{t('no_roles')}</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {grants.map((held) => (
        <Badge key={`${held.role} ${held.scope}`} tone={held.role === 'admin' ? 'accent' : 'neutral'}>
          {t('grant', { role: roleText(held.role), scope: scopeText(held.scope) })}
        </Badge>
      ))}
    </span>
  );
}

interface GrantEditorProps {
  readonly grants: readonly Grant[];
  readonly onChange: (grants: Grant[]) => void;
  readonly error?: string | undefined;
}

/** A list of roles, each in one scope or in all. */
export function GrantEditor({ grants, onChange, error }: GrantEditorProps) {
  const t = useTranslations('access');
  const { viewer } = useFrame();
  const { roleText, scopeText } = useGrantText();
  const scopeNames = ['*', ...viewer.scopes.map(({ name }) => name)];
  const put = (at: number, change: Partial<Grant>) =>
    onChange(grants.map((held, index) => (index === at ? { ...held, ...change } : held)));
  return (
    <div className="flex flex-col gap-2">
      {grants.map((held, at) => (
        // Rows have no identity of their own, and a change keeps their places.
        <div key={at} className="flex flex-wrap items-start gap-2">
          <div className="min-w-32 flex-1">
            <Select
              aria-label={t('role')}
              value={held.role}
              onChange={(next) => put(at, { role: next })}
              options={role.options.map((value) => ({ value, label: roleText(value) }))}
            />
          </div>
          <div className="min-w-32 flex-1">
            <Select
              aria-label={t('scope')}
              value={held.scope}
              onChange={(next) => put(at, { scope: next })}
              options={scopeNames.map((value) => ({ value, label: scopeText(value) }))}
            />
          </div>
          <IconButton
            label={t('remove_role', { role: roleText(held.role), scope: scopeText(held.scope) })}
            onClick={() => onChange(grants.filter((_, index) => index !== at))}
          >
            <X aria-hidden />
          </IconButton>
          <p className="w-full text-xs text-ink-3">{t(`role_hints.${held.role}`)}</p>
        </div>
      ))}
      <div>
        <Button
          size="sm"
          onClick={() => onChange([...grants, { role: 'viewer', scope: viewer.scopes[0]?.name ?? '*' }])}
        >
          <Plus aria-hidden />
          {t('add_role')}
        </Button>
      </div>
      {error === undefined ? null : (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

/** The text of whichever role the server refused, of fields named `grants.…`. */
export function grantsError(fields: Readonly<Record<string, string | undefined>>): string | undefined {
  return Object.entries(fields).find(([path]) => path === 'grants' || path.startsWith('grants.'))?.[1];
}
