'use client';

/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role --
   as cards (display: grid) some browsers drop the meaning of table elements; the roles keep it. */

import type { ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';

export interface ReportColumn<Row> {
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'end';
  /** Heads a card at phone width. */
  readonly head?: true;
  readonly className?: string;
}

interface ReportTableProps<Row> {
  readonly caption: string;
  readonly columns: readonly ReportColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** A closing line, one cell a column. */
  readonly total?: readonly ReactNode[];
}

const phone = {
  table: '[@media_screen_and_(width<48rem)]:block',
  head: '[@media_screen_and_(width<48rem)]:hidden',
  row: '[@media_screen_and_(width<48rem)]:mb-2 [@media_screen_and_(width<48rem)]:grid [@media_screen_and_(width<48rem)]:grid-cols-2 [@media_screen_and_(width<48rem)]:gap-x-4 [@media_screen_and_(width<48rem)]:gap-y-1 [@media_screen_and_(width<48rem)]:rounded-lg [@media_screen_and_(width<48rem)]:border [@media_screen_and_(width<48rem)]:border-hairline [@media_screen_and_(width<48rem)]:bg-surface [@media_screen_and_(width<48rem)]:p-3',
  cell: '[@media_screen_and_(width<48rem)]:border-0 [@media_screen_and_(width<48rem)]:p-0 [@media_screen_and_(width<48rem)]:text-left [@media_screen_and_(width<48rem)]:before:block [@media_screen_and_(width<48rem)]:before:text-2xs [@media_screen_and_(width<48rem)]:before:text-ink-3 [@media_screen_and_(width<48rem)]:before:content-[attr(data-label)]',
  first:
    '[@media_screen_and_(width<48rem)]:col-span-2 [@media_screen_and_(width<48rem)]:font-medium [@media_screen_and_(width<48rem)]:before:hidden',
};

/** A table that stays one on paper, however narrow the page; on a phone's screen its rows are cards. */
export function ReportTable<Row>({ caption, columns, rows, rowId, total }: ReportTableProps<Row>) {
  return (
    <table
      role="table"
      className={cn('w-full border-separate border-spacing-0 text-sm print:text-[8pt]', phone.table)}
    >
      <caption className="sr-only">{caption}</caption>
      <thead role="rowgroup" className={phone.head}>
        <tr role="row">
          {columns.map(({ label, align, className }) => (
            <th
              role="columnheader"
              scope="col"
              key={label}
              className={cn(
                'h-8 border-b border-border px-2 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-0 last:pr-0 print:h-6 print:px-1 print:text-[7.5pt] print:leading-tight print:whitespace-normal',
                align === 'end' ? 'text-right' : 'text-left',
                className,
              )}
            >
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className={phone.table}>
        {rows.map((row) => (
          <tr role="row" key={rowId(row)} className={cn('break-inside-avoid', phone.row)}>
            {columns.map(({ label, cell, align, head, className }) => (
              <td
                role="cell"
                key={label}
                data-label={label}
                className={cn(
                  'h-8 border-b border-hairline px-2 py-1 align-middle first:pl-0 last:pr-0 print:h-5 print:px-1 print:py-0.5',
                  align === 'end' && 'text-right',
                  '[@media_screen_and_(width<48rem)]:h-auto',
                  phone.cell,
                  head === true && phone.first,
                  className,
                )}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {total === undefined ? null : (
        <tfoot role="rowgroup" className={phone.head}>
          <tr role="row">
            {columns.map(({ label, align, className }, index) => (
              <td
                role="cell"
                key={label}
                className={cn(
                  'h-8 px-2 font-medium first:pl-0 last:pr-0 print:h-6 print:px-1',
                  align === 'end' && 'text-right',
                  className,
                )}
              >
                {total[index]}
              </td>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}
