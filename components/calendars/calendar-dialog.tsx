'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import {
  type CalendarDefinition,
  type Weekday,
  calendarDefinition,
  weekdays,
} from '#domain/time/calendar/definition.ts';
import type { CalendarView } from '#domain/time/calendar/view.ts';
import { useSubmit } from '#components/access/form.ts';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { toast } from '#components/ui/toast.tsx';
import { removeCalendar, saveCalendar } from './queries.ts';

const week: readonly Weekday[] = [...weekdays.slice(1), 'sun'];

/** A weekday's hours as they are typed; `on`: the day is open. */
interface Hours {
  readonly on: boolean;
  readonly open: string;
  readonly close: string;
  /** Empty: no closing auction. */
  readonly auction: string;
}
type Draft = Readonly<Record<Weekday, Hours>>;

function draftOf(definition: CalendarDefinition | null): Draft {
  const of = (day: Weekday): Hours => {
    const given = definition === null ? null : definition.sessions[day];
    const usual = day !== 'sat' && day !== 'sun';
    if (given === null)
      return { on: definition === null && usual, open: '09:00', close: '15:30', auction: '' };
    return { on: true, open: given.open, close: given.close, auction: given.continuous_close ?? '' };
  };
  const entries = weekdays.map((day) => [day, of(day)] as const);
  return Object.fromEntries(entries) as Record<Weekday, Hours>;
}

function sessionsOf(draft: Draft) {
  return Object.fromEntries(
    weekdays.map((day) => {
      const { on, open, close, auction } = draft[day];
      return [day, on ? { open, close, continuous_close: auction === '' ? null : auction } : null];
    }),
  );
}

interface CalendarDialogProps {
  readonly scope: string;
  /** null for a new one. */
  readonly calendar: CalendarView | null;
  /** With the calendar to show next; null after it was deleted. */
  readonly onClose: (shown?: string | null) => void;
}

/** A calendar of the desk's own: its hours of each weekday. */
export function CalendarDialog({ scope, calendar, onClose }: CalendarDialogProps) {
  const t = useTranslations('calendars.own');
  const common = useTranslations('common');
  const client = useQueryClient();
  const submit = useSubmit();
  const [id, setId] = useState(calendar?.id ?? '');
  const [description, setDescription] = useState(calendar?.definition?.description ?? '');
  const [zone, setZone] = useState(calendar?.time_zone ?? 'Asia/Seoul');
  const [draft, setDraft] = useState(() => draftOf(calendar?.definition ?? null));
  const [deleting, setDeleting] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: [scope, 'calendars'] });
  const save = async () => {
    const parsed = calendarDefinition.safeParse({
      description,
      time_zone: zone,
      sessions: sessionsOf(draft),
    });
    const zoneBad = parsed.error?.issues.some(({ path }) => path[0] === 'time_zone') === true;
    const weekBad = parsed.error?.issues.some(({ path }) => path[0] === 'sessions') === true;
    const faults = {
      calendar: /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(id) ? undefined : t('id_bad'),
      time_zone: zoneBad ? t('zone_bad') : undefined,
      sessions: weekBad ? t('week_bad') : undefined,
    };
    const done = await submit.run(faults, async () => {
      if (parsed.success) await saveCalendar(scope, id, parsed.data);
    });
    if (!done) return;
    toast.success(t('saved', { calendar: id }));
    void refresh();
    void client.invalidateQueries({ queryKey: [scope, 'runs'] });
    onClose(id);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={calendar === null ? t('new_title') : t('edit_title', { calendar: calendar.id })}
      description={t('description')}
      footer={
        <>
          {calendar === null ? null : (
            <Button variant="danger-ghost" className="mr-auto" onClick={() => setDeleting(true)}>
              {common('delete')}
            </Button>
          )}
          <Button onClick={() => onClose()}>{common('cancel')}</Button>
          <Button variant="primary" busy={submit.busy} onClick={() => void save()}>
            {common('save')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={t('id')} hint={t('id_hint')} error={submit.fields['calendar']} required>
          <Input value={id} disabled={calendar !== null} onChange={(event) => setId(event.target.value)} />
        </Field>
        <Field label={t('about')} optional>
          <Input value={description} onChange={(event) => setDescription(event.target.value)} />
        </Field>
        <Field label={t('zone')} hint={t('zone_hint')} error={submit.fields['time_zone']}>
          <Input value={zone} onChange={(event) => setZone(event.target.value)} spellCheck={false} />
        </Field>
        <Week
          draft={draft}
          error={submit.fields['sessions']}
          onChange={(day, hours) =>
            setDraft((before) => ({ ...before, [day]: { ...before[day], ...hours } }))
          }
        />
        {submit.message === null ? null : (
          <p role="alert" className="text-sm text-danger">
            {submit.message}
          </p>
        )}
      </div>
      {calendar === null ? null : (
        <ConfirmDialog
          open={deleting}
          onOpenChange={setDeleting}
          title={t('delete_title', { calendar: calendar.id })}
          consequences={t('delete_text')}
          verb={common('delete')}
          danger
          onConfirm={async () => {
            await removeCalendar(scope, calendar.id);
            toast.success(t('deleted', { calendar: calendar.id }));
            onClose(null);
            void refresh();
          }}
        />
      )}
    </Dialog>
  );
}

/** The hours of each weekday. */
function Week({
  draft,
  error,
  onChange,
}: {
  readonly draft: Draft;
  readonly error: string | undefined;
  readonly onChange: (day: Weekday, hours: Partial<Hours>) => void;
}) {
  const t = useTranslations('calendars.own');
  const columns = ['open', 'close', 'auction'] as const;
  return (
    <div className="overflow-x-auto">
      <table className="w-full text-xs">
        <caption className="pb-1 text-left font-medium text-ink-2">{t('week')}</caption>
        <thead>
          <tr className="text-left text-2xs text-ink-3">
            <th scope="col" className="font-medium">
              {t('weekday')}
            </th>
            {columns.map((column) => (
              <th key={column} scope="col" className="font-medium">
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {week.map((day) => (
            <tr key={day}>
              <th scope="row" className="pr-2 text-left font-normal">
                <label className="flex min-h-(--touch) items-center gap-2">
                  <Checkbox
                    aria-label={t(`days.${day}`)}
                    checked={draft[day].on}
                    onCheckedChange={(on) => onChange(day, { on: on === true })}
                  />
                  {t(`days.${day}`)}
                </label>
              </th>
              {columns.map((column) => (
                <td key={column} className="py-0.5 pr-1">
                  <Input
                    type="time"
                    aria-label={t('hours_of', { day: t(`days.${day}`), what: t(column) })}
                    disabled={!draft[day].on}
                    value={draft[day][column]}
                    onChange={(event) => onChange(day, { [column]: event.target.value })}
                    className="min-w-24 px-1.5"
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="pt-1 text-2xs text-ink-3">{t('week_hint')}</p>
      {error === undefined ? null : (
        <p role="alert" className="pt-1 text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}
