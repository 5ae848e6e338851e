'use client';

import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { cn } from '#components/ui/cn.ts';
import { StandingIcon, standingOf, useStandingWord } from '#components/dependencies/standing.tsx';
import { jobHref } from '#components/runs/run-words.tsx';

interface AloneStripProps {
  readonly scope: string;
  readonly jobs: readonly GraphJob[];
  /** While editing: takes the job into the picture, so that an edge can be drawn. */
  readonly onTake: ((job: string) => void) | null;
}

/** Jobs that depend on nothing and on which nothing depends, out of the picture's way. */
export function AloneStrip({ scope, jobs, onTake }: AloneStripProps) {
  const t = useTranslations('dependencies.alone');
  const word = useStandingWord();
  const [open, setOpen] = useState(jobs.length <= 12);
  if (jobs.length === 0) return null;
  const chip =
    'inline-flex min-h-7 items-center gap-1.5 rounded-md border border-hairline bg-surface px-2 text-xs text-ink-2 hover:bg-hover hover:text-ink max-md:min-h-11';
  return (
    <section aria-labelledby="alone-title" className="mt-3">
      <h2 id="alone-title" className="text-sm font-semibold">
        <button
          type="button"
          aria-expanded={open || onTake !== null}
          onClick={() => setOpen(!open)}
          className="inline-flex min-h-7 items-center gap-1 max-md:min-h-11"
        >
          <ChevronRight
            aria-hidden
            className={cn('size-4 transition-transform', (open || onTake !== null) && 'rotate-90')}
          />
          {t('title')}
          <span className="font-normal text-ink-3">{jobs.length}</span>
        </button>
      </h2>
      {onTake === null ? null : <p className="text-xs text-ink-3">{t('take_hint')}</p>}
      {open || onTake !== null ? (
        <ul className="mt-1 flex flex-wrap gap-1.5">
          {jobs.map((job) => {
            const standing = standingOf(job);
            const inside = (
              <>
                <StandingIcon standing={standing} />
                <span className="[overflow-wrap:anywhere]">{job.job_id}</span>
                <span className="sr-only">{word(standing)}</span>
              </>
            );
            return (
              <li key={job.job_id}>
                {onTake === null ? (
                  <Link href={jobHref(scope, job.job_id)} title={word(standing)} className={chip}>
                    {inside}
                  </Link>
                ) : (
                  <button type="button" title={t('take')} onClick={() => onTake(job.job_id)} className={chip}>
                    {inside}
                  </button>
                )}
              </li>
            );
          })}
        </ul>
      ) : null}
    </section>
  );
}
