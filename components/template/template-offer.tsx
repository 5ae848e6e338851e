'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { TemplateView } from '#domain/template/view.ts';
import { useProblemText } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';
import { toast } from '#components/ui/toast.tsx';
import { dismissTemplate, installTemplate, startSimulatedDesk, templateQuery } from './queries.ts';

/** Offers a scope the jobs of a KRX day, and where money is not real a market to run them on, until it takes or declines. */
export function TemplateOffer({ scope }: { readonly scope: string }) {
  const locale = useLocale();
  const language = locale === 'ko' ? 'ko' : 'en';
  const { data } = useQuery(templateQuery(scope, language));
  if (data?.state !== 'offered') return null;
  return <Offer scope={scope} language={language} template={data} />;
}

const choices = {
  install: installTemplate,
  simulate: startSimulatedDesk,
  dismiss: dismissTemplate,
} as const;
type Choice = keyof typeof choices;

interface OfferProps {
  readonly scope: string;
  readonly language: 'ko' | 'en';
  readonly template: TemplateView;
}

function Offer({ scope, language, template }: OfferProps) {
  const t = useTranslations('template');
  const client = useQueryClient();
  const problemText = useProblemText();
  const [busy, setBusy] = useState<Choice | null>(null);
  const simulated = template.simulation === 'offered';

  const act = async (what: Choice) => {
    setBusy(what);
    try {
      await choices[what](scope, language);
      if (what === 'install') toast.success(t('installed', { count: template.jobs.length }));
      if (what === 'simulate') toast.success(t('simulating'));
      await client.invalidateQueries({ queryKey: [scope] });
    } catch (problem) {
      toast.error(t('failed'), { description: problemText(problem) });
    } finally {
      setBusy(null);
    }
  };

  return (
    <section
      aria-labelledby="template-title"
      className="mb-4 rounded-lg border border-hairline bg-surface p-4 max-md:p-3"
    >
      <div className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-80">
          <h2 id="template-title" className="text-sm font-semibold">
            {t('title')}
          </h2>
          <p className="mt-1 max-w-prose text-sm text-ink-2">{t('text')}</p>
          {simulated ? <p className="mt-1 max-w-prose text-sm text-ink-2">{t('simulate_text')}</p> : null}
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            variant="ghost"
            busy={busy === 'dismiss'}
            disabled={busy !== null}
            onClick={() => void act('dismiss')}
          >
            {t('dismiss')}
          </Button>
          <Button
            variant={simulated ? 'secondary' : 'primary'}
            busy={busy === 'install'}
            disabled={busy !== null}
            onClick={() => void act('install')}
          >
            {t('install', { count: template.jobs.filter((job) => !job.exists).length })}
          </Button>
          {simulated ? (
            <Button
              variant="primary"
              busy={busy === 'simulate'}
              disabled={busy !== null}
              onClick={() => void act('simulate')}
            >
              {t('simulate')}
            </Button>
          ) : null}
        </div>
      </div>
      <ul className="mt-3 grid gap-x-8 border-t border-hairline text-sm lg:grid-cols-2">
        {template.jobs.map((job) => (
          <li
            key={job.job_id}
            className="flex min-h-9 flex-wrap items-baseline gap-x-3 border-b border-hairline py-1.5"
          >
            <span className="font-medium">{job.job_id}</span>
            <span className="min-w-0 flex-1 text-right text-ink-2">{job.schedule[language]}</span>
            <span className="w-full text-xs text-ink-3">
              {job.exists ? t('exists') : job.description}
              {job.waits_for.length === 0 ? null : ` · ${t('waits_for', { jobs: job.waits_for.join(', ') })}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
