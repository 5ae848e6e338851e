'use client';

import { CloudOff, Pause, Radio } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useLive } from '#components/query/live.tsx';
import type { LiveStatus } from '#components/query/live.tsx';
import { formatTime } from '#components/ui/time-format.ts';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { cn } from '#components/ui/cn.ts';

const icons: Record<LiveStatus, typeof Radio> = { live: Radio, reconnecting: CloudOff, paused: Pause };

/** Says whether the page follows the desk, and as of when it shows it if not. */
export function LiveIndicator() {
  const t = useTranslations('shell.live');
  const { status, asOf } = useLive();
  const Icon = icons[status];
  return (
    <Tooltip text={t(`${status}_hint`)}>
      <span role="status" tabIndex={0} className={cn('flex h-(--control-sm) items-center gap-1.5 rounded-md px-2 text-xs whitespace-nowrap', status === 'reconnecting' ? 'bg-warning-tint text-warning' : 'text-ink-3')}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className={cn(status === 'live' && 'max-lg:sr-only')}>{t(status)}</span>
        {asOf === null ? null : <span className="max-md:hidden">{t('as_of', { time: formatTime(asOf, 'Asia/Seoul', 'time') })}</span>}
      </span>
    </Tooltip>
  );
}
