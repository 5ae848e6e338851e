'use client';

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
import { formatMoney, formatPercent } from '#components/ui/number-format.ts';
import { wallTime } from '#components/ui/time-format.ts';

interface ChartProps {
  /** Unix ms, equity, drawdown (0 to 1). */
  readonly points: readonly (readonly number[])[];
  /** What the day began with. */
  readonly base: number;
  readonly zone: string;
}

interface Row {
  readonly at: number;
  readonly gain: number;
  readonly under: number;
}

const axis = { fontSize: 11, fill: 'var(--ink-3)' };
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** Profit and loss through the day, with how far it is below its peak under it, on one axis of time. */
export default function PnlChart({ points, base, zone }: ChartProps) {
  const t = useTranslations('desk.pnl');
  const rows: Row[] = points.map(([at = 0, equity = 0, under = 0]) => ({
    at,
    gain: equity - base,
    under: -under,
  }));
  const clock = (at: number) => wallTime(new Date(at), zone).time.slice(0, 5);
  const time = {
    dataKey: 'at',
    type: 'number' as const,
    domain: ['dataMin', 'dataMax'],
    scale: 'time' as const,
    tickLine: false,
    minTickGap: 48,
    tickFormatter: clock,
  };
  const high = Math.max(0, ...rows.map(({ gain }) => gain));
  const low = Math.min(0, ...rows.map(({ gain }) => gain));
  // Where zero lies between top and bottom: above it gains are coloured, below it losses.
  const zero = high === low ? 0 : high / (high - low);
  const deepest = Math.min(-0.001, ...rows.map(({ under }) => under));
  return (
    <figure aria-label={t('chart')} className="min-w-0">
      <div className="h-36">
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart
            data={rows}
            syncId="desk-pnl"
            margin={{ top: 6, right: 0, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <defs>
              <linearGradient id="desk-gain" x1="0" y1="0" x2="0" y2="1">
                <stop offset={zero} stopColor="var(--gain)" />
                <stop offset={zero} stopColor="var(--loss)" />
              </linearGradient>
            </defs>
            <CartesianGrid vertical={false} stroke="var(--hairline)" />
            <XAxis {...time} hide />
            <YAxis
              width={52}
              orientation="right"
              tick={axis}
              tickLine={false}
              axisLine={false}
              domain={[low, high]}
              tickCount={4}
              tickFormatter={(value: number) => compact.format(value)}
            />
            <ReferenceLine y={0} stroke="var(--ink-3)" />
            <Tooltip
              cursor={{ stroke: 'var(--ink-3)' }}
              isAnimationActive={false}
              content={<Hover zone={zone} />}
            />
            <Area
              dataKey="gain"
              baseValue={0}
              stroke="url(#desk-gain)"
              strokeWidth={1.5}
              fill="url(#desk-gain)"
              fillOpacity={0.12}
              isAnimationActive={false}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
      <div className="h-16">
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart
            data={rows}
            syncId="desk-pnl"
            margin={{ top: 0, right: 0, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <XAxis {...time} tick={axis} axisLine={{ stroke: 'var(--border)' }} />
            <YAxis
              width={52}
              orientation="right"
              tick={axis}
              tickLine={false}
              axisLine={false}
              domain={[deepest, 0]}
              ticks={[deepest]}
              tickFormatter={(value: number) => `${(value * 100).toFixed(1)}%`}
            />
            <Tooltip cursor={{ stroke: 'var(--ink-3)' }} isAnimationActive={false} content={() => null} />
            <Area
              dataKey="under"
              stroke="var(--ink-3)"
              strokeWidth={1}
              fill="var(--ink-3)"
              fillOpacity={0.18}
              isAnimationActive={false}
            />
          </AreaChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

interface HoverProps {
  readonly zone: string;
  readonly active?: boolean;
  readonly payload?: readonly { readonly payload?: Row }[];
}

function Hover({ zone, active, payload }: HoverProps) {
  const t = useTranslations('desk.pnl');
  const locale = useLocale();
  const row = payload?.[0]?.payload;
  if (active !== true || row === undefined) return null;
  return (
    <div className="rounded-md border border-border bg-raised px-2 py-1.5 text-xs shadow-pop">
      <p className="text-ink-3 tabular-nums">{wallTime(new Date(row.at), zone).time}</p>
      <p className="font-medium tabular-nums">{formatMoney(row.gain, locale, { plus: true, places: 0 })}</p>
      <p className="text-ink-2 tabular-nums">
        {t('drawdown')} {formatPercent(row.under, locale)}
      </p>
    </div>
  );
}
