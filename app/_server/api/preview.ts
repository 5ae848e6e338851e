import type { PreviewView } from '#domain/jobs/view.ts';
import { previewFires } from '#domain/time/preview.ts';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import { type Schedule } from '#domain/time/schedule.ts';
import { describeSchedule } from '#domain/time/words.ts';

/** The next fires of a schedule, the dates it leaves out or bends around, and the schedule in words. */
export function previewOf(
  schedule: Schedule,
  calendar: Calendar | null,
  zone: string,
  { from, count }: { readonly from: Date; readonly count: number },
): PreviewView {
  const { fires, skipped } = previewFires(schedule, { from, count, zone, calendar });
  return {
    words: { ko: describeSchedule(schedule, 'ko'), en: describeSchedule(schedule, 'en') },
    fires: fires.map(({ at, trading_day, until }) => ({
      at: at.toISOString(),
      trading_day,
      until: until?.toISOString() ?? null,
    })),
    skipped: skipped.map(({ date, reason }) => ({
      date,
      reason: {
        code: reason.code,
        params: Object.fromEntries(
          Object.entries(reason.params).map(([name, value]) => [
            name,
            typeof value === 'number' ? value : Array.isArray(value) ? value.join(', ') : String(value),
          ]),
        ),
      },
    })),
  };
}
