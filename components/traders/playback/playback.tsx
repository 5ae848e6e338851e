'use client';

import { useQuery } from '@tanstack/react-query';
import { ChevronFirst, ChevronLast, Pause, Play, StepBack, StepForward } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslations } from 'use-intl';
import { bandOf, spanOf, standingAt, stopsOf } from '#domain/traders/playback.ts';
import { moved } from '#domain/traders/rules.ts';
import { decimal } from '#domain/core/decimal.ts';
import type { TraderDayView, TraderView } from '#domain/traders/view.ts';
import { Button } from '#components/ui/button.tsx';
import { Checkbox, ToggleRow } from '#components/ui/checkbox.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { wallTime } from '#components/ui/time-format.ts';
import { playbackQuery } from '../queries.ts';
import { BandLegend, PhaseBand } from './band.tsx';
import type { ChartLevel, ChartMark } from './candles.tsx';
import { Moment } from './moment.tsx';
import { type Player, usePlayer } from './use-player.ts';

/** The chart's library is fetched when a chart is shown. */
const Candles = dynamic(() => import('./candles.tsx'), {
  ssr: false,
  loading: () => <Skeleton className="h-72 w-full max-md:h-56" />,
});

const zone = 'Asia/Seoul';
const clock = (at: number) => wallTime(new Date(at), zone).time;

/** A trader's day, played back: price, phases, and what it knew and did at each instant. */
export function Playback({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.playback');
  const [day, setDay] = useQueryState('day', parseAsString);
  const query = useQuery(playbackQuery(trader.scope, trader.trader_id, day));
  return (
    <section aria-labelledby="playback-title" className="border-t border-hairline pt-4">
      <header className="flex flex-wrap items-center gap-2 pb-3">
        <h2 id="playback-title" className="flex-1 text-sm font-semibold">
          {t('title')}
        </h2>
        {query.data === undefined ? null : (
          <DayChoice data={query.data} onChange={(next) => void setDay(next)} />
        )}
      </header>
      {query.data !== undefined ? (
        <Board key={query.data.day} trader={trader} day={query.data} />
      ) : query.isError ? (
        <EmptyState kind="failed" error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton className="h-96 w-full" />
      )}
    </section>
  );
}

function DayChoice({
  data,
  onChange,
}: {
  readonly data: TraderDayView;
  readonly onChange: (day: string) => void;
}) {
  const t = useTranslations('traders.playback');
  const days = data.days.includes(data.day) ? data.days : [data.day, ...data.days];
  return (
    <Select
      aria-label={t('day')}
      className="w-36"
      value={data.day}
      onChange={onChange}
      options={days.map((value) => ({ value, label: value }))}
    />
  );
}

/** The symbol to draw: the one that is worked on at the instant, until a person chooses. */
function useSymbol(day: TraderDayView, current: string | null) {
  const [chosen, setChosen] = useState<string | null>(null);
  const find = (symbol: string | null) => day.symbols.find((each) => each.symbol === symbol);
  return { shown: find(chosen) ?? find(current) ?? day.symbols[0], choose: setChosen };
}

function marksOf(day: TraderDayView, symbol: string | undefined): ChartMark[] {
  const fills = day.fills
    .filter((fill) => fill.symbol === symbol)
    .map((fill): ChartMark => ({ at: Date.parse(fill.at), kind: fill.side, text: '' }));
  const attempts = day.transitions
    .filter((each) => each.symbol === symbol && each.effects.some(({ kind }) => kind === 'revise_order'))
    .map((each): ChartMark => ({ at: Date.parse(each.at), kind: 'attempt', text: '' }));
  return [...fills, ...attempts];
}

/** Close of the last candle that had ended at an instant. */
function priceAt(symbol: TraderDayView['symbols'][number] | undefined, at: number): number | null {
  const row = symbol?.candles.findLast(([start = 0]) => start <= at);
  return row?.[4] ?? null;
}

function Board({ trader, day }: { readonly trader: TraderView; readonly day: TraderDayView }) {
  const t = useTranslations('traders.playback');
  const position = useTranslations('traders.position');
  const [all, setAll] = useState(false);
  const span = useMemo(() => spanOf(day), [day]);
  const band = useMemo(() => bandOf(day, span), [day, span]);
  const stops = useMemo(() => stopsOf(day, all), [day, all]);
  const player = usePlayer(stops, span);
  const standing = useMemo(() => standingAt(day, player.at), [day, player.at]);
  const { shown, choose } = useSymbol(day, standing.symbol);
  const marks = useMemo(() => marksOf(day, shown?.symbol), [day, shown?.symbol]);
  const { held } = standing;
  const { stop_loss: stop, take_profit: target } = trader.definition.rules;
  const average = held !== null && held.symbol === shown?.symbol ? held.average : null;
  const levels = useMemo((): ChartLevel[] => {
    if (average === null) return [];
    const at = (share: number) => moved(decimal(average), share).toNumber();
    return [
      { price: Number(average), kind: 'average', title: position('average') },
      ...(stop === null ? [] : [{ price: at(-stop), kind: 'stop' as const, title: position('stop') }]),
      ...(target === null ? [] : [{ price: at(target), kind: 'target' as const, title: position('target') }]),
    ];
  }, [average, stop, target, position]);
  const [plot, setPlot] = useState<number | null>(null);
  const onPlot = useCallback((_left: number, width: number) => setPlot(width), []);
  const nameOf = (symbol: string) => day.symbols.find((each) => each.symbol === symbol)?.name ?? symbol;

  if (day.transitions.length === 0)
    return <EmptyState kind="nothing" title={t('empty_title', { day: day.day })} text={t('empty_text')} />;
  const share = (player.at - span.from) / (span.end - span.from);
  const width = plot === null || shown === undefined ? undefined : { width: plot };
  return (
    <div className="grid gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_18rem]">
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows and space reach the scrubber inside. */}
      <div className="min-w-0" onKeyDown={(event) => onKey(event, player, span)}>
        {day.symbols.length < 2 ? null : (
          <Segmented
            label={t('symbol')}
            className="mb-2"
            value={shown?.symbol ?? ''}
            onChange={choose}
            options={day.symbols.map(({ symbol, name }) => ({ value: symbol, label: name ?? symbol }))}
          />
        )}
        {day.symbols.length === 1 ? (
          <p className="mb-2 text-xs font-medium">{nameOf(shown?.symbol ?? '')}</p>
        ) : null}
        <div className="relative">
          {shown === undefined ? null : shown.candles.length === 0 ? (
            <p className="grid h-24 place-items-center text-xs text-ink-3">{t('no_candles')}</p>
          ) : (
            <Candles
              symbol={shown}
              span={span}
              marks={marks}
              levels={levels}
              label={t('chart_label', { symbol: nameOf(shown.symbol), day: day.day })}
              onPlot={onPlot}
            />
          )}
          <div className="relative" style={width}>
            <PhaseBand band={band} phases={day.phases} span={span} />
          </div>
          <span
            aria-hidden
            className="pointer-events-none absolute inset-y-0 left-0"
            style={width ?? { width: '100%' }}
          >
            <span
              className="absolute inset-y-0 w-px bg-accent"
              style={{ left: `${(share * 100).toFixed(3)}%` }}
            />
          </span>
        </div>
        <div style={width} className="pt-1">
          <input
            type="range"
            aria-label={t('scrubber')}
            aria-valuetext={`${clock(player.at)} ${standing.phase}`}
            aria-describedby="playback-keys"
            min={span.from}
            max={span.end}
            step={1_000}
            value={player.at}
            onChange={(event) => player.seek(Number(event.target.value))}
            className="block h-(--touch) w-full cursor-pointer accent-(--accent-solid)"
          />
        </div>
        <Controls player={player} stops={stops} all={all} onAll={setAll} span={span} />
        {day.capped ? <p className="pt-1 text-xs text-warning">{t('capped')}</p> : null}
        <div className="flex flex-wrap items-center justify-between gap-2 pt-2">
          <BandLegend />
          <a
            href="https://www.tradingview.com/"
            target="_blank"
            rel="noreferrer"
            className="text-2xs text-ink-3 underline underline-offset-2"
          >
            {t('attribution')}
          </a>
        </div>
      </div>
      <aside
        className="min-w-0 rounded-lg border border-hairline bg-surface p-3 xl:self-start"
        aria-live={player.playing ? 'off' : 'polite'}
      >
        <Moment
          scope={trader.scope}
          standing={standing}
          price={priceAt(
            day.symbols.find(({ symbol }) => symbol === standing.symbol),
            player.at,
          )}
          nameOf={nameOf}
        />
      </aside>
    </div>
  );
}

