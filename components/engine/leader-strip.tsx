'use client';

import { Crown, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { EngineView } from '#domain/engine/view.ts';
import { RelativeTime, useDurationText } from '#components/ui/time.tsx';
import { ShortId } from '#components/runs/run-words.tsx';

interface LeaderStripProps {
  readonly leader: EngineView['leader'];
  readonly processes: EngineView['processes'];
}

/** Who leads, since when, and whether it still breathes. Without a leader no schedule fires. */
export function LeaderStrip({ leader, processes }: LeaderStripProps) {
  const t = useTranslations('engine.leader');
  const age = useDurationText();
  if (leader === null || !leader.alive) {
    return (
      <section
        role="alert"
        aria-label={t('label')}
        className="flex gap-2.5 rounded-md border border-danger/40 bg-danger-tint px-3.5 py-2.5"
      >
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        <div>
          <p className="font-medium text-danger">
            {leader === null ? t('none') : t('late', { age: age(leader.heartbeat_age_sec * 1_000) })}
          </p>
          <p className="text-ink-2">{t('none_text')}</p>
        </div>
      </section>
    );
  }
  const process = processes.find((candidate) => candidate.process_id === leader.process_id);
  return (
    <section
      aria-label={t('label')}
      className="flex flex-wrap items-center gap-x-5 gap-y-1 rounded-md border border-l-3 border-hairline border-l-ok bg-surface px-3.5 py-2.5"
    >
      <span className="inline-flex items-center gap-2">
        <Crown aria-hidden className="size-4 text-ok" />
        <span className="font-medium">{t('label')}</span>
        <a href={`#process-${leader.process_id}`} className="hover:underline">
          {process === undefined ? <ShortId id={leader.process_id} /> : `${process.host} · ${process.pid}`}
        </a>
      </span>
      <span className="text-ink-2">{t('epoch', { epoch: leader.epoch })}</span>
      <span className="text-ink-2">
        {t('since')} <RelativeTime at={leader.since} />
      </span>
      <span className="text-ink-2 tabular-nums">
        {t('beat', { age: age(leader.heartbeat_age_sec * 1_000) })}
      </span>
    </section>
  );
}
