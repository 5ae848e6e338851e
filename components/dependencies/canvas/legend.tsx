'use client';

import { useTranslations } from 'use-intl';
import { lineOf } from '#components/dependencies/canvas/job-edge.tsx';

const kinds = ['gate', 'trigger', 'both'] as const;

/** What the lines mean. */
export function Legend() {
  const t = useTranslations('dependencies');
  return (
    <ul
      aria-label={t('canvas.legend')}
      className="pointer-events-none absolute bottom-2 left-2 flex flex-wrap gap-x-4 gap-y-1 rounded-md bg-canvas/90 px-2 py-1 text-2xs text-ink-2"
    >
      {kinds.map((kind) => {
        const { dash, width } = lineOf(kind);
        return (
          <li key={kind} className="flex items-center gap-1.5">
            <svg aria-hidden viewBox="0 0 36 12" className="h-3 w-9">
              <path
                d="M0 6h34"
                stroke="var(--control-border)"
                strokeWidth={width}
                markerEnd={`url(#dependency-${kind}-plain)`}
                {...(dash === undefined ? {} : { strokeDasharray: dash })}
              />
            </svg>
            {t(`kind.${kind}`)}
          </li>
        );
      })}
    </ul>
  );
}
