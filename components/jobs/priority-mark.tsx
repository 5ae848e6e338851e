'use client';

import { useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';

const names = ['urgent', 'high', 'medium', 'low'] as const;
export const priorityNames = names;

/** A priority as filled steps and a word. */
export function PriorityMark({ priority }: { readonly priority: number }) {
  const t = useTranslations('jobs.priority');
  const name = names[priority] ?? 'medium';
  return (
    <span className="inline-flex items-center gap-1.5 text-xs whitespace-nowrap text-ink-2">
      <svg
        aria-hidden
        viewBox="0 0 12 10"
        className={cn('h-2.5 w-3 shrink-0', priority === 0 ? 'text-danger' : 'text-ink-3')}
      >
        {[0, 1, 2, 3].map((step) => (
          <rect
            key={step}
            x={step * 3}
            y={6 - step * 2}
            width={2}
            height={4 + step * 2}
            fill="currentColor"
            opacity={step <= 3 - priority ? 1 : 0.25}
          />
        ))}
      </svg>
      {t(name)}
    </span>
  );
}
