'use client';

import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  LineStyle,
  type IPriceLine,
  type ISeriesApi,
  type SeriesMarker,
  type UTCTimestamp,
  createChart,
  createSeriesMarkers,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { candleMinutes } from '#domain/jobs/schedule-fields.ts';
import type { DaySpan } from '#domain/traders/playback.ts';
import type { TraderDayView } from '#domain/traders/view.ts';
import { type ChartColours, useChartColours } from './colours.ts';

type DaySymbol = TraderDayView['symbols'][number];

/** Something that happened at a price. */
export interface ChartMark {
  readonly at: number;
  readonly kind: 'buy' | 'sell' | 'attempt';
  readonly text: string;
}

/** A price that counts at the chosen instant. */
export interface ChartLevel {
  readonly price: number;
  readonly kind: 'average' | 'stop' | 'target';
  readonly title: string;
}

interface CandlesProps {
  readonly symbol: DaySymbol;
  readonly span: DaySpan;
  readonly marks: readonly ChartMark[];
  readonly levels: readonly ChartLevel[];
  readonly label: string;
  /** Where the plot lies in its box, in pixels, whenever it changes. */
  readonly onPlot: (left: number, width: number) => void;
}

/** The library knows UTC only: what it shows as UTC is Seoul's wall. */
const seoulMs = 9 * 3_600_000;
const timeOf = (ms: number) => ((ms + seoulMs) / 1_000) as UTCTimestamp;

/** Every bar of the day, those without trades as blanks, so that time runs evenly from edge to edge. */
function barsOf({ candles, interval }: DaySymbol, { from, end }: DaySpan) {
  const step = (interval === null ? 1 : (candleMinutes[interval] ?? 1)) * 60_000;
  const known = new Map(candles.map((row) => [row[0] ?? 0, row]));
  const first = Math.floor(from / step) * step;
  return Array.from({ length: Math.max(2, Math.ceil((end - first) / step)) }, (_, index) => {
    const start = first + index * step;
    const row = known.get(start);
    const time = timeOf(start);
    if (row === undefined) return { time };
    const [, open = 0, high = 0, low = 0, close = 0] = row;
    return { time, open, high, low, close };
  });
}

function markersOf(
  marks: readonly ChartMark[],
  colours: ChartColours,
  { interval }: DaySymbol,
): SeriesMarker<UTCTimestamp>[] {
  const step = (interval === null ? 1 : (candleMinutes[interval] ?? 1)) * 60_000;
  return marks
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, kind, text }) => {
      const time = timeOf(Math.floor(at / step) * step);
      if (kind === 'buy')
        return { time, position: 'belowBar', shape: 'arrowUp', color: colours.accent, text };
      if (kind === 'sell')
        return { time, position: 'aboveBar', shape: 'arrowDown', color: colours.ink, text };
      return { time, position: 'aboveBar', shape: 'circle', color: colours.warning, text, size: 0.6 };
    });
}

interface Drawn {
  readonly series: ISeriesApi<'Candlestick'>;
  lines: readonly IPriceLine[];
}

function drawLevels(drawn: Drawn, levels: readonly ChartLevel[], colours: ChartColours): void {
  const colourOf = { average: colours['ink-3'], stop: colours.danger, target: colours.ok };
  for (const line of drawn.lines) drawn.series.removePriceLine(line);
  drawn.lines = levels.map(({ price, kind, title }) =>
    drawn.series.createPriceLine({
      price,
      title,
      color: colourOf[kind],
      lineWidth: 1,
      lineStyle: LineStyle.Dashed,
      axisLabelVisible: true,
    }),
  );
}

/** Candles of one symbol over the day, with what the trader did. It is looked at, not moved: the scrubber moves. */
export default function Candles({ symbol, span, marks, levels, label, onPlot }: CandlesProps) {
  const box = useRef<HTMLElement>(null);
  const chart = useRef<Drawn | null>(null);
  const colours = useChartColours(box);
  const latest = useRef({ onPlot, levels });
  useEffect(() => {
    latest.current = { onPlot, levels };
  });

  useEffect(() => {
    const element = box.current;
    if (element === null || colours === null) return;
    const api = createChart(element, {
      autoSize: true,
      layout: {
        background: { type: ColorType.Solid, color: 'transparent' },
        textColor: colours['ink-3'],
        fontSize: 11,
        fontFamily: getComputedStyle(element).fontFamily,
        attributionLogo: false,
      },
      grid: { vertLines: { color: colours.hairline }, horzLines: { color: colours.hairline } },
      crosshair: { mode: CrosshairMode.Normal },
      rightPriceScale: { borderColor: colours.hairline, minimumWidth: 64 },
      timeScale: {
        borderColor: colours.hairline,
        timeVisible: true,
        secondsVisible: false,
      },
      handleScroll: false,
      handleScale: false,
    });
    const series = api.addSeries(CandlestickSeries, {
      upColor: colours.gain,
      downColor: colours.loss,
      borderVisible: false,
      wickUpColor: colours.gain,
      wickDownColor: colours.loss,
      priceLineVisible: false,
      lastValueVisible: false,
      priceFormat: {
        type: 'custom',
        formatter: (price: number) => price.toLocaleString('en-US'),
        minMove: 0.01,
      },
    });
    const bars = barsOf(symbol, span);
    series.setData(bars);
    createSeriesMarkers(series, markersOf(marks, colours, symbol));
    const drawn: Drawn = { series, lines: [] };
    chart.current = drawn;
    drawLevels(drawn, latest.current.levels, colours);
    const place = () => {
      api.timeScale().setVisibleLogicalRange({ from: -0.5, to: bars.length - 0.5 });
      latest.current.onPlot(0, api.timeScale().width());
    };
    place();
    const observer = new ResizeObserver(() => requestAnimationFrame(place));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.current = null;
      api.remove();
    };
  }, [colours, symbol, span, marks]);

  useEffect(() => {
    if (chart.current !== null && colours !== null) drawLevels(chart.current, levels, colours);
  }, [levels, colours]);

  return <figure ref={box} aria-label={label} className="h-72 w-full max-md:h-56" />;
}
