'use client';

/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role --
   as cards (display: grid) some browsers drop the meaning of table elements; the roles keep it. */

import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '#components/ui/cn.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';

/** How a column looks. */
export interface ColumnLook {
  /** Numbers and durations at the end, so that their digits line up. */
  readonly align?: 'start' | 'end' | 'center';
  /** Written before the value in a card at phone width. */
  readonly cardLabel?: string;
  /** In a card: 1 heads it, 2 (default) has a line, 3 is left out. */
  readonly priority?: 1 | 2 | 3;
  /** A CSS width; one column without takes what is left. */
  readonly width?: string;
  readonly className?: string;
}

const aligned = { start: 'text-left', end: 'text-right', center: 'text-center' };

export const rowStyle =
  'group ring-inset-focus relative transition-colors hover:bg-hover focus-visible:bg-hover aria-selected:bg-selected data-open:bg-selected max-md:relative max-md:mb-2 max-md:grid max-md:grid-cols-2 max-md:gap-x-4 max-md:gap-y-1 max-md:rounded-lg max-md:border max-md:border-hairline max-md:bg-surface max-md:p-3';

export const selectCellStyle =
  'w-9 py-0 pl-2.5 pr-1 align-middle md:border-b md:border-hairline max-md:absolute max-md:top-3 max-md:right-3 max-md:w-auto max-md:p-0';

/** Classes of a body cell: a cell of a dense row, or a line of a card. */
export function cellStyle(look: ColumnLook): string {
  const priority = look.priority ?? 2;
  return cn(
    'h-(--row) px-2.5 py-1 align-middle md:border-b md:border-hairline',
    aligned[look.align ?? 'start'],
    'max-md:h-auto max-md:border-0 max-md:p-0 max-md:text-left',
    priority === 1 && 'max-md:col-span-2 max-md:pr-9 max-md:pb-1 max-md:font-medium',
    priority === 3 && 'max-md:hidden',
    priority === 2 &&
      look.cardLabel !== undefined &&
      'max-md:before:block max-md:before:text-2xs max-md:before:text-ink-3 max-md:before:content-[attr(data-label)]',
    look.className,
  );
}

interface HeaderCellProps {
  readonly look: ColumnLook;
  readonly sorted: false | 'asc' | 'desc';
  readonly onSort: ((event: unknown) => void) | undefined;
  readonly children: ReactNode;
}

/** A heading that stays in view and, where it can, sorts. */
export function HeaderCell({ look, sorted, onSort, children }: HeaderCellProps) {
  const Arrow = sorted === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
      style={look.width === undefined ? undefined : { width: look.width }}
      className={cn(
        'sticky top-(--top) z-10 h-8 border-b border-hairline bg-canvas px-2.5 text-xs font-medium whitespace-nowrap text-ink-3',
        aligned[look.align ?? 'start'],
      )}
    >
      {onSort === undefined ? (
        children
      ) : (
        <button
          type="button"
          onClick={onSort}
          className={cn(
            'inline-flex h-6 items-center gap-1 rounded-sm hover:text-ink',
            sorted !== false && 'text-ink',
            look.align === 'end' && 'flex-row-reverse',
          )}
        >
          {children}
          <Arrow aria-hidden className={cn('size-3', sorted === false && 'invisible')} />
        </button>
      )}
    </th>
  );
}

/** Rows that hold the place of what is loading. */
export function SkeletonRows({
  rows,
  looks,
}: {
  readonly rows: number;
  readonly looks: readonly ColumnLook[];
}) {
  return Array.from({ length: rows }, (_, row) => (
    <tr role="row" key={row} className={rowStyle}>
      {looks.map((look, column) => (
        <td role="cell" key={column} className={cellStyle({ ...look, cardLabel: '' })}>
          <Skeleton className={cn(column === 0 ? 'w-3/5' : 'w-2/5', look.align === 'end' && 'md:ml-auto')} />
        </td>
      ))}
    </tr>
  ));
}
