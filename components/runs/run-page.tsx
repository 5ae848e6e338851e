'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useTranslations } from 'use-intl';
import type { RunDetail } from '#domain/runs/view.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { PageHeader } from '#components/ui/page-header.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Tabs } from '#components/ui/tabs.tsx';
import { logAsText, saveText } from '#components/runs/log/download-log.ts';
import { LogView } from '#components/runs/log/log-view.tsx';
import { useRunLog } from '#components/runs/log/use-run-log.ts';
import { runQuery } from '#components/runs/queries.ts';
import { RunActions } from '#components/runs/run-actions.tsx';
import { RunAttempts } from '#components/runs/run-attempts.tsx';
import { RunBlocks } from '#components/runs/run-blocks.tsx';
import { RunFacts } from '#components/runs/run-facts.tsx';
import { RunHistory } from '#components/runs/run-history.tsx';
import { RunService } from '#components/runs/run-service.tsx';
import { RunParams } from '#components/runs/run-params.tsx';
import { RunWhy } from '#components/runs/run-why.tsx';
import { RunStatus, jobHref } from '#components/runs/run-words.tsx';
import { useJobZone } from '#components/runs/use-job-zone.ts';

const sections = ['log', 'attempts', 'history', 'params'] as const;

interface RunPageProps {
  readonly scope: string;
  readonly runId: string;
  /** Whether the reader may cancel, rerun and discard. */
  readonly mayControl: boolean;
}

/** One run: why it is where it is, its log, attempts, history and parameters. */
export function RunPage({ scope, runId, mayControl }: RunPageProps) {
  const run = useQuery(runQuery(scope, runId));
  if (run.data !== undefined) return <RunBody scope={scope} run={run.data} mayControl={mayControl} />;
  if (run.isError) return <EmptyState kind="failed" error={run.error} onRetry={() => void run.refetch()} />;
  return (
    <div aria-busy className="flex flex-col gap-4 pt-2">
      <Skeleton className="h-6 w-64" />
      <Skeleton className="h-16 w-full" />
      <Skeleton className="h-80 w-full" />
    </div>
  );
}

function RunBody({
  scope,
  run,
  mayControl,
}: {
  readonly scope: string;
  readonly run: RunDetail;
  readonly mayControl: boolean;
}) {
  const t = useTranslations('runs');
  const zone = useJobZone(scope)(run.job_id);
  const [section, setSection] = useQueryState(
    'section',
    parseAsStringLiteral(sections)
      .withDefault('log')
      .withOptions({ history: 'replace', clearOnDefault: true }),
  );
  const log = useRunLog(scope, run.run_id, run.finished_at === null);
  return (
    <>
      <PageHeader
        parent={
          <Link href={`/${scope}/runs`} className="hover:text-ink hover:underline">
            {t('back')}
          </Link>
        }
        title={
          <>
            <Link href={jobHref(scope, run.job_id)} className="min-w-0 break-all hover:underline">
              {run.job_id}
            </Link>
            <span className="text-sm font-normal tracking-normal">
              <RunStatus run={run} />
            </span>
          </>
        }
        description={<span className="font-mono text-xs break-all text-ink-3">{run.run_id}</span>}
        {...(mayControl ? { actions: <RunActions scope={scope} run={run} /> } : {})}
      />
      <div className="flex flex-col gap-4">
        <RunWhy scope={scope} run={run} zone={zone} />
        <RunBlocks scope={scope} run={run} />
        <RunService run={run} zone={zone} />
        <RunFacts scope={scope} run={run} zone={zone} />
        <Tabs
          value={section}
          onChange={(next) => void setSection(next)}
          label={t('sections.label')}
          tabs={[
            {
              value: 'log',
              label: t('sections.log'),
              content: (
                <LogView
                  log={log}
                  zone={zone}
                  onDownload={async () =>
                    saveText(
                      await logAsText(scope, run.run_id),
                      `${run.job_id}-${run.run_id.slice(0, 8)}.log`,
                    )
                  }
                />
              ),
            },
            {
              value: 'attempts',
              label: t('sections.attempts'),
              count: run.attempts.length,
              content: <RunAttempts run={run} zone={zone} />,
            },
            {
              value: 'history',
              label: t('sections.history'),
              count: run.history.length,
              content: <RunHistory scope={scope} run={run} zone={zone} />,
            },
            { value: 'params', label: t('sections.params'), content: <RunParams run={run} /> },
          ]}
        />
      </div>
    </>
  );
}
