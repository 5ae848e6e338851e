'use client';

import { useTranslations } from 'use-intl';
import { outcomes } from '#domain/timeline/rows.ts';
import { StatusIcon } from '#components/ui/status-icon.tsx';

/** What shapes and colours mean, and which keys there are. */
export function Legend() {
  const t = useTranslations('timeline.legend');
  const status = useTranslations('status');
  return (
    <div className="flex flex-col gap-2 pt-3 text-2xs text-ink-2">
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {outcomes.map((name) => (
          <li key={name} className="flex items-center gap-1">
            <StatusIcon status={name} className="size-3" />
            {status(name)}
          </li>
        ))}
        <li className="flex items-center gap-1">
          <span aria-hidden className="h-px w-4 bg-waiting" />
          {t('wait')}
        </li>
        <li className="flex items-center gap-1">
          <span aria-hidden className="size-2 rounded-full border border-ink-3" />
          {t('planned')}
        </li>
        <li className="flex items-center gap-1">
          <span aria-hidden className="h-2.5 w-5 border border-dashed border-ink-3" />
          {t('band')}
        </li>
        <li className="flex items-center gap-1">
          <span
            aria-hidden
            className="h-2.5 w-4 bg-[repeating-linear-gradient(135deg,var(--hairline)_0_2px,transparent_2px_4px)]"
          />
          {t('break')}
        </li>
      </ul>
      <p id="timeline-keys" className="text-ink-3 max-md:sr-only">
        {t('keys')}
      </p>
    </div>
  );
}
