'use client';

import { useMemo } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { useLocale, useTranslations } from 'use-intl';
import type { CurvePoint } from '#domain/performance/view.ts';
import { Money, Percent } from '#components/ui/money.tsx';
import { formatPercent } from '#components/ui/number-format.ts';
import { Time } from '#components/ui/time.tsx';
import { wallTime } from '#components/ui/time-format.ts';
import { axisMoney } from '#components/performance/amounts.ts';

interface ChartsProps {
  readonly curve: readonly CurvePoint[];
  readonly zone: string;
  /** Equity that the range began with; a line across. */
  readonly opening: string | null;
  /** Names the charts for those who do not see them. */
  readonly label: string;
}

const tick = { fontSize: 11, fill: 'var(--ink-3)' };
const margin = { top: 8, right: 12, bottom: 0, left: 0 };
const axisWidth = 76;

interface Point {
  readonly at: string;
  readonly equity: number;
  readonly below: number;
  readonly text: string;
}

/**
 * Equity, and below it how far under its peak it was: one time axis and one crosshair. Time runs evenly through the
 * hours in which something was marked; nights and holidays take no room.
 */
export function EquityCharts({ curve, zone, opening, label }: ChartsProps) {
  const t = useTranslations('performance.charts');
  const locale = useLocale();
  const points = useMemo(
    (): Point[] =>
      curve.map(({ at, equity, drawdown }) => ({
        at,
        equity: Number(equity),
        below: -drawdown,
        text: equity,
      })),
    [curve],
  );
  const heights = points.map(({ equity }) => equity);
  const span = Math.max(...heights) - Math.min(...heights);
  const oneDay = curve[0]?.trading_day === curve.at(-1)?.trading_day;
  const onAxis = (at: string) => {
    const wall = wallTime(new Date(at), zone);
    return oneDay ? wall.time.slice(0, 5) : wall.date.slice(5);
  };
  const time = {
    dataKey: 'at',
    tick,
    tickLine: false,
    axisLine: { stroke: 'var(--border)' },
    minTickGap: 48,
    tickFormatter: onAxis,
  } as const;
  const cursor = { stroke: 'var(--ink-3)', strokeDasharray: '3 3' };
  return (
    <figure className="min-w-0" aria-label={label}>
      <figcaption className="text-xs text-ink-3">{t('equity')}</figcaption>
      <div className="h-56 print:h-40">
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart data={points} margin={margin} syncId="performance" accessibilityLayer>
            <CartesianGrid vertical={false} stroke="var(--hairline)" />
            <XAxis {...time} hide />
            <YAxis
              width={axisWidth}
              domain={['auto', 'auto']}
              tick={tick}
              tickLine={false}
              axisLine={false}
              tickFormatter={(value: number) => axisMoney(value, locale, span)}
            />
            {opening === null ? null : (
              <ReferenceLine y={Number(opening)} stroke="var(--ink-3)" strokeDasharray="2 3" />
            )}
            <Tooltip
              cursor={cursor}
              isAnimationActive={false}
              content={<Hover points={points} zone={zone} opening={opening} />}
            />
            <Area
              type="linear"
              dataKey="equity"
              stroke="var(--accent)"
              strokeWidth={1.5}
              fill="var(--accent-tint)"
              baseValue="dataMin"
              isAnimationActive={false}
              dot={false}
              activeDot={{ r: 3, stroke: 'var(--surface)' }}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
      <figcaption className="mt-3 text-xs text-ink-3">{t('underwater')}</figcaption>
      <div className="h-32 print:h-20">
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart data={points} margin={margin} syncId="performance" accessibilityLayer={false}>
            <CartesianGrid vertical={false} stroke="var(--hairline)" />
            <XAxis {...time} />
            <YAxis
              width={axisWidth}
              domain={['auto', 0]}
              tick={tick}
              tickLine={false}
              axisLine={false}
              tickFormatter={(value: number) => formatPercent(value, locale, { places: 1 })}
            />
            <Tooltip cursor={cursor} isAnimationActive={false} content={() => null} />
            <Area
              type="linear"
              dataKey="below"
              stroke="var(--loss)"
              strokeWidth={1}
              fill="color-mix(in oklab, var(--loss) 18%, transparent)"
              isAnimationActive={false}
              dot={false}
              activeDot={{ r: 3, stroke: 'var(--surface)' }}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

function isPoint(value: unknown): value is Point {
  return typeof value === 'object' && value !== null && 'at' in value && 'below' in value && 'text' in value;
}

interface HoverProps {
  readonly points: readonly Point[];
  readonly zone: string;
  readonly opening: string | null;
  /** Given by the chart: what lies under the pointer. */
  readonly payload?: readonly { readonly payload?: unknown }[];
}

function Hover({ zone, opening, payload }: HoverProps) {
  const t = useTranslations('performance.charts');
  const point = payload?.[0]?.payload;
  if (!isPoint(point)) return null;
  return (
    <div className="rounded-md border border-border bg-raised px-2.5 py-1.5 text-xs shadow-pop">
      <Time at={point.at} zone={zone} style="minute" className="text-ink-3" />
      <dl className="mt-1 grid grid-cols-[auto_auto] gap-x-4 gap-y-0.5">
        <dt className="text-ink-2">{t('equity')}</dt>
        <dd className="text-right font-medium">
          <Money value={point.text} />
        </dd>
        {opening === null ? null : (
          <>
            <dt className="text-ink-2">{t('since')}</dt>
            <dd className="text-right">
              <Money value={String(point.equity - Number(opening))} signed />
            </dd>
          </>
        )}
        <dt className="text-ink-2">{t('below')}</dt>
        <dd className="text-right">
          <Percent value={point.below} signed />
        </dd>
      </dl>
    </div>
  );
}
