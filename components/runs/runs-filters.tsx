'use client';

import { CalendarRange, X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { triggerSource } from '#domain/runs/run.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Popover } from '#components/ui/popover.tsx';
import { Select } from '#components/ui/select.tsx';
import { type RunsUrl, isFiltered } from '#components/runs/filters.ts';
import { JobPicker } from '#components/jobs/job-picker.tsx';
import { instantOfWall, wallOfInstant } from '#components/runs/wall-input.ts';

interface RunsFiltersProps {
  readonly scope: string;
  readonly url: RunsUrl;
  /** null clears everything. */
  readonly onChange: (next: Partial<RunsUrl> | null) => void;
}

/** Filters by job, trigger and time; states have their tabs. */
export function RunsFilters({ scope, url, onChange }: RunsFiltersProps) {
  const t = useTranslations('runs');
  const triggers = triggerSource.options.map((source) => ({ value: source, label: t(`trigger.${source}`) }));
  const [trigger] = url.trigger;
  return (
    <fieldset
      aria-label={t('filters.label')}
      className="flex min-w-0 flex-wrap items-center gap-2 max-md:w-full"
    >
      <JobPicker
        scope={scope}
        label={t('filters.job')}
        placeholder={t('filters.any_job')}
        value={url.job}
        onChange={(job) => onChange({ job })}
        className="w-52 max-md:flex-1"
      />
      <Select
        aria-label={t('filters.trigger')}
        value={trigger ?? 'any'}
        onChange={(next: string) =>
          onChange({
            trigger: triggers.filter((option) => option.value === next).map((option) => option.value),
          })
        }
        options={[{ value: 'any', label: t('filters.any_trigger') }, ...triggers]}
        className="w-36 max-md:flex-1"
      />
      <TimeFilter url={url} onChange={onChange} />
      {isFiltered(url) ? (
        <Button variant="ghost" onClick={() => onChange(null)}>
          <X aria-hidden />
          {t('filters.clear')}
        </Button>
      ) : null}
    </fieldset>
  );
}

const hour = 3_600_000;
const recent = [
  ['last_hour', hour],
  ['last_day', 24 * hour],
  ['last_week', 168 * hour],
] as const;

function TimeFilter({ url, onChange }: Omit<RunsFiltersProps, 'scope'>) {
  const t = useTranslations('runs.filters');
  const from = wallOfInstant(url.from);
  const to = wallOfInstant(url.to);
  const said = [
    url.day,
    [from, to].some((side) => side !== '') ? `${from.replace('T', ' ')} – ${to.replace('T', ' ')}` : null,
  ]
    .filter(Boolean)
    .join(', ');
  return (
    <Popover
      label={t('more')}
      trigger={
        <Button className="max-md:flex-1">
          <CalendarRange aria-hidden className="text-ink-3" />
          {said === '' ? t('more') : said}
        </Button>
      }
      className="flex w-80 flex-col gap-3"
    >
      <Field label={t('day')}>
        <Input
          type="date"
          value={url.day ?? ''}
          onChange={(event) => onChange({ day: event.target.value === '' ? null : event.target.value })}
        />
      </Field>
      <fieldset className="flex gap-1.5" aria-label={t('quick')}>
        {recent.map(([name, ms]) => (
          <Button
            key={name}
            size="sm"
            className="flex-1"
            onClick={() =>
              onChange({
                from: new Date(Math.floor(Date.now() / 60_000) * 60_000 - ms).toISOString(),
                to: null,
              })
            }
          >
            {t(name)}
          </Button>
        ))}
      </fieldset>
      <Field label={t('from')}>
        <Input
          type="datetime-local"
          value={from}
          onChange={(event) => onChange({ from: instantOfWall(event.target.value) })}
        />
      </Field>
      <Field label={t('to')} hint={t('zone_hint')}>
        <Input
          type="datetime-local"
          value={to}
          onChange={(event) => onChange({ to: instantOfWall(event.target.value) })}
        />
      </Field>
    </Popover>
  );
}
