'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { RunDetail } from '#domain/runs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { runHref } from '#components/runs/run-words.tsx';

/** The runs that wait because of this one: its failure, its locks, or that it is not finished. */
export function RunBlocks({ scope, run }: { readonly scope: string; readonly run: RunDetail }) {
  const t = useTranslations('runs.blocks');
  if (run.blocks.length === 0) return null;
  return (
    <section aria-label={t('title', { count: run.blocks.length })} className="flex flex-col gap-1.5">
      <h2 className="text-sm font-semibold">{t('title', { count: run.blocks.length })}</h2>
      <ul className="flex flex-col divide-y divide-hairline border-y border-hairline text-sm">
        {run.blocks.map((blocked) => (
          <li key={blocked.run_id} className="flex min-h-9 flex-wrap items-baseline gap-x-3 gap-y-0.5 py-1.5">
            <Link
              href={runHref(scope, blocked.run_id)}
              className="font-medium break-all underline-offset-2 hover:underline"
            >
              {blocked.job_id}
            </Link>
            <span className="min-w-0 text-ink-2">
              <Reason code={blocked.reason.code} params={blocked.reason.params} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
