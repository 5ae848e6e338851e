'use client';

import { useTranslations } from 'use-intl';
import type { Scale, Tick } from '#domain/timeline/scale.ts';
import { cn } from '#components/ui/cn.ts';
import { wallTime } from '#components/ui/time-format.ts';
import type { ShownPhase } from './draw.ts';
import { zone } from './url.ts';

/** Height of the axis in pixels. */
export const axisHeight = 44;

interface AxisProps {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
  readonly stepMs: number;
  readonly phases: readonly ShownPhase[];
  /** Of the scope; null before it is known. */
  readonly now: number | null;
}

function tickText(at: number, stepMs: number): string {
  const { date, time } = wallTime(new Date(at), zone);
  if (time === '00:00:00') return date.slice(5);
  return stepMs < 60_000 ? time : time.slice(0, 5);
}

/** The hours of the range, the exchange's session below them, and where now is. */
export function Axis({ scale, ticks, stepMs, phases, now }: AxisProps) {
  const nowX = now === null ? -1 : scale.x(now);
  const showsNow = now !== null && nowX >= 0 && nowX <= scale.width;
  return (
    <div aria-hidden className="relative" style={{ height: axisHeight, width: scale.width }}>
      {ticks.map(({ at, x }) => {
        const covered = showsNow && Math.abs(x - nowX) < 46;
        const text = tickText(at, stepMs);
        return (
          <span
            key={at}
            className={cn(
              'absolute top-2 text-2xs whitespace-nowrap tabular-nums',
              text.length === 5 && text[2] === '-' ? 'font-semibold text-ink' : 'text-ink-3',
              x < 16 ? 'translate-x-0' : x > scale.width - 16 ? '-translate-x-full' : '-translate-x-1/2',
              covered && 'opacity-0',
            )}
            style={{ left: x }}
          >
            {text}
          </span>
        );
      })}
      <Phases scale={scale} phases={phases} />
      {showsNow ? (
        <span
          className="absolute top-1.5 rounded-sm bg-accent-solid px-1 text-2xs font-medium text-on-accent tabular-nums"
          style={{ left: Math.max(22, Math.min(scale.width - 22, nowX)), transform: 'translateX(-50%)' }}
        >
          {wallTime(new Date(now), zone).time.slice(0, 5)}
        </span>
      ) : null}
    </div>
  );
}

/** The phases of the session as a strip, named where there is room. */
function Phases({ scale, phases }: Pick<AxisProps, 'scale' | 'phases'>) {
  const t = useTranslations('calendars.phases');
  return phases.map(({ name, from, to }) => {
    const [x0, x1] = [Math.max(0, scale.x(from)), Math.min(scale.width, scale.x(to))];
    if (x1 - x0 < 1) return null;
    const main = name === 'continuous';
    const auction = name === 'opening_auction' || name === 'closing_auction';
    return (
      <span
        key={`${name} ${from}`}
        className={cn(
          'absolute bottom-0 h-4 overflow-hidden border-l border-hairline px-1 text-2xs leading-4 whitespace-nowrap text-ink-2',
          main ? 'bg-(--session) font-medium' : auction ? 'bg-(--auction)' : 'bg-sunken text-ink-3',
        )}
        style={{ left: x0, width: x1 - x0 }}
        title={t(name)}
      >
        {x1 - x0 > 44 ? t(name) : ''}
      </span>
    );
  });
}
