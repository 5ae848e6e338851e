'use client';

import { CircleDashed, HeartOff, RefreshCw, TriangleAlert } from 'lucide-react';
import { useLocale, useTranslations } from 'use-intl';
import { type ServiceHealth, type ServiceView, serviceHealth } from '#domain/runs/service.ts';
import { everyWords } from '#domain/time/words.ts';
import { cn } from '#components/ui/cn.ts';
import { useNow } from '#components/ui/clock.ts';
import { relativeStep } from '#components/ui/time-format.ts';

const looks: Record<ServiceHealth, { readonly icon: typeof RefreshCw; readonly colour: string }> = {
  starting: { icon: CircleDashed, colour: 'text-ink-3' },
  ok: { icon: RefreshCw, colour: 'text-running' },
  failing: { icon: TriangleAlert, colour: 'text-danger' },
  silent: { icon: HeartOff, colour: 'text-warning' },
};

/** How long ago, in the reader's words; never in the future, though clocks differ. */
function useAgo(): (at: string, now: Date) => string {
  const locale = useLocale();
  return (at, now) => {
    const step = relativeStep(Math.min(Date.parse(at) - now.getTime(), 0));
    // Minus nothing is "0 seconds ago"; plus nothing would be ahead.
    return new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(
      -Math.abs(step?.value ?? 0),
      step?.unit ?? 'second',
    );
  };
}

interface ServiceLineProps {
  readonly service: ServiceView;
  /** Its attempt is under way: the health and the age of the last tick are shown. */
  readonly running: boolean;
  /** Leaves out how often it ticks, where the schedule stands beside it. */
  readonly short?: boolean;
  readonly className?: string;
}

/** A service in a line: how often, how many, how many failed, when last; what is wrong comes first. */
export function ServiceLine({ service, running, short = false, className }: ServiceLineProps) {
  const t = useTranslations('runs.service');
  const locale = useLocale() === 'ko' ? 'ko' : 'en';
  const ago = useAgo();
  const now = useNow(running);
  const health = running ? serviceHealth(service) : null;
  const words = everyWords(service.interval_seconds, locale);
  const every = `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  const last = service.last_tick_at;
  const parts = [
    short ? null : t(running ? 'every' : 'every_ended', { every }),
    t('ticks', { count: service.ticks }),
    short && service.failures === 0 ? null : t('failures', { count: service.failures }),
    running && last !== null && now !== null
      ? short
        ? ago(last, now)
        : `${t('last')} ${ago(last, now)}`
      : null,
  ];
  return (
    <span className={cn('tabular-nums', className)}>
      {health === null ? null : <Health health={health} service={service} now={now} />}
      <span>{parts.filter((part) => part !== null).join(' · ')}</span>
    </span>
  );
}

function Health({
  health,
  service,
  now,
}: {
  readonly health: ServiceHealth;
  readonly service: ServiceView;
  readonly now: Date | null;
}) {
  const t = useTranslations('runs.service');
  const ago = useAgo();
  const { icon: Icon, colour } = looks[health];
  const beat = service.heartbeat_at;
  const words =
    health === 'failing'
      ? t('failing', { count: service.failing })
      : health === 'silent'
        ? `${t('silent')}${beat === null || now === null ? '' : ` (${ago(beat, now)})`}`
        : health === 'starting'
          ? t('starting')
          : null;
  return (
    <span className={cn('mr-1.5 font-medium', colour)}>
      <Icon aria-hidden className={cn('inline size-3.5 align-[-2px]', words !== null && 'mr-1')} />
      {words}
      {words === null ? null : (
        <span aria-hidden className="text-ink-3">
          ·
        </span>
      )}
    </span>
  );
}
