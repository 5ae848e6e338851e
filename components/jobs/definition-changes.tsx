'use client';

import { useTranslations } from 'use-intl';
import type { JobField } from '#domain/jobs/definition.ts';
import { useFieldLabel } from '#components/jobs/field-label.ts';
import { useFieldValue } from '#components/jobs/field-value.tsx';

interface Props {
  readonly changes: readonly {
    readonly field: JobField;
    readonly before: unknown;
    readonly after: unknown;
  }[];
  readonly beforeLabel: string;
  readonly afterLabel: string;
}

/** What differs between two definitions, field by field. */
export function DefinitionChanges({ changes, beforeLabel, afterLabel }: Props) {
  const t = useTranslations('jobs.versions');
  const label = useFieldLabel();
  const text = useFieldValue();
  if (changes.length === 0) return <p className="text-sm text-ink-3">{t('same')}</p>;
  return (
    <table className="w-full table-fixed text-sm">
      <caption className="sr-only">{t('changes')}</caption>
      <thead>
        <tr className="text-left text-xs text-ink-3 *:h-7 *:border-b *:border-hairline *:pr-3 *:font-medium">
          <th scope="col" className="w-1/4">
            {t('field')}
          </th>
          <th scope="col">{beforeLabel}</th>
          <th scope="col">{afterLabel}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, before, after }) => (
          <tr key={field} className="align-top *:border-b *:border-hairline *:py-1.5 *:pr-3">
            <th scope="row" className="text-left text-xs font-medium text-ink-2">
              {label(field)}
            </th>
            <td>
              <pre className="font-sans whitespace-pre-wrap text-ink-3 [overflow-wrap:anywhere]">
                {text(field, before)}
              </pre>
            </td>
            <td>
              <pre className="font-sans whitespace-pre-wrap [overflow-wrap:anywhere]">
                {text(field, after)}
              </pre>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
