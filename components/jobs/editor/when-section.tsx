'use client';

import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { ScheduleKind } from '#domain/jobs/definition.ts';
import { ToggleRow } from '#components/ui/checkbox.tsx';
import { Combobox } from '#components/ui/combobox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { NumberInput } from '#components/ui/number-input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Switch } from '#components/ui/switch.tsx';
import { CalendarFields, CandleFields, SessionFields } from '#components/jobs/editor/calendar-fields.tsx';
import { PreviewPanel } from '#components/jobs/editor/preview-panel.tsx';
import { Section } from '#components/jobs/editor/section.tsx';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import { useCronProblem } from '#components/jobs/editor/use-cron-problem.ts';

const kinds: readonly ScheduleKind[] = ['cron', 'candle', 'session', 'interval', 'service', 'queue', 'none'];

/** What the field of seconds means to each kind. */
const seconds: Partial<
  Record<
    ScheduleKind,
    { readonly label: 'interval' | 'delay' | 'service_every'; readonly placeholder: string }
  >
> = {
  interval: { label: 'interval', placeholder: '600' },
  queue: { label: 'delay', placeholder: '600' },
  service: { label: 'service_every', placeholder: '5' },
};

/** What a Korean desk usually means, as expressions. */
const presets = [
  { key: 'session_10', expr: '*/10 9-15 * * 1-5' },
  { key: 'before_open', expr: '30 8 * * 1-5' },
  { key: 'after_close', expr: '40 15 * * 1-5' },
  { key: 'nightly', expr: '0 2 * * *' },
] as const;

/** When the job comes due, with the next fires beside it. */
export function WhenSection({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  const timed = seconds[values.schedule];
  return (
    <Section title={t('when')} hint={t('when_hint')}>
      <div className="grid gap-x-8 gap-y-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-4">
          <div className="flex flex-col items-start gap-1">
            <Segmented
              label={t('schedule')}
              className="max-md:flex-wrap"
              value={values.schedule}
              onChange={(schedule) =>
                set(
                  (schedule === 'session' || schedule === 'service') && values.calendar === null
                    ? { schedule, calendar: 'XKRX' }
                    : { schedule },
                )
              }
              options={kinds.map((value) => ({ value, label: t(`schedule_${value}`) }))}
            />
            <p className="text-xs text-ink-3">{t(`schedule_${values.schedule}_hint`)}</p>
          </div>
          {values.schedule === 'cron' ? <CronField editor={editor} /> : null}
          {values.schedule === 'candle' ? <CandleFields editor={editor} /> : null}
          {values.schedule === 'session' ? <SessionFields editor={editor} /> : null}
          {timed === undefined ? null : (
            <Field
              id={fieldId('interval_seconds')}
              label={t(timed.label)}
              hint={t(`${timed.label}_hint`)}
              required
              error={editor.errorOf('interval_seconds')}
              className="max-w-52"
            >
              <NumberInput
                value={values.interval_seconds}
                onChange={(interval_seconds) => set({ interval_seconds })}
                min={1}
                placeholder={timed.placeholder}
                unit={t('unit_s')}
              />
            </Field>
          )}
          {values.schedule === 'none' ? null : (
            <>
              <CalendarFields editor={editor} />
              <ZoneField editor={editor} />
            </>
          )}
          <ToggleRow
            label={t('enabled')}
            hint={t('enabled_hint')}
            control={<Switch checked={values.enabled} onCheckedChange={(enabled) => set({ enabled })} />}
          />
        </div>
        <PreviewPanel scope={editor.scope} values={values} />
      </div>
    </Section>
  );
}

function CronField({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  const problem = useCronProblem(values.cron_expr);
  return (
    <div className="flex flex-col gap-2">
      <Field
        id={fieldId('cron_expr')}
        label={t('cron')}
        hint={t('cron_hint')}
        required
        error={editor.errorOf('cron_expr') ?? problem}
        className="max-w-md"
      >
        <Input
          className="font-mono"
          spellCheck={false}
          autoComplete="off"
          placeholder="*/10 * * * *"
          value={values.cron_expr}
          onChange={(event) => set({ cron_expr: event.target.value })}
        />
      </Field>
      <fieldset className="flex flex-wrap gap-1.5">
        <legend className="sr-only">{t('presets')}</legend>
        {presets.map(({ key, expr }) => (
          <button
            key={key}
            type="button"
            title={expr}
            aria-pressed={values.cron_expr === expr}
            onClick={() =>
              // Weekdays here mean trading days, until somebody says otherwise.
              set(
                expr.endsWith('1-5') && values.calendar === null
                  ? { cron_expr: expr, calendar: 'XKRX' }
                  : { cron_expr: expr },
              )
            }
            className="touch rounded-md border border-border px-2 text-xs text-ink-2 transition-colors hover:bg-hover hover:text-ink aria-pressed:border-accent aria-pressed:bg-accent-tint aria-pressed:text-accent"
          >
            {t(`preset_${key}`)}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

function ZoneField({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const zones = useMemo(() => {
    const first = ['Asia/Seoul', 'UTC', 'America/New_York'];
    return [...new Set([...first, ...Intl.supportedValuesOf('timeZone')])].map((zone) => ({
      value: zone,
      label: zone,
    }));
  }, []);
  return (
    <Field
      id={fieldId('time_zone')}
      label={t('time_zone')}
      hint={t('time_zone_hint')}
      error={editor.errorOf('time_zone')}
      className="max-w-64"
    >
      <Combobox
        value={editor.values.time_zone}
        onChange={(zone) => editor.set({ time_zone: zone ?? 'Asia/Seoul' })}
        options={zones}
      />
    </Field>
  );
}
