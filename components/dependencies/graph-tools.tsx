'use client';

import type { inferParserType } from 'nuqs/server';
import { useTranslations } from 'use-intl';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { Button } from '#components/ui/button.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { cn } from '#components/ui/cn.ts';
import type { ShownGraph } from '#components/dependencies/model.ts';
import { views, type graphParsers } from '#components/dependencies/url.ts';

export type GraphUrl = inferParserType<typeof graphParsers>;

interface GraphToolsProps {
  readonly jobs: readonly GraphJob[];
  readonly graph: ShownGraph;
  readonly url: GraphUrl;
  readonly setUrl: (next: Partial<GraphUrl>) => void;
}

/** Finds a job, narrows to what is around it, and chooses between picture and table. */
export function GraphTools({ jobs, graph, url, setUrl }: GraphToolsProps) {
  const t = useTranslations('dependencies.tools');
  const options = jobs.map((job) => ({
    value: job.job_id,
    label: job.job_id,
    ...(job.description === '' ? {} : { hint: job.description }),
  }));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pb-3">
      <nav
        aria-label={t('view')}
        className="flex gap-0.5 rounded-md bg-sunken p-0.5 ring-1 ring-hairline ring-inset"
      >
        {views.map((view) => {
          // Without a choice, the width decides: see the board.
          const byWidth = view === 'graph' ? 'md:bg-raised md:text-ink' : 'max-md:bg-raised max-md:text-ink';
          return (
            <button
              key={view}
              type="button"
              aria-pressed={url.view === view}
              onClick={() => setUrl({ view })}
              className={cn(
                'ring-inset-focus min-h-[calc(var(--control)-4px)] rounded-[5px] px-2.5 text-xs font-medium text-ink-2 hover:text-ink max-md:min-h-11',
                url.view === null && byWidth,
                url.view === view && 'bg-raised text-ink shadow-[0_0_0_1px_var(--border)]',
              )}
            >
              {t(view)}
            </button>
          );
        })}
      </nav>
      <Combobox
        aria-label={t('find')}
        placeholder={t('find')}
        value={url.focus}
        onChange={(focus) => setUrl({ focus, ...(focus === null ? { near: false } : {}) })}
        options={options}
        clearable
        className="w-64 max-md:w-full"
      />
      {url.focus === null ? null : (
        <Button
          size="sm"
          variant={url.near ? 'secondary' : 'ghost'}
          aria-pressed={url.near}
          onClick={() => setUrl({ near: !url.near })}
        >
          {t('near')}
        </Button>
      )}
      {graph.around === null ? null : (
        <output className="text-xs text-ink-3">
          {t('part', { shown: graph.jobs.length, total: graph.connected, job: graph.around })}
        </output>
      )}
    </div>
  );
}