/** ← and → step, space plays, Home and End lead to the edges. */
function onKey(event: KeyboardEvent, player: Player, { from, to }: { from: number; to: number }): void {
  const other =
    event.target instanceof HTMLElement && event.target.closest('button, [role=radio], [role=checkbox]');
  if (event.altKey || event.ctrlKey || event.metaKey || (other !== null && other !== false)) return;
  const acts: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => player.step(-1),
    ArrowRight: () => player.step(1),
    ' ': () => player.toggle(),
    Home: () => player.seek(from),
    End: () => player.seek(to),
  };
  const act = acts[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
}

interface ControlsProps {
  readonly player: Player;
  readonly stops: readonly number[];
  readonly all: boolean;
  readonly onAll: (all: boolean) => void;
  readonly span: { readonly from: number; readonly to: number };
}

function Controls({ player, stops, all, onAll, span }: ControlsProps) {
  const t = useTranslations('traders.playback');
  const place = stops.filter((stop) => stop <= player.at).length;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1">
      <div className="flex items-center">
        <ControlButton label={t('to_start')} icon={ChevronFirst} onPress={() => player.seek(span.from)} />
        <ControlButton label={t('step_back')} icon={StepBack} onPress={() => player.step(-1)} />
        <ControlButton
          label={t(player.playing ? 'pause' : 'play')}
          icon={player.playing ? Pause : Play}
          onPress={() => player.toggle()}
        />
        <ControlButton label={t('step_on')} icon={StepForward} onPress={() => player.step(1)} />
        <ControlButton label={t('to_end')} icon={ChevronLast} onPress={() => player.seek(span.to)} />
      </div>
      <span className="text-sm font-medium tabular-nums">{clock(player.at)}</span>
      <span className="text-xs text-ink-3 tabular-nums">{t('place', { place, count: stops.length })}</span>
      <ToggleRow
        label={t('every_scan')}
        control={<Checkbox checked={all} onCheckedChange={(checked) => onAll(checked === true)} />}
      />
      <p id="playback-keys" className="text-2xs text-ink-3 max-md:sr-only">
        {t('keys')}
      </p>
    </div>
  );
}

interface ControlButtonProps {
  readonly label: string;
  readonly icon: typeof Play;
  readonly onPress: () => void;
}

function ControlButton({ label, icon: Icon, onPress }: ControlButtonProps) {
  return (
    <Button size="icon-sm" variant="ghost" aria-label={label} onClick={onPress}>
      <Icon aria-hidden />
    </Button>
  );
}
