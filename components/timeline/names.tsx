'use client';

import { Pause } from 'lucide-react';
import Link from 'next/link';
import { memo } from 'react';
import { useTranslations } from 'use-intl';
import type { JobRow } from '#domain/timeline/rows.ts';
import { jobHref } from '#components/runs/run-words.tsx';
import { cn } from '#components/ui/cn.ts';
import { StatusIcon } from '#components/ui/status-icon.tsx';

interface NamesProps {
  readonly scope: string;
  readonly rows: readonly JobRow[];
}

/** The names of some rows: each leads to its job and says how much of it went wrong. */
export const Names = memo(function Names({ scope, rows }: NamesProps) {
  return (
    <ul className="relative w-(--names) max-md:pointer-events-none max-md:absolute max-md:inset-0 max-md:z-10 max-md:w-auto">
      {rows.map((row) => (
        <li
          key={`${row.job.job_id} ${row.job.deleted}`}
          className="flex h-(--lane) min-w-0 items-center gap-2 pr-3 max-md:items-start max-md:pr-0"
        >
          <Name scope={scope} row={row} />
          <span className="flex-1 md:hidden" />
          <Counts row={row} />
        </li>
      ))}
    </ul>
  );
});

function Name({ scope, row }: { readonly scope: string; readonly row: JobRow }) {
  const t = useTranslations('timeline');
  const { job } = row;
  const text = job.description === '' ? job.job_id : `${job.job_id} — ${job.description}`;
  if (job.deleted)
    return (
      <span
        className="min-w-0 flex-1 truncate text-xs text-ink-3 line-through max-md:leading-7"
        title={t('deleted')}
      >
        {job.job_id}
      </span>
    );
  return (
    <Link
      href={jobHref(scope, job.job_id)}
      title={text}
      className={cn(
        'ring-inset-focus flex h-full min-w-0 flex-1 items-center gap-1 rounded-sm text-xs hover:underline max-md:pointer-events-auto max-md:h-7 max-md:flex-initial',
        job.enabled ? 'text-ink' : 'text-ink-3',
      )}
    >
      <span className="truncate">{job.job_id}</span>
      {job.enabled ? null : <Paused text={t('paused')} />}
    </Link>
  );
}

function Paused({ text }: { readonly text: string }) {
  return (
    <>
      <Pause aria-hidden className="size-3 shrink-0" />
      <span className="sr-only">{text}</span>
    </>
  );
}

/** Runs of the range; of those that went wrong, how many of which kind. */
function Counts({ row }: { readonly row: JobRow }) {
  const t = useTranslations('status');
  const wrong = (['failed', 'quarantined'] as const).filter((name) => (row.counts[name] ?? 0) > 0);
  return (
    <span className="flex shrink-0 items-center gap-2 text-2xs tabular-nums max-md:h-7">
      {wrong.map((name) => (
        <span key={name} title={t(name)} className="flex items-center gap-0.5 font-medium">
          <StatusIcon status={name} className="size-3" />
          <span className="sr-only">{t(name)}</span>
          {row.counts[name]}
        </span>
      ))}
      <span className="min-w-6 text-right text-ink-3">{row.bars.length === 0 ? '' : row.bars.length}</span>
    </span>
  );
}
