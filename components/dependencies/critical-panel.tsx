'use client';

import { useTranslations } from 'use-intl';
import type { CriticalPath } from '#domain/dependencies/paths.ts';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { useNow } from '#components/ui/clock.ts';
import { Duration } from '#components/ui/time.tsx';
import { durationOf } from '#components/dependencies/model.ts';

interface CriticalProps {
  readonly critical: CriticalPath | null;
  readonly jobs: readonly GraphJob[];
  readonly onFocus: (job: string) => void;
}

/** The chain that takes longest, job by job; a figure that is not the day's own says so. */
export function CriticalPanel({ critical, jobs, onFocus }: CriticalProps) {
  const t = useTranslations('dependencies.critical');
  const now = useNow() ?? new Date(0);
  const byId = new Map(jobs.map((job) => [job.job_id, job]));
  return (
    <section aria-labelledby="critical-title">
      <h2 id="critical-title" className="flex items-baseline justify-between gap-2 text-sm font-semibold">
        {t('title')}
        {critical === null ? null : <Duration ms={critical.ms} className="font-semibold" />}
      </h2>
      <p className="mt-0.5 text-xs text-ink-3">{t(critical === null ? 'none' : 'hint')}</p>
      {critical === null ? null : (
        <ol className="mt-2 flex flex-col border-l-2 border-accent pl-3 text-sm">
          {critical.path.map((id) => {
            const job = byId.get(id);
            const took = job === undefined ? null : durationOf(job, now);
            const share = took === null || critical.ms === 0 ? 0 : took.ms / critical.ms;
            return (
              <li key={id} className="relative flex items-center gap-2 py-0.5">
                <button
                  type="button"
                  onClick={() => onFocus(id)}
                  className="min-h-6 min-w-0 flex-1 truncate text-left hover:underline max-md:min-h-11"
                >
                  {id}
                </button>
                <span className="h-1.5 w-12 shrink-0 rounded-full bg-sunken" aria-hidden>
                  <span
                    className="block h-full rounded-full bg-accent"
                    style={{ width: `${Math.round(Math.min(1, share) * 100)}%` }}
                  />
                </span>
                <span className="w-20 shrink-0 text-right text-ink-2">
                  {took === null || took.actual ? null : <span className="text-ink-3">⌀ </span>}
                  <Duration ms={took?.ms ?? null} />
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
