'use client';

import { Crown } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { Badge } from '#components/ui/badge.tsx';
import { cn } from '#components/ui/cn.ts';
import { DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { RelativeTime, useDurationText } from '#components/ui/time.tsx';
import { type EngineProcess, silentSec } from '#components/engine/queries.ts';
import { ShortId } from '#components/runs/run-words.tsx';

type Shown = EngineProcess['state'] | 'silent';

/** A filled dot lives, a ring is on its way out, a cross is gone. */
const looks: Record<Shown, { readonly colour: string; readonly shape: string }> = {
  live: { colour: 'text-ok', shape: '●' },
  draining: { colour: 'text-warning', shape: '◐' },
  stopped: { colour: 'text-ink-3', shape: '○' },
  lost: { colour: 'text-danger', shape: '✕' },
  silent: { colour: 'text-danger', shape: '▲' },
};

/** What a process is taken for: one that lives on paper but has fallen silent is said to be silent. */
export function shownState(process: Pick<EngineProcess, 'state' | 'heartbeat_age_sec'>): Shown {
  return process.state === 'live' && process.heartbeat_age_sec > silentSec ? 'silent' : process.state;
}

function State({ process }: { readonly process: EngineProcess }) {
  const t = useTranslations('engine.processes.states');
  const shown = shownState(process);
  return (
    <span
      className={cn('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', looks[shown].colour)}
    >
      <span aria-hidden className="w-3 text-center text-xs">
        {looks[shown].shape}
      </span>
      {t(shown)}
    </span>
  );
}

function Heartbeat({ process }: { readonly process: EngineProcess }) {
  const t = useTranslations('engine.processes');
  const text = useDurationText();
  if (process.state === 'stopped' || process.state === 'lost') return <span className="text-ink-3">–</span>;
  return (
    <span
      className={cn('whitespace-nowrap', process.heartbeat_age_sec > silentSec && 'font-medium text-danger')}
    >
      {t('ago', { age: text(process.heartbeat_age_sec * 1_000) })}
    </span>
  );
}

interface ProcessTableProps {
  readonly processes: readonly EngineProcess[];
  readonly leaderId: string | null;
}

function useProcessColumns(leaderId: string | null) {
  const t = useTranslations('engine.processes');
  return useMemo(() => {
    const h = columnHelper<EngineProcess>();
    const sortless = { enableSorting: false } as const;
    return h.columns([
      h.display({
        ...sortless,
        id: 'state',
        header: t('state'),
        cell: ({ row }) => <State process={row.original} />,
        meta: { priority: 1, width: '8rem' },
      }),
      h.display({
        ...sortless,
        id: 'process',
        header: t('process'),
        cell: ({ row: { original: process } }) => (
          <span
            id={`process-${process.process_id}`}
            className="inline-flex scroll-mt-32 flex-wrap items-center gap-x-2 target:rounded-sm target:bg-selected target:outline-2 target:outline-offset-4 target:outline-accent"
          >
            <span className="font-medium">{t(`kinds.${process.kind}`)}</span>
            <ShortId id={process.process_id} />
            {process.process_id === leaderId ? (
              <Badge tone="ok">
                <Crown aria-hidden className="size-3" />
                {t('leader')}
              </Badge>
            ) : null}
            {process.kind === 'worker' && process.lane !== 'live' ? (
              <Badge>{t('lane', { lane: process.lane })}</Badge>
            ) : null}
          </span>
        ),
        meta: { priority: 1 },
      }),
      h.display({
        ...sortless,
        id: 'host',
        header: t('host'),
        cell: ({ row }) => (
          <span className="[overflow-wrap:anywhere]">
            {row.original.host}{' '}
            <span className="text-ink-3">
              {t('pid')} {row.original.pid}
            </span>
          </span>
        ),
        meta: { cardLabel: t('host') },
      }),
      h.display({
        ...sortless,
        id: 'heartbeat',
        header: t('heartbeat'),
        cell: ({ row }) => <Heartbeat process={row.original} />,
        meta: { cardLabel: t('heartbeat'), align: 'end', width: '8rem' },
      }),
      h.display({
        ...sortless,
        id: 'since',
        header: t('since'),
        cell: ({ row }) => <RelativeTime at={row.original.started_at} />,
        meta: { cardLabel: t('since'), align: 'end', width: '9rem' },
      }),
      h.display({
        ...sortless,
        id: 'running',
        header: t('running'),
        cell: ({ row }) => row.original.running,
        meta: { cardLabel: t('running'), align: 'end', width: '7rem' },
      }),
      h.display({
        ...sortless,
        id: 'build',
        header: t('build'),
        cell: ({ row }) => <span className="font-mono text-xs text-ink-2">{row.original.build}</span>,
        meta: { priority: 3, width: '8rem', align: 'end' },
      }),
    ]);
  }, [t, leaderId]);
}

/** Processes of ours, living and lately gone. */
export function ProcessTable({ processes, leaderId }: ProcessTableProps) {
  const t = useTranslations('engine.processes');
  const columns = useProcessColumns(leaderId);
  return (
    <DataTable
      caption={t('caption')}
      columns={columns}
      rows={processes}
      rowId={(process) => process.process_id}
      keyboard={false}
      empty={<EmptyState kind="nothing" title={t('none')} text={t('none_text')} />}
    />
  );
}
