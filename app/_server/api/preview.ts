import type { PreviewView } from '#domain/jobs/view.ts';
import { previewFires } from '#domain/time/preview.ts';
import { type Schedule } from '#domain/time/schedule.ts';
import { describeSchedule } from '#domain/time/words.ts';

/** The next fires of a schedule, the dates it bends around, and the schedule in words. */
export function previewOf(schedule: Schedule, zone: string, from: Date, count: number): PreviewView {
  const { fires, skipped } = previewFires(schedule, { from, count, zone });
  return {
    words: { ko: describeSchedule(schedule, 'ko'), en: describeSchedule(schedule, 'en') },
    fires: fires.map(({ at, trading_day }) => ({ at: at.toISOString(), trading_day })),
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
