'use client';

import { ChevronLeft, ChevronRight, Maximize2, SlidersHorizontal, X, ZoomIn, ZoomOut } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { dayMs } from '#domain/time/calendar/day.ts';
import { type Sort, outcomes, sorts } from '#domain/timeline/rows.ts';
import { type Breaks, type Span, moveView } from '#domain/timeline/scale.ts';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Popover } from '#components/ui/popover.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { formatTime } from '#components/ui/time-format.ts';
import { type TimelineUrl, startOfDay, timelineViews, todayView, zone } from './url.ts';
import type { MovingView } from './use-view.ts';

interface ToolbarProps {
  readonly url: TimelineUrl;
  readonly onChange: (next: Partial<TimelineUrl>) => void;
  readonly groups: readonly string[];
  readonly moving: MovingView;
  readonly breaks: Breaks;
  /** Of the scope, in Unix milliseconds. */
  readonly now: number;
  /** The trading day before today; null before it is known. */
  readonly previous: Span | null;
}

const presets = ['today', 'previous', 'hour', 'week'] as const;
type Preset = (typeof presets)[number];

function presetView(preset: Exclude<Preset, 'today'>, now: number, previous: Span | null): Span | null {
  if (preset === 'previous') return previous;
  const minute = Math.floor(now / 60_000) * 60_000;
  if (preset === 'hour') return { from: minute - 3_600_000, to: minute + 900_000 };
  return { from: startOfDay(now) - 5 * dayMs, to: startOfDay(now) + 2 * dayMs };
}

/** What is shown of the timeline: when, which jobs, how. */
export function Toolbar(props: ToolbarProps) {
  const t = useTranslations('timeline');
  const { url, onChange } = props;
  return (
    <div className="flex flex-col gap-2 pb-3">
      <Ranges {...props} />
      <fieldset aria-label={t('filters')} className="flex min-w-0 flex-wrap items-center gap-2">
        <Input
          type="search"
          data-page-search
          aria-label={t('search')}
          placeholder={t('search')}
          value={url.q}
          onChange={(event) => onChange({ q: event.target.value })}
          className="w-52 max-md:w-full"
        />
        <Choices {...props} />
        {url.q !== '' || url.group !== null || url.status !== null ? (
          <Button variant="ghost" onClick={() => onChange({ q: '', group: null, status: null })}>
            <X aria-hidden />
            {t('clear')}
          </Button>
        ) : null}
        <span className="flex-1 max-md:hidden" />
        <Segmented
          label={t('view')}
          value={url.view}
          onChange={(view) => onChange({ view })}
          options={timelineViews.map((value) => ({ value, label: t(`views.${value}`) }))}
        />
      </fieldset>
    </div>
  );
}

