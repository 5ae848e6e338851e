'use client';

import { useLocale } from 'use-intl';
import { describeSchedule } from '#domain/time/words.ts';
import type { Schedule } from '#domain/time/schedule.ts';
import { scheduleOf } from '#domain/time/schedule.ts';
import type { JobView } from '#domain/jobs/view.ts';

type Scheduled = Omit<Parameters<typeof scheduleOf>[0], 'schedule_anchor'> & Pick<JobView, 'schedule_anchor'>;

/** The schedule of a job for its words; its fires come from the server, which knows the calendar. */
export function scheduleOfJob(job: Scheduled): Schedule {
  return scheduleOf({ ...job, schedule_anchor: new Date(job.schedule_anchor) }, null);
}

/** A job's schedule as a sentence in the reader's language; the expression itself on hover. */
export function ScheduleWords({ job, className }: { readonly job: Scheduled; readonly className?: string }) {
  const words = useScheduleWords();
  const exact = job.reschedule_mode === 'scheduler' ? job.cron_expr : null;
  return (
    <span className={className} title={exact === null ? undefined : `${exact} · ${job.time_zone}`}>
      {words(scheduleOfJob(job))}
    </span>
  );
}

export function useScheduleWords(): (schedule: Schedule) => string {
  const locale = useLocale();
  return (schedule) => describeSchedule(schedule, locale === 'ko' ? 'ko' : 'en');
}
