'use client';

import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { type ServiceView, upcomingTick } from '#domain/runs/service.ts';
import type { RunView } from '#domain/runs/view.ts';
import { useNow } from '#components/ui/clock.ts';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { RelativeTime, Time } from '#components/ui/time.tsx';
import { ServiceLine } from '#components/runs/service-line.tsx';

/** What a service run has done and does next: its counters instead of a run each time. */
export function RunService({ run, zone }: { readonly run: RunView; readonly zone: string }) {
  const t = useTranslations('runs.service');
  const { service, service_until: until } = run;
  if (run.mode !== 'service' || until === null) return null;
  const running = run.state === 'running';
  const over = run.finished_at !== null && !running;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t(over ? 'until_ended' : 'until'), <Time key="until" at={until} zone={zone} />],
    [
      t('last_tick'),
      service?.last_tick_at == null ? (
        '–'
      ) : (
        <Time key="last" at={service.last_tick_at} zone={zone} style="full" />
      ),
    ],
    [
      t('next'),
      running && service !== null ? (
        <NextTick key="next" run={run} service={service} until={until} zone={zone} />
      ) : (
        '–'
      ),
    ],
    [
      t('last_ok'),
      service?.last_ok_at == null ? '–' : <RelativeTime key="ok" at={service.last_ok_at} zone={zone} />,
    ],
    [
      t('overruns'),
      <span key="over" title={t('overruns_hint')}>
        {t('ticks', { count: service?.overruns ?? 0 })}
      </span>,
    ],
    [
      t('heartbeat'),
      service?.heartbeat_at == null ? '–' : <RelativeTime key="beat" at={service.heartbeat_at} zone={zone} />,
    ],
  ];
  return (
    <section aria-label={t('label')} className="flex flex-col gap-2.5 border-y border-hairline py-3">
      {service === null ? null : (
        <p className="text-sm font-medium">
          <ServiceLine service={service} running={running} />
        </p>
      )}
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2.5 text-sm sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-xs text-ink-3">{name}</dt>
            <dd className="tabular-nums [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
      </dl>
      {service === null || service.failing === 0 || service.last_error === null ? null : (
        <CodeBlock
          code={service.last_error}
          label={t('last_error')}
          wrap
          className="border-danger/40 bg-danger-tint"
        />
      )}
    </section>
  );
}

/** The next point of the grid; what is on the screen may be older than the last one. */
function NextTick({
  run,
  service,
  until,
  zone,
}: {
  readonly run: RunView;
  readonly service: ServiceView;
  readonly until: string;
  readonly zone: string;
}) {
  const now = useNow();
  const latest = now === null ? service.last_tick_at : now.toISOString();
  const next = upcomingTick(
    { ...service, last_tick_at: latest },
    new Date(run.scheduled_for),
    new Date(until),
  );
  return next === null ? '–' : <RelativeTime at={next} zone={zone} />;
}
