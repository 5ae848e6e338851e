'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ChangedJob } from '#domain/time/calendar/counts.ts';
import { type CalendarException, calendarException } from '#domain/time/calendar/definition.ts';
import type { CalendarDayView } from '#domain/time/calendar/view.ts';
import { useSubmit } from '#components/access/form.ts';
import { useDebounced } from '#components/jobs/use-debounced.ts';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { RadioList } from '#components/ui/segmented.tsx';
import { Time } from '#components/ui/time.tsx';
import { formatTime } from '#components/ui/time-format.ts';
import { toast } from '#components/ui/toast.tsx';
import { changeQuery, removeException, saveException } from './queries.ts';

const kinds = ['closed', 'hours', 'usual'] as const;
type Kind = (typeof kinds)[number];

interface Draft {
  readonly kind: Kind;
  readonly name: string;
  readonly open: string;
  readonly close: string;
}

function draftOf(day: CalendarDayView, zone: string): Draft {
  const time = (text: string) => formatTime(new Date(text), zone, 'time').slice(0, 5);
  const open = day.kind === 'open' ? time(day.open) : '09:00';
  const close = day.kind === 'open' ? time(day.close) : '15:30';
  const given = day.exception;
  if (given === null) return { kind: day.kind === 'open' ? 'closed' : 'hours', name: '', open, close };
  return {
    kind: given.closed ? 'closed' : 'hours',
    name: given.name,
    open: given.open ?? open,
    close: given.close ?? close,
  };
}

/** What the draft amounts to: an exception, none (null), or not yet anything (undefined). */
function exceptionOf(draft: Draft): CalendarException | null | undefined {
  if (draft.kind === 'usual') return null;
  const given =
    draft.kind === 'closed'
      ? { closed: true, name: draft.name }
      : { closed: false, name: draft.name, open: draft.open, close: draft.close };
  const parsed = calendarException.safeParse(given);
  return parsed.success ? parsed.data : undefined;
}

interface ExceptionDialogProps {
  readonly scope: string;
  readonly calendar: string;
  readonly zone: string;
  readonly day: CalendarDayView;
  readonly onClose: () => void;
}

/** Closes a day, gives it other hours or takes that back, and says before which jobs that moves. */
export function ExceptionDialog({ scope, calendar, zone, day, onClose }: ExceptionDialogProps) {
  const t = useTranslations('calendars.exception');
  const common = useTranslations('common');
  const client = useQueryClient();
  const submit = useSubmit();
  const [draft, setDraft] = useState(() => draftOf(day, zone));
  const set = (next: Partial<Draft>) => setDraft((before) => ({ ...before, ...next }));
  const exception = exceptionOf(draft);
  const save = async () => {
    if (exception === undefined) return;
    const done = await submit.run({}, () =>
      exception === null
        ? removeException(scope, calendar, day.date)
        : saveException(scope, calendar, day.date, exception),
    );
    if (!done) return;
    toast.success(t(exception === null ? 'removed' : 'saved', { date: day.date }));
    void client.invalidateQueries({ queryKey: [scope, 'calendars'] });
    void client.invalidateQueries({ queryKey: [scope, 'runs'] });
    onClose();
  };
  const offered = kinds.filter((kind) => kind !== 'usual' || day.exception !== null);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t('title', { date: day.date, calendar })}
      description={t('description')}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant={draft.kind === 'closed' ? 'danger' : 'primary'}
            busy={submit.busy}
            disabled={exception === undefined}
            onClick={() => void save()}
          >
            {t(`verb.${draft.kind}`)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <RadioList
          label={t('kind')}
          value={draft.kind}
          onChange={(kind: Kind) => set({ kind })}
          options={offered.map((kind) => ({
            value: kind,
            label: t(`kinds.${kind}`),
            hint: t(`hints.${kind}`),
          }))}
        />
        {draft.kind === 'hours' ? (
          <div className="grid grid-cols-2 gap-3">
            <Field label={t('opens', { zone })} error={submit.fields['open']}>
              <Input type="time" value={draft.open} onChange={(event) => set({ open: event.target.value })} />
            </Field>
            <Field label={t('closes')} error={submit.fields['close']}>
              <Input
                type="time"
                value={draft.close}
                onChange={(event) => set({ close: event.target.value })}
              />
            </Field>
          </div>
        ) : null}
        {draft.kind === 'usual' ? null : (
          <Field label={t('name')} hint={t('name_hint')} error={submit.fields['name']}>
            <Input
              value={draft.name}
              maxLength={100}
              onChange={(event) => set({ name: event.target.value })}
            />
          </Field>
        )}
        <Consequences scope={scope} calendar={calendar} date={day.date} exception={exception} zone={zone} />
        {submit.message === null ? null : (
          <p role="alert" className="text-sm text-danger">
            {submit.message}
          </p>
        )}
      </div>
    </Dialog>
  );
}

interface ConsequencesProps {
  readonly scope: string;
  readonly calendar: string;
  readonly date: string;
  readonly exception: CalendarException | null | undefined;
  readonly zone: string;
}

/** Which jobs' fires the change moves, asked of the server and not made. */
function Consequences({ scope, calendar, date, exception, zone }: ConsequencesProps) {
  const t = useTranslations('calendars.exception');
  const settled = useDebounced(JSON.stringify(exception ?? null), 250);
  const asked = calendarException.nullable().safeParse(JSON.parse(settled));
  const query = useQuery({
    ...changeQuery(scope, calendar, date, asked.success ? asked.data : null),
    enabled: exception !== undefined && asked.success,
  });
  if (exception === undefined) return <p className="text-xs text-ink-3">{t('incomplete')}</p>;
  const { data } = query;
  return (
    <section aria-label={t('consequences')} aria-busy={query.isFetching} className="rounded-md bg-sunken p-3">
      <h3 className="text-xs font-semibold">
        {data === undefined ? t('consequences') : t('moves', { count: data.changed.length })}
      </h3>
      {data === undefined ? null : (
        <>
          <ul className="max-h-52 overflow-y-auto pt-1">
            {data.changed.map((job) => (
              <Moved key={job.job_id} job={job} zone={zone} />
            ))}
          </ul>
          <p className="pt-1 text-2xs text-ink-3">{t('unchanged', { count: data.unchanged })}</p>
        </>
      )}
    </section>
  );
}

function Moved({ job, zone }: { readonly job: ChangedJob; readonly zone: string }) {
  const t = useTranslations('calendars.exception');
  const moved = job.next_before !== job.next_after;
  return (
    <li className="flex flex-col border-t border-hairline py-1 text-xs first:border-0">
      <span className="flex justify-between gap-2">
        <span className="truncate font-medium">{job.job_id}</span>
        <span className="shrink-0 text-ink-2 tabular-nums">
          {t('fires', { before: job.fires_before.count, after: job.fires_after.count })}
        </span>
      </span>
      {moved ? (
        <span className="text-2xs text-ink-2">
          {t('next')} <At at={job.next_before} zone={zone} /> → <At at={job.next_after} zone={zone} />
        </span>
      ) : null}
    </li>
  );
}

function At({ at, zone }: { readonly at: string | null; readonly zone: string }) {
  const t = useTranslations('calendars.exception');
  return at === null ? <>{t('never')}</> : <Time at={at} zone={zone} style="minute" bare />;
}
