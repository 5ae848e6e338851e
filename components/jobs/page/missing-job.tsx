'use client';

import Link from 'next/link';
import { useParams } from 'next/navigation';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { jobHref } from '#components/jobs/queries.ts';

/** There is no such job: it was deleted, or never was. */
export function MissingJob() {
  const t = useTranslations('jobs.missing');
  const params = useParams<{ scope: string; job_id: string }>();
  return (
    <div className="flex flex-col items-start gap-2 py-16">
      <p className="text-xs text-ink-3">404</p>
      <h1 className="text-lg font-semibold">{t('title', { job: decodeURIComponent(params.job_id) })}</h1>
      <p className="max-w-prose text-sm text-ink-2">{t('text')}</p>
      <Button asChild className="mt-2">
        <Link href={jobHref.list(params.scope)}>{t('back')}</Link>
      </Button>
    </div>
  );
}
