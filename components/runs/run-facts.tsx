'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { RunDetail } from '#domain/runs/view.ts';
import { Time } from '#components/ui/time.tsx';
import { RunDuration, RunWaited, ShortId, processHref, roomHref } from '#components/runs/run-words.tsx';

interface RunFactsProps {
  readonly scope: string;
  readonly run: RunDetail;
  readonly zone: string;
}

const priorities = ['priority_0', 'priority_1', 'priority_2', 'priority_3'] as const;

/** What is known about the run, in a grid. */
export function RunFacts({ scope, run, zone }: RunFactsProps) {
  const t = useTranslations('runs.facts');
  const all = useTranslations('runs');
  const at = (instant: string | null) =>
    instant === null ? '–' : <Time at={instant} zone={zone} style="full" />;
  const priority = priorities[run.priority];
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('scheduled'), at(run.scheduled_for)],
    [t('started'), at(run.started_at)],
    run.state === 'waiting' && run.not_before !== null
      ? [t('not_before'), at(run.not_before)]
      : [t('finished'), at(run.finished_at)],
    [t('duration'), <RunDuration key="duration" run={run} />],
    [t('waited'), <RunWaited key="waited" run={run} />],
    [t('trigger'), all(`trigger.${run.trigger_source}`)],
    [t('trading_day'), run.trading_day],
    [
      t('attempt'),
      run.failures === 0
        ? run.attempt
        : all('attempt_failures', { attempt: run.attempt, failures: run.failures }),
    ],
    [
      t('task'),
      <>
        {run.task} <span className="text-ink-3">{t('version', { version: run.job_version })}</span>
      </>,
    ],
    [
      t('group'),
      <Link key="group" href={roomHref(scope, run.resource_group ?? 'total')} className="hover:underline">
        {run.resource_group ?? t('group_total')}
      </Link>,
    ],
    ...(run.locks.length === 0 ? [] : [[t('locks'), run.locks.join(', ')] as const]),
    [t('priority'), priority === undefined ? run.priority : t(priority)],
    [
      t('process'),
      run.process_id === null ? (
        '–'
      ) : (
        <Link key="process" href={processHref(run.process_id)} className="hover:underline">
          <ShortId id={run.process_id} />
        </Link>
      ),
    ],
  ];
  return (
    <dl
      aria-label={t('label')}
      className="grid grid-cols-2 gap-x-6 gap-y-2.5 text-sm sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6"
    >
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-xs text-ink-3">{name}</dt>
          <dd className="tabular-nums [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
