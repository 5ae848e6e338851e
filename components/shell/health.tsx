'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { z } from 'zod';
import { useReason } from '#components/i18n/reason.tsx';
import { api } from '#components/query/api.ts';
import { cn } from '#components/ui/cn.ts';
import { Button } from '#components/ui/button.tsx';
import { Popover } from '#components/ui/popover.tsx';
import { useScopeName } from '#components/shell/scope-switch.tsx';
import { useFrame } from '#components/shell/viewer-context.tsx';

const cause = z.union([
  z.string(),
  z.object({
    code: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    message: z.string().optional(),
  }),
]);
/** What the shell reads of a scope's health; the health page reads more. */
const health = z.object({
  status: z.enum(['healthy', 'degraded', 'critical']),
  causes: z.array(cause).default([]),
});
type Shown = z.output<typeof health>['status'] | 'unknown';

const looks: Record<Shown, string> = {
  healthy: 'text-ok',
  degraded: 'text-warning',
  critical: 'text-danger',
  unknown: 'text-ink-3',
};

function HealthIcon({ status }: { readonly status: Shown }) {
  return (
    <svg
      viewBox="0 0 16 16"
      aria-hidden
      className={cn('size-3.5! shrink-0', looks[status])}
      fill="currentColor"
    >
      {status === 'healthy' ? <circle cx="8" cy="8" r="4.5" /> : null}
      {status === 'degraded' ? <path d="M8 2.5 14 13H2z" /> : null}
      {status === 'critical' ? <path d="M8 1.5 14.5 8 8 14.5 1.5 8z" /> : null}
      {status === 'unknown' ? (
        <circle
          cx="8"
          cy="8"
          r="4.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="2 2"
        />
      ) : null}
    </svg>
  );
}

/** Whether the scope is all right, in the bar of every page; its causes on request. */
export function HealthDot({ scope }: { readonly scope: string }) {
  const t = useTranslations('shell.health');
  const query = useQuery({
    queryKey: [scope, 'health', 'shell'],
    queryFn: ({ signal }) => api('GET', `/api/v1/${scope}/health`, { schema: health, signal }),
    refetchInterval: 15_000,
    placeholderData: (previous) => previous,
  });
  const reason = useReason();
  const nameOf = useScopeName();
  const frame = useFrame();
  const status: Shown = query.isError || query.data === undefined ? 'unknown' : query.data.status;
  const causes = query.data?.causes ?? [];
  return (
    <Popover
      align="end"
      label={t('title', { scope: nameOf(frame.scope) })}
      trigger={
        <Button
          variant="ghost"
          size="sm"
          aria-label={t('label', { status: query.isPending ? '…' : t(status) })}
          className="px-2 max-md:min-w-11"
        >
          <HealthIcon status={status} />
          <span className="max-md:hidden">{query.isPending ? '…' : t(status)}</span>
        </Button>
      }
    >
      <p className="text-sm font-semibold">{t(status)}</p>
      {query.isError ? <p className="text-sm text-ink-2">{t('unreachable')}</p> : null}
      {!query.isError && causes.length === 0 ? <p className="text-sm text-ink-2">{t('no_causes')}</p> : null}
      <ul className="mt-1 flex flex-col gap-1 text-sm text-ink-2">
        {causes.map((entry, index) => (
          <li key={index}>
            {typeof entry === 'string'
              ? entry
              : (entry.message ?? reason({ code: entry.code, params: entry.params ?? {} }))}
          </li>
        ))}
      </ul>
    </Popover>
  );
}