function Ranges({ url, onChange, moving, breaks, now, previous }: ToolbarProps) {
  const t = useTranslations('timeline');
  const { view } = moving;
  const step = (by: number) => {
    const length = view.to - view.from;
    const start = startOfDay(view.from) + by * dayMs;
    const whole = length > 6 * 3_600_000;
    moving.jump(
      whole ? { from: start, to: start + dayMs } : { from: view.from + by * dayMs, to: view.to + by * dayMs },
    );
  };
  const zoom = (factor: number) => moving.jump(moveView(breaks, view, { factor }));
  return (
    <fieldset aria-label={t('range')} className="flex min-w-0 flex-wrap items-center gap-2">
      <div className="flex min-w-0 gap-1 max-md:w-full max-md:overflow-x-auto">
        {presets.map((preset) => {
          const target = preset === 'today' ? todayView(now) : presetView(preset, now, previous);
          const current =
            preset === 'today'
              ? url.from === null
              : target !== null && target.from === view.from && target.to === view.to;
          return (
            <Button
              key={preset}
              size="sm"
              aria-pressed={current}
              disabled={target === null}
              className="aria-pressed:border-accent aria-pressed:bg-accent-tint"
              onClick={() => {
                if (preset === 'today') onChange({ from: null, to: null });
                else if (target !== null) moving.jump(target);
              }}
            >
              {t(`presets.${preset}`)}
            </Button>
          );
        })}
      </div>
      <div className="flex min-w-0 items-center gap-1 max-md:flex-1">
        <IconButton label={t('day_before')} onClick={() => step(-1)}>
          <ChevronLeft aria-hidden />
        </IconButton>
        <Input
          type="date"
          aria-label={t('day')}
          value={formatTime(new Date(view.from), zone, 'date')}
          onChange={(event) => {
            const at = Date.parse(`${event.target.value}T00:00:00+09:00`);
            if (!Number.isNaN(at)) moving.jump({ from: at, to: at + dayMs });
          }}
          className="h-(--control-sm) w-36 max-md:min-w-0 max-md:flex-1 max-md:px-1.5"
        />
        <IconButton label={t('day_after')} onClick={() => step(1)}>
          <ChevronRight aria-hidden />
        </IconButton>
      </div>
      <span className="text-xs whitespace-nowrap text-ink-2 tabular-nums max-md:order-last max-md:w-full">
        {formatTime(new Date(view.from), zone, 'minute').slice(5)} –{' '}
        {formatTime(new Date(view.to), zone, 'minute').slice(5)}
        <span className="ml-1 text-2xs text-ink-3">KST</span>
      </span>
      <div className="flex items-center max-md:ml-auto">
        <IconButton label={t('zoom_in')} keys="+" onClick={() => zoom(0.5)}>
          <ZoomIn aria-hidden />
        </IconButton>
        <IconButton label={t('zoom_out')} keys="-" onClick={() => zoom(2)}>
          <ZoomOut aria-hidden />
        </IconButton>
        <IconButton label={t('whole_day')} className="max-md:hidden" onClick={() => step(0)}>
          <Maximize2 aria-hidden />
        </IconButton>
      </div>
    </fieldset>
  );
}

function Choices({ url, onChange, groups }: ToolbarProps) {
  const t = useTranslations('timeline');
  const status = useTranslations('status');
  const all = { value: 'all', label: t('all_groups') };
  return (
    <>
      <Select
        aria-label={t('group')}
        value={url.group ?? 'all'}
        onChange={(next: string) => onChange({ group: next === 'all' ? null : next })}
        options={[
          all,
          ...groups.map((name) => ({
            value: name === '' ? '-' : name,
            label: name === '' ? t('no_group') : name,
          })),
        ]}
        className="w-44 max-md:min-w-0 max-md:flex-1 max-md:basis-2/5"
      />
      <Select
        aria-label={t('status')}
        value={url.status ?? 'all'}
        onChange={(next: string) => onChange({ status: outcomes.find((name) => name === next) ?? null })}
        options={[
          { value: 'all', label: t('all_statuses') },
          ...outcomes.map((name) => ({ value: name as string, label: status(name) })),
        ]}
        className="w-36 max-md:min-w-0 max-md:flex-1 max-md:basis-2/5"
      />
      <Popover
        label={t('display')}
        trigger={
          <Button className="max-md:flex-1">
            <SlidersHorizontal aria-hidden className="text-ink-3" />
            {t('display')}
          </Button>
        }
        className="flex w-72 flex-col gap-3"
      >
        <Segmented
          label={t('sort')}
          value={url.sort}
          onChange={(sort: Sort) => onChange({ sort })}
          options={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
        />
        <Toggle label={t('gaps')} checked={url.gaps} onChange={(gaps) => onChange({ gaps })} />
        <Toggle label={t('idle')} checked={url.idle} onChange={(idle) => onChange({ idle })} />
      </Popover>
    </>
  );
}

function Toggle({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (on: boolean) => void;
}) {
  return (
    <label className="flex min-h-(--touch) items-center justify-between gap-3 text-sm">
      {label}
      <Switch checked={checked} onCheckedChange={onChange} aria-label={label} />
    </label>
  );
}
