'use client';

import Link from 'next/link';
import { useTranslations } from 'use-intl';
import type { DeskView } from '#domain/desk/view.ts';
import { jobHref } from '#components/jobs/queries.ts';
import { Time, useDurationText } from '#components/ui/time.tsx';

interface PanelProps {
  readonly scope: string;
  readonly fires: DeskView['next_fires'];
  readonly zone: string;
  /** Of the scope, Unix ms. */
  readonly now: number;
}

/** What starts next by itself. */
export function NextPanel({ scope, fires, zone, now }: PanelProps) {
  const t = useTranslations('desk.next');
  const duration = useDurationText();
  return (
    <section aria-labelledby="next-title" className="min-w-0">
      <h2 id="next-title" className="pb-1 text-sm font-semibold">
        {t('title')}
      </h2>
      {fires.length === 0 ? (
        <p className="border-t border-hairline py-4 text-sm text-ink-3">{t('none')}</p>
      ) : (
        <ol className="divide-y divide-hairline border-t border-hairline">
          {fires.map(({ job_id: id, at }) => (
            <li key={id} className="flex min-h-(--row) items-center gap-2 text-sm">
              <Link
                href={jobHref.one(scope, id)}
                className="min-w-0 flex-1 truncate underline-offset-2 hover:underline max-md:py-3"
              >
                {id}
              </Link>
              <Time at={at} zone={zone} bare className="text-xs text-ink-2" />
              <span className="w-20 text-right text-xs whitespace-nowrap text-ink-3 tabular-nums">
                {Date.parse(at) <= now ? t('due') : t('in', { time: duration(Date.parse(at) - now) })}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
