'use client';

import { useTranslations } from 'use-intl';
import type { JobListItem } from '#domain/jobs/view.ts';
import type { RunState } from '#domain/runs/run.ts';
import { useDurationText } from '#components/ui/time.tsx';

type Recent = JobListItem['recent_runs'][number];

const slot = 5;
const height = 22;
const places = 20;

/** Bars of bad ends are full and wear a cap; those that never ran are a mark on the ground line. */
const looks: Partial<
  Record<RunState, { readonly fill: string; readonly mark: 'none' | 'cap' | 'hollow' | 'dot' }>
> = {
  succeeded: { fill: 'fill-control-border', mark: 'none' },
  failed: { fill: 'fill-failed', mark: 'cap' },
  quarantined: { fill: 'fill-quarantined', mark: 'cap' },
  cancelled: { fill: 'fill-cancelled', mark: 'hollow' },
  skipped: { fill: 'fill-skipped', mark: 'dot' },
};

/** Durations of the last 20 ended runs, oldest left; state by colour and by shape. */
export function RecentRuns({ runs }: { readonly runs: readonly Recent[] }) {
  const t = useTranslations('jobs.list');
  const text = useDurationText();
  if (runs.length === 0) return <span className="text-ink-3">–</span>;
  const durations = runs.flatMap((run) => (run.duration_ms === null ? [] : [run.duration_ms]));
  const top = Math.max(...durations, 1);
  const failed = runs.filter((run) => run.state === 'failed' || run.state === 'quarantined').length;
  const label = t('recent_label', {
    count: runs.length,
    failed,
    longest: durations.length === 0 ? '–' : text(top),
  });
  const width = places * slot;
  return (
    <svg
      role="img"
      aria-label={label}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className="block shrink-0"
    >
      <title>{label}</title>
      {runs.map((run, index) => (
        <Bar key={run.run_id} run={run} x={index * slot} top={top} />
      ))}
    </svg>
  );
}

function Bar({ run, x, top }: { readonly run: Recent; readonly x: number; readonly top: number }) {
  const look = looks[run.state] ?? { fill: 'fill-ink-3', mark: 'none' as const };
  const room = height - 5;
  const tall = Math.max(2, ((run.duration_ms ?? 0) / top) * room);
  const y = height - tall;
  if (look.mark === 'dot' || run.duration_ms === null) {
    return <circle cx={x + 2} cy={height - 2} r={1.5} className={look.fill} />;
  }
  return (
    <g className={look.fill}>
      <rect x={x} y={y} width={3.5} height={tall} rx={0.5} fillOpacity={look.mark === 'hollow' ? 0.35 : 1} />
      {look.mark === 'cap' ? <path d={`M${x - 0.5} ${y - 3.5}h4.5l-2.25 2.8z`} /> : null}
    </g>
  );
}
