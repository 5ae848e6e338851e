'use client';

import { useLocale, useTranslations } from 'use-intl';
import type { PreviewView } from '#domain/jobs/view.ts';
import { Reason } from '#components/i18n/reason.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { wallTime } from '#components/ui/time-format.ts';

interface Row {
  readonly key: string;
  readonly at: string | null;
  readonly date: string;
  readonly fire?: PreviewView['fires'][number];
  readonly skip?: PreviewView['skipped'][number];
}

/** Skipped dates shown of a schedule that never fires. */
const skipsWithoutFires = 5;

/** Within a day: what leaves out the day, its fires, then the times past its window. */
function orderOf(row: Row): string {
  return row.at ?? (row.skip?.reason.code === 'outside_window' ? 'z' : '');
}

/** Fires and skipped dates in one order of time; skips beyond the last fire are left out. */
function rowsOf(preview: PreviewView, zone: string): readonly Row[] {
  const fires = preview.fires.map((fire): Row => ({
    key: fire.at,
    at: fire.at,
    date: wallTime(new Date(fire.at), zone).date,
    fire,
  }));
  const last = fires.at(-1)?.date ?? '9999';
  const skips = preview.skipped
    .filter((skip) => skip.date <= last)
    .map((skip): Row => ({ key: `skip ${skip.date} ${skip.reason.code}`, at: null, date: skip.date, skip }));
  return [...fires, ...skips].sort(
    (a, b) => a.date.localeCompare(b.date) || orderOf(a).localeCompare(orderOf(b)),
  );
}

/** The next fires on the wall of a zone, each with its weekday and trading day, and the dates left out with the reason. */
export function FireList({ preview, zone }: { readonly preview: PreviewView; readonly zone: string }) {
  const t = useTranslations('jobs.preview');
  const locale = useLocale();
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const every = rowsOf(preview, zone);
  const rows = preview.fires.length === 0 ? every.slice(0, skipsWithoutFires) : every;
  if (rows.length === 0) return <p className="text-xs text-ink-3">{t('no_fires')}</p>;
  const zoneName = wallTime(new Date(preview.fires[0]?.at ?? 0), zone).zone;
  return (
    <table className="w-full text-xs">
      <caption className="sr-only">{t('title')}</caption>
      <thead>
        <tr className="text-left text-2xs text-ink-3 *:h-6 *:font-medium">
          <th scope="col">
            {t(preview.fires[0]?.until == null ? 'time' : 'time_service', { zone: zoneName })}
          </th>
          <th scope="col">{t('in')}</th>
          <th scope="col" className="text-right">
            {t('trading_day')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={row.key} className="*:h-6 *:border-t *:border-hairline">
            <td className="pr-3 whitespace-nowrap">
              <span className={rows[index - 1]?.date === row.date ? 'text-ink-3' : ''}>
                {row.date.slice(5)} {weekday.format(new Date(`${row.date}T00:00:00Z`))}
              </span>
              {row.at === null ? null : (
                <span className="ml-2 font-medium tabular-nums">
                  {shortTime(row.at, zone)}
                  {row.fire?.until == null ? null : `–${shortTime(row.fire.until, zone)}`}
                </span>
              )}
            </td>
            {row.skip === undefined ? (
              <>
                <td className="text-ink-3">
                  {row.at === null ? null : <RelativeTime at={row.at} zone={zone} />}
                </td>
                <td className="text-right text-ink-2">{row.fire?.trading_day.slice(5)}</td>
              </>
            ) : (
              <td colSpan={2} className="text-warning">
                {t(`skip_${skipKind(row.skip.reason.code)}`)}{' '}
                <Reason code={row.skip.reason.code} params={row.skip.reason.params} />
              </td>
            )}
          </tr>
        ))}
        {preview.fires.length > 0 ? null : (
          <tr className="*:h-6 *:border-t *:border-hairline">
            <td colSpan={3} className="text-ink-2">
              {t('no_fires')}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** A moved or single fire still fires; only a missing one is left out. */
function skipKind(code: string): 'note' | 'none' {
  return code === 'dst_moved' || code === 'dst_once' ? 'note' : 'none';
}

function shortTime(at: string, zone: string): string {
  const { time } = wallTime(new Date(at), zone);
  return time.endsWith(':00') ? time.slice(0, 5) : time;
}
