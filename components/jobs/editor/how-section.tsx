'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { NumberInput } from '#components/ui/number-input.tsx';
import { RadioList, Segmented } from '#components/ui/segmented.tsx';
import { Select } from '#components/ui/select.tsx';
import { failingLimit } from '#domain/runs/service.ts';
import { useDurationText } from '#components/ui/time.tsx';
import { priorityNames } from '#components/jobs/priority-mark.tsx';
import { Section } from '#components/jobs/editor/section.tsx';
import { fieldId } from '#components/jobs/editor/use-editor.ts';
import type { Editor } from '#components/jobs/editor/use-editor.ts';
import { fieldDefaults, numberFields } from '#components/jobs/editor/values.ts';
import type { NumberField } from '#components/jobs/editor/values.ts';
import { QueueField } from '#components/jobs/editor/what-section.tsx';

export interface GroupChoice {
  readonly name: string;
  readonly capacity: number;
}

interface HowProps {
  readonly editor: Editor;
  readonly groups: readonly GroupChoice[];
}

const openFor = [
  ...numberFields,
  'priority',
  'overlap',
  'misfire',
  'resource_group',
  'locks',
  'critical',
  'telemetry_label',
  'queue',
];

/** How runs are limited, repeated and kept: a sentence, and the fields on request. */
export function HowSection({ editor, groups }: HowProps) {
  const t = useTranslations('jobs.editor');
  const [open, setOpen] = useState(false);
  const wrong = openFor.some((field) => editor.errorOf(field) !== undefined);
  const [wasWrong, setWasWrong] = useState(false);
  if (wrong !== wasWrong) {
    setWasWrong(wrong);
    if (wrong) setOpen(true);
  }
  return (
    <Section title={t('how')} hint={t('how_hint')}>
      <Summary editor={editor} />
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="touch inline-flex items-center gap-1 self-start text-sm font-medium text-accent"
      >
        <ChevronRight aria-hidden className={cn('size-4 transition-transform', open && 'rotate-90')} />
        {t(open ? 'how_close' : 'how_open')}
      </button>
      {open ? <HowFields editor={editor} groups={groups} /> : null}
    </Section>
  );
}

function Summary({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.how');
  const common = useTranslations('common');
  const duration = useDurationText();
  const { values } = editor;
  const number = (field: NumberField) => values[field] ?? fieldDefaults[field];
  const seconds = (field: NumberField) => duration(number(field) * 1_000);
  const retries = number('retry_limit');
  const retrying = {
    count: retries,
    delay: seconds('retry_delay_sec'),
    most: seconds('retry_max_delay_sec'),
  };
  const priority = t('summary_priority', {
    priority: t(`priority_${priorityNames[values.priority] ?? 'medium'}`),
    group: values.resource_group ?? common('none'),
  });
  if (values.schedule === 'service')
    return (
      <p className="text-sm text-ink-2">
        {[
          t('summary_service_tick', { timeout: seconds('timeout_sec') }),
          t('summary_service_failing', { ...retrying, ticks: failingLimit(retries) }),
          t('service_room'),
          priority,
        ].join(' ')}
      </p>
    );
  return (
    <p className="text-sm text-ink-2">
      {[
        t('summary_timeout', { timeout: seconds('timeout_sec') }),
        t('summary_retries', retrying),
        t(`summary_overlap_${values.overlap}`, { count: number('max_parallel') }),
        t(`summary_misfire_${values.misfire}`),
        priority,
      ].join(' ')}
    </p>
  );
}

function HowFields({ editor, groups }: HowProps) {
  const t = useTranslations('jobs.how');
  const { values, set, errorOf } = editor;
  const service = values.schedule === 'service';
  return (
    <div className="flex flex-col gap-6">
      <Grid>
        <NumberOf editor={editor} field="timeout_sec" min={1} unit="s" />
        <NumberOf editor={editor} field="retry_limit" min={0} max={100} />
        <NumberOf editor={editor} field="retry_delay_sec" min={1} unit="s" />
        <NumberOf editor={editor} field="retry_max_delay_sec" min={1} unit="s" />
        <NumberOf editor={editor} field="retry_jitter" min={0} max={1} step={0.1} />
        {service ? null : <NumberOf editor={editor} field="max_parallel" min={1} max={100} />}
      </Grid>
      {service ? null : <ConflictFields editor={editor} />}
      <div>
        <p className="mb-1 text-xs font-medium text-ink-2">{t('priority')}</p>
        <Segmented
          label={t('priority')}
          value={priorityNames[values.priority] ?? 'medium'}
          onChange={(name) => set({ priority: priorityNames.indexOf(name) })}
          options={priorityNames.map((value) => ({ value, label: t(`priority_${value}`) }))}
        />
        <p className="mt-1 text-xs text-ink-3">{t('priority_hint')}</p>
      </div>
      <LockFields editor={editor} />
      <Grid>
        <Field
          id={fieldId('resource_group')}
          label={t('resource_group')}
          hint={service ? `${t('resource_group_hint')} ${t('service_room')}` : t('resource_group_hint')}
          error={errorOf('resource_group')}
        >
          <Select
            value={values.resource_group ?? '-'}
            onChange={(name) => set({ resource_group: name === '-' ? null : name })}
            options={[
              { value: '-', label: t('no_group') },
              ...groups.map(({ name, capacity }) => ({
                value: name,
                label: t('group_of', { name, capacity }),
              })),
            ]}
          />
        </Field>
        <NumberOf editor={editor} field="keep_runs" min={1} />
        <Field
          id={fieldId('telemetry_label')}
          label={t('telemetry_label')}
          hint={t('telemetry_label_hint')}
          optional
          error={errorOf('telemetry_label')}
        >
          <Input
            value={values.telemetry_label}
            onChange={(event) => set({ telemetry_label: event.target.value })}
          />
        </Field>
      </Grid>
      {values.task === 'external' ? null : <QueueField editor={editor} />}
    </div>
  );
}

/** What becomes of a fire that meets an open run, or that was missed. */
function ConflictFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.how');
  const { values, set } = editor;
  return (
    <div className="grid gap-6 md:grid-cols-2">
      <div>
        <p className="mb-1 text-xs font-medium text-ink-2">{t('overlap')}</p>
        <RadioList
          label={t('overlap')}
          value={values.overlap}
          onChange={(overlap) => set({ overlap })}
          options={(['skip', 'queue', 'cancel_previous'] as const).map((value) => ({
            value,
            label: t(`overlap_${value}`),
            hint: t(`overlap_${value}_hint`),
          }))}
        />
      </div>
      <div className="flex flex-col gap-4">
        <div>
          <p className="mb-1 text-xs font-medium text-ink-2">{t('misfire')}</p>
          <RadioList
            label={t('misfire')}
            value={values.misfire}
            onChange={(misfire) => set({ misfire })}
            options={(['skip', 'run_latest', 'run_all'] as const).map((value) => ({
              value,
              label: t(`misfire_${value}`),
              hint: t(`misfire_${value}_hint`),
            }))}
          />
        </div>
        <NumberOf editor={editor} field="misfire_grace_sec" min={1} unit="s" />
      </div>
    </div>
  );
}

