'use client';

import { useTranslations } from 'use-intl';
import type { BandPiece, DaySpan } from '#domain/traders/playback.ts';
import type { TraderDayView } from '#domain/traders/view.ts';
import type { TraderPhase } from '#domain/traders/state.ts';
import { PhaseIcon, phaseColour } from '../phase.tsx';

/** The more is at stake, the taller: height says what colour says. */
const heights: Readonly<Record<TraderPhase, string>> = {
  IDLE: '20%',
  SCANNING: '38%',
  ENTERING: '68%',
  HOLDING: '100%',
  EXITING: '68%',
  HALTED: '100%',
};
const hatched = 'repeating-linear-gradient(135deg, transparent 0 3px, var(--surface) 3px 5px)';

interface BandProps {
  readonly band: readonly BandPiece[];
  readonly phases: TraderDayView['phases'];
  readonly span: DaySpan;
}

/** The trader's phases over the day, above the exchange's. */
export function PhaseBand({ band, phases, span }: BandProps) {
  const t = useTranslations('traders.playback');
  const names = useTranslations('calendars.phases');
  const share = (at: number) => ((at - span.from) / (span.end - span.from)) * 100;
  const place = (from: number, to: number) => ({
    left: `${share(from).toFixed(3)}%`,
    width: `max(1px, ${(share(to) - share(from)).toFixed(3)}%)`,
  });
  return (
    <figure aria-label={t('band_label')}>
      <div className="relative h-7 border-b border-hairline">
        {band.map(({ phase, from, to }) => (
          <span
            key={from}
            className="absolute bottom-0"
            style={{
              ...place(from, to),
              height: heights[phase],
              backgroundColor: phaseColour[phase],
              opacity: phase === 'IDLE' ? 0.45 : 0.9,
              ...(phase === 'HALTED' || phase === 'EXITING' ? { backgroundImage: hatched } : {}),
            }}
          />
        ))}
      </div>
      <div className="relative h-4 overflow-hidden">
        {phases
          .filter(({ start, end }) => Date.parse(end) > span.from && Date.parse(start) < span.end)
          .map(({ name, start, end }) => (
            <span
              key={name}
              className={`absolute inset-y-0 truncate border-l border-hairline px-1 text-2xs leading-4 text-ink-3 ${name === 'continuous' ? 'bg-(--session)' : name.endsWith('auction') ? 'bg-(--auction)' : 'bg-sunken'}`}
              style={place(Date.parse(start), Date.parse(end))}
            >
              {share(Date.parse(end)) - share(Date.parse(start)) > 12 ? names(name) : ''}
            </span>
          ))}
      </div>
    </figure>
  );
}

/** What shapes and heights mean. */
export function BandLegend() {
  const t = useTranslations('traders.phase');
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-1 text-2xs text-ink-2">
      {(['IDLE', 'SCANNING', 'ENTERING', 'HOLDING', 'EXITING', 'HALTED'] as const).map((phase) => (
        <li key={phase} className="flex items-center gap-1">
          <PhaseIcon phase={phase} className="size-3" />
          {t(phase)}
        </li>
      ))}
    </ul>
  );
}
