'use client';

import { CloudOff, Pause, Radio } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useLive } from '#components/query/live.tsx';
import type { LiveStatus } from '#components/query/live.tsx';
import { Button } from '#components/ui/button.tsx';
import { cn } from '#components/ui/cn.ts';
import { Popover } from '#components/ui/popover.tsx';
import { formatTime } from '#components/ui/time-format.ts';

const icons: Record<LiveStatus, typeof Radio> = { live: Radio, reconnecting: CloudOff, paused: Pause };

/** Says whether the page follows the desk, and as of when it shows it if not. */
export function LiveIndicator() {
  const t = useTranslations('shell.live');
  const { status, asOf } = useLive();
  const Icon = icons[status];
  const since = asOf === null ? null : t('as_of', { time: `${formatTime(asOf, 'Asia/Seoul', 'time')} KST` });
  return (
    <>
      <output className="sr-only">{status === 'live' ? '' : `${t(status)} ${since ?? ''}`}</output>
      <Popover
        align="end"
        label={t(status)}
        trigger={
          <Button
            variant="ghost"
            size="sm"
            aria-label={[t(status), since].filter(Boolean).join(', ')}
            className={cn(
              'px-2 font-normal max-md:min-w-11',
              // A phone's bar has no room for what is in order.
              status === 'live' && 'max-md:hidden',
              status === 'reconnecting' && 'bg-warning-tint text-warning',
              status === 'live' && 'text-ink-3',
            )}
          >
            <Icon aria-hidden className="size-3.5!" />
            <span className={cn(status === 'live' && 'max-lg:hidden')}>{t(status)}</span>
            {since === null ? null : <span className="max-md:hidden">{since}</span>}
          </Button>
        }
      >
        <p className="text-sm font-semibold">{t(status)}</p>
        <p className="text-sm text-ink-2">{t(`${status}_hint`)}</p>
        {since === null ? null : <p className="text-xs text-ink-3">{since}</p>}
      </Popover>
    </>
  );
}