function LockFields({ editor }: { readonly editor: Editor }) {
  const t = useTranslations('jobs.how');
  const { values, set } = editor;
  return (
    <Grid>
      {values.schedule === 'service' ? null : (
        <>
          <Field
            id={fieldId('locks')}
            label={t('locks')}
            hint={t('locks_hint')}
            optional
            error={editor.errorOf('locks')}
          >
            <Input
              value={values.locks}
              onChange={(event) => set({ locks: event.target.value })}
              placeholder="trading_cycle"
              autoComplete="off"
              spellCheck={false}
            />
          </Field>
          <NumberOf editor={editor} field="lock_wait_sec" min={0} unit="s" />
          <NumberOf editor={editor} field="lock_timeout_sec" min={1} unit="s" />
        </>
      )}
      <label className="touch flex items-start gap-2 text-sm">
        <Checkbox
          checked={values.critical}
          onCheckedChange={(checked) => set({ critical: checked === true })}
        />
        <span>
          {t('critical')}
          <span className="block text-xs text-ink-3">{t('critical_hint')}</span>
        </span>
      </label>
    </Grid>
  );
}

function Grid({ children }: { readonly children: ReactNode }) {
  return <div className="grid items-start gap-4 sm:grid-cols-2 xl:grid-cols-3">{children}</div>;
}

interface NumberFieldProps {
  readonly editor: Editor;
  readonly field: NumberField;
  readonly min: number;
  readonly max?: number;
  readonly step?: number;
  readonly unit?: 's';
}

function NumberOf({ editor, field, min, max, step, unit }: NumberFieldProps) {
  const t = useTranslations('jobs.how');
  const value = editor.values[field];
  const ofService = `service_${field}_hint`;
  const hint = editor.values.schedule === 'service' && t.has(ofService) ? ofService : `${field}_hint`;
  return (
    <Field id={fieldId(field)} label={t(field)} hint={t(hint)} error={editor.errorOf(field)}>
      <NumberInput
        value={value}
        onChange={(next) => editor.set({ [field]: next })}
        min={min}
        placeholder={String(fieldDefaults[field])}
        {...(max === undefined ? {} : { max })}
        {...(step === undefined ? {} : { step })}
        {...(unit === undefined ? {} : { unit: t('unit_s') })}
      />
    </Field>
  );
}
