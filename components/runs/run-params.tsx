'use client';

import { useTranslations } from 'use-intl';
import type { RunDetail } from '#domain/runs/view.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';

/** The parameters the run has now. */
export function RunParams({ run }: { readonly run: RunDetail }) {
  const t = useTranslations('runs.params');
  if (Object.keys(run.params).length === 0)
    return <p className="py-6 text-center text-sm text-ink-2">{t('empty')}</p>;
  return <CodeBlock code={JSON.stringify(run.params, null, 2)} label={t('label')} />;
}
