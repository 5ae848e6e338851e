'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { type CandleInterval, candleMinutes } from '#domain/jobs/schedule-fields.ts';
import { builtinCalendars } from '#domain/time/calendar/definition.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { NumberInput } from '#components/ui/number-input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { fetchCalendars, jobKeys } from '#components/jobs/queries.ts';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';

const intervals = Object.keys(candleMinutes) as CandleInterval[];
const anchors = ['open', 'continuous_close', 'close'] as const;
const none = '-';

/** After each candle's close, and by how much. */
export function CandleFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  return (
    <div className="flex flex-wrap gap-4">
      <Field
        id={fieldId('candle')}
        label={t('candle')}
        error={editor.errorOf('candle') ?? editor.errorOf('candle.interval')}
        className="w-36"
      >
        <Select
          value={values.candle_interval}
          onChange={(candle_interval) => set({ candle_interval })}
          options={intervals.map((value) => ({ value, label: t(`candle_${value}`) }))}
        />
      </Field>
      <Field
        id={fieldId('candle.buffer_sec')}
        label={t('buffer')}
        hint={t('buffer_hint')}
        error={editor.errorOf('candle.buffer_sec')}
        className="max-w-52"
      >
        <NumberInput
          value={values.candle_buffer_sec}
          onChange={(candle_buffer_sec) => set({ candle_buffer_sec })}
          min={0}
          placeholder="0"
          unit={t('unit_s')}
        />
      </Field>
    </div>
  );
}

/** Once a session, beside its open or close. */
export function SessionFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  return (
    <div className="flex flex-wrap gap-4">
      <Field
        id={fieldId('session')}
        label={t('anchor')}
        error={editor.errorOf('session') ?? editor.errorOf('session.anchor')}
        className="w-56"
      >
        <Select
          value={values.session_anchor}
          onChange={(session_anchor) => set({ session_anchor })}
          options={anchors.map((value) => ({ value, label: t(`anchor_${value}`) }))}
        />
      </Field>
      <Field
        id={fieldId('session.offset_min')}
        label={t('offset')}
        hint={t('offset_hint')}
        error={editor.errorOf('session.offset_min')}
        className="max-w-52"
      >
        <NumberInput
          value={values.session_offset_min}
          onChange={(session_offset_min) => set({ session_offset_min })}
          min={-720}
          max={720}
          placeholder="0"
          unit={t('unit_min')}
        />
      </Field>
    </div>
  );
}

/** The calendar a schedule keeps, what it does on closed days, and the hours it is held to. */
export function CalendarFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  const known = useQuery({
    queryKey: jobKeys.calendars(editor.scope),
    queryFn: ({ signal }) => fetchCalendars(editor.scope, signal),
    staleTime: 300_000,
  });
  const ids = known.data?.calendars.map((calendar) => calendar.id) ?? [...builtinCalendars];
  const all = values.calendar === null || ids.includes(values.calendar) ? ids : [...ids, values.calendar];
  const service = values.schedule === 'service';
  const bySession =
    values.schedule === 'candle' ||
    values.schedule === 'session' ||
    (service && values.window_kind !== 'hours');
  return (
    <>
      <div className="flex flex-wrap gap-4">
        <Field
          id={fieldId('calendar')}
          label={t('calendar')}
          hint={t('calendar_hint')}
          required={values.schedule === 'session'}
          error={editor.errorOf('calendar')}
          className="w-56"
        >
          <Select
            value={values.calendar ?? none}
            onChange={(id) => set({ calendar: id === none ? null : id })}
            options={[none, ...all].map((id) => ({
              value: id,
              label: id === none ? t('calendar_none') : t.has(`calendar_${id}`) ? t(`calendar_${id}`) : id,
            }))}
          />
        </Field>
        {values.calendar === null || bySession ? null : (
          <Field id={fieldId('on_closed')} label={t('on_closed')} className="w-44">
            <Select
              value={values.on_closed}
              onChange={(on_closed) => set({ on_closed })}
              options={(['skip', 'run'] as const).map((value) => ({ value, label: t(`on_closed_${value}`) }))}
            />
          </Field>
        )}
      </div>
      <div className="flex flex-col items-start gap-1">
        <p aria-hidden className="text-xs font-medium">
          {t(service ? 'service_hours' : 'window')}
        </p>
        {service ? <ServiceHours editor={editor} /> : <WindowKind editor={editor} />}
        {values.window_kind === 'hours' ? (
          <Field
            id={fieldId('window')}
            label={t('window')}
            hint={t(service ? 'service_window_hint' : 'window_hint')}
            required
            error={editor.errorOf('window')}
            className="max-w-52"
          >
            <Input
              className="font-mono"
              placeholder="09:00-15:30"
              autoComplete="off"
              value={values.window_hours}
              onChange={(event) => set({ window_hours: event.target.value })}
            />
          </Field>
        ) : null}
      </div>
    </>
  );
}

function WindowKind({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  return (
    <Segmented
      label={t('window')}
      value={values.window_kind}
      onChange={(window_kind) => set({ window_kind })}
      options={(['none', 'session', 'hours'] as const).map((value) => ({
        value,
        label: t(`window_${value}`),
        disabled: value === 'session' && values.calendar === null,
      }))}
    />
  );
}

/** A service runs all session of its calendar, all day without one, or in hours of its own. */
function ServiceHours({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.editor');
  const { values, set } = editor;
  const whole = values.calendar === null || values.calendar === 'CRYPTO' ? 'service_day' : 'service_session';
  return (
    <Segmented
      label={t('service_hours')}
      value={values.window_kind === 'hours' ? 'hours' : 'none'}
      onChange={(window_kind) => set({ window_kind })}
      options={[
        { value: 'none', label: t(whole) },
        { value: 'hours', label: t('window_hours') },
      ]}
    />
  );
}
