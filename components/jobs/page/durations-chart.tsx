'use client';

import { useRouter } from 'next/navigation';
import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useTranslations } from 'use-intl';
import { StatusBadge } from '#components/ui/status-badge.tsx';
import { Time, useDurationText } from '#components/ui/time.tsx';
import { formatTime } from '#components/ui/time-format.ts';
import { jobHref } from '#components/jobs/queries.ts';
import type { DurationPoint } from '#components/jobs/page/duration-stats.ts';

interface ChartProps {
  readonly points: readonly DurationPoint[];
  /** Milliseconds, of the runs that succeeded. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly scope: string;
  readonly zone: string;
}

const axis = { fontSize: 11, fill: 'var(--ink-3)' };

/** One bar a run, oldest left; failed ones are striped and coloured, medians are lines. */
export function DurationsChart({ points, p50, p95, scope, zone }: ChartProps) {
  const t = useTranslations('jobs.durations');
  const text = useDurationText();
  const router = useRouter();
  return (
    <figure
      className="h-72 min-w-0"
      aria-label={t('chart', {
        count: points.length,
        p50: p50 === null ? '–' : text(p50),
        p95: p95 === null ? '–' : text(p95),
      })}
    >
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={[...points]}
          margin={{ top: 16, right: 56, bottom: 0, left: 0 }}
          barCategoryGap={1}
          accessibilityLayer={false}
        >
          <defs>
            <pattern
              id="bad-run"
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="5" height="5" fill="var(--status-failed)" opacity="0.35" />
              <rect width="2.5" height="5" fill="var(--status-failed)" />
            </pattern>
          </defs>
          <CartesianGrid vertical={false} stroke="var(--hairline)" />
          <XAxis
            dataKey="scheduled_for"
            tick={axis}
            tickLine={false}
            axisLine={{ stroke: 'var(--border)' }}
            minTickGap={56}
            tickFormatter={(at: string) => formatTime(new Date(at), zone, 'minute').slice(5)}
          />
          <YAxis
            width={64}
            tick={axis}
            tickLine={false}
            axisLine={false}
            tickFormatter={(ms: number) => text(ms)}
          />
          <Tooltip
            cursor={{ fill: 'var(--hover)' }}
            isAnimationActive={false}
            content={<Hover points={points} zone={zone} />}
          />
          <Bar
            dataKey="ms"
            isAnimationActive={false}
            minPointSize={2}
            maxBarSize={24}
            className="cursor-pointer"
            onClick={(_, index) => {
              const point = points[index];
              if (point !== undefined) router.push(jobHref.run(scope, point.run_id));
            }}
          >
            {points.map((point) => (
              <Cell key={point.run_id} fill={fillOf(point)} />
            ))}
          </Bar>
          {p50 === null ? null : (
            <ReferenceLine
              y={p50}
              stroke="var(--ink-2)"
              strokeDasharray="4 3"
              label={{ value: 'p50', position: 'right', ...axis }}
            />
          )}
          {p95 === null || p95 === p50 ? null : (
            <ReferenceLine
              y={p95}
              stroke="var(--warning)"
              strokeDasharray="2 2"
              label={{ value: 'p95', position: 'right', ...axis }}
            />
          )}
        </BarChart>
      </ResponsiveContainer>
    </figure>
  );
}

function fillOf(point: DurationPoint): string {
  if (point.state === 'failed' || point.state === 'quarantined') return 'url(#bad-run)';
  return point.bad ? 'var(--status-cancelled)' : 'var(--accent)';
}

function runIdOf(payload: unknown): string | null {
  return typeof payload === 'object' &&
    payload !== null &&
    'run_id' in payload &&
    typeof payload.run_id === 'string'
    ? payload.run_id
    : null;
}

interface HoverProps {
  readonly points: readonly DurationPoint[];
  readonly zone: string;
  /** Given by the chart: what lies under the pointer. */
  readonly payload?: readonly { readonly payload?: unknown }[];
}

function Hover({ points, zone, payload }: HoverProps) {
  const t = useTranslations('jobs.durations');
  const text = useDurationText();
  const runId = runIdOf(payload?.[0]?.payload);
  const point = points.find((candidate) => candidate.run_id === runId);
  if (point === undefined) return null;
  const status =
    point.state === 'quarantined' || point.state === 'failed' || point.state === 'cancelled'
      ? point.state
      : 'succeeded';
  return (
    <div className="rounded-md border border-border bg-raised px-2.5 py-1.5 text-xs shadow-pop">
      <div className="flex items-center gap-3">
        <StatusBadge status={status} />
        <span className="ml-auto font-medium">{text(point.ms)}</span>
      </div>
      <div className="mt-0.5 text-ink-3">
        <Time at={point.scheduled_for} zone={zone} style="full" />
        {point.attempt > 1 ? <span className="ml-2">{t('attempt', { attempt: point.attempt })}</span> : null}
      </div>
    </div>
  );
}
