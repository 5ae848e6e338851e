'use client';

/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role,
   jsx-a11y/control-has-associated-label --
   as cards (display: grid) some browsers drop the meaning of table elements; the roles keep it. */

import {
  createColumnHelper,
  createSortedRowModel,
  metaHelper,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  sortFn_datetime,
  sortFn_text,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { ColumnDef, RowData, RowSelectionState, SortingState } from '@tanstack/react-table';
import { useRouter } from 'next/navigation';
import { useMemo, useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLivePause } from '#components/query/live.tsx';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cn } from '#components/ui/cn.ts';
import { HeaderCell, SkeletonRows, cellStyle, rowStyle, selectCellStyle } from '#components/ui/table.tsx';
import type { ColumnLook } from '#components/ui/table.tsx';
import { useRowKeys } from '#components/ui/row-keys.ts';

const features = tableFeatures({
  rowSelectionFeature,
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: {
    alphanumeric: sortFn_alphanumeric,
    basic: sortFn_basic,
    datetime: sortFn_datetime,
    text: sortFn_text,
  },
  columnMeta: metaHelper<ColumnLook>(),
});

/** A column of a DataTable; `meta` says how it looks (ColumnLook). */
export type Column<Row extends RowData> = ColumnDef<typeof features, Row>;

/** Makes columns: `columns<Job>().columns([h.accessor('job_id', {header, cell, meta}), h.display({id, …})])`. Keep them stable. */
export function columnHelper<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>();
}

interface DataTableProps<Row extends RowData> {
  /** What the table holds; read out, not shown. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** undefined while the first page loads: rows of skeletons hold the place. */
  readonly rows: readonly Row[] | undefined;
  readonly rowId: (row: Row) => string;
  /** Where a row leads; Enter and a click open it. */
  readonly href?: (row: Row) => string;
  /** Instead of a page, e.g. a drawer. */
  readonly onOpen?: (row: Row) => void;
  /** The row whose details are open. */
  readonly openId?: string | null;
  /** Ids of selected rows. With it the table has tick boxes and live updates wait while any is ticked. */
  readonly selection?: ReadonlySet<string>;
  readonly onSelectionChange?: (selection: ReadonlySet<string>) => void;
  /** Buttons for the selected rows. */
  readonly bulkActions?: ReactNode;
  readonly sorting?: SortingState;
  /** With `sorting` the server sorts; without, headings sort what is loaded. */
  readonly onSortingChange?: (sorting: SortingState) => void;
  /** Shown instead of rows when there are none (an EmptyState). */
  readonly empty?: ReactNode;
  /** Rows of an earlier query are shown while the next loads. */
  readonly updating?: boolean;
  /** Rows of skeletons; as many as usually come. */
  readonly skeletonRows?: number;
  /** The table's page uses j, k, Enter and x for it. */
  readonly keyboard?: boolean;
}

/** A dense table; at phone width each row is a card. Rows are walked with j and k, opened with Enter, ticked with x. */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const {
    caption,
    columns,
    rows,
    rowId,
    href,
    onOpen,
    selection,
    onSelectionChange,
    onSortingChange,
    empty,
  } = props;
  const t = useTranslations('common.table');
  const router = useRouter();
  const [ownSorting, setOwnSorting] = useState<SortingState>([]);
  const sorting = props.sorting ?? ownSorting;
  const selectable = selection !== undefined && onSelectionChange !== undefined;
  const rowSelection = useMemo<RowSelectionState>(
    () => Object.fromEntries([...(selection ?? [])].map((id) => [id, true])),
    [selection],
  );
  useLivePause((selection?.size ?? 0) > 0);

  const data = useMemo(() => [...(rows ?? [])], [rows]);
  const definitions = useMemo(() => [...columns], [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
    state: { sorting, rowSelection },
    manualSorting: onSortingChange !== undefined,
    enableRowSelection: selectable,
    onSortingChange: (update) => {
      const next = typeof update === 'function' ? update(sorting) : update;
      (onSortingChange ?? setOwnSorting)(next);
    },
    onRowSelectionChange: (update) => {
      const next = typeof update === 'function' ? update(rowSelection) : update;
      onSelectionChange?.(new Set(Object.keys(next).filter((id) => next[id] === true)));
    },
  });
  const shown = table.getRowModel().rows;

  const open = (row: Row, newTab = false) => {
    if (onOpen !== undefined) onOpen(row);
    else if (href !== undefined && newTab) window.open(href(row), '_blank', 'noopener');
    else if (href !== undefined) router.push(href(row));
  };
  const opens = href !== undefined || onOpen !== undefined;
  const { ref, tabStop, onFocus } = useRowKeys({
    count: shown.length,
    enabled: props.keyboard ?? true,
    onOpen: (index) => {
      const row = shown[index];
      if (row !== undefined) open(row.original);
    },
    onToggle: selectable ? (index) => shown[index]?.toggleSelected() : null,
  });
  const onRowClick = (event: MouseEvent<HTMLElement>, row: Row) => {
    // Menus and dialogs of a row stand elsewhere in the page, yet their clicks come up through it.
    if (!(event.target instanceof Element) || !event.currentTarget.contains(event.target)) return;
    const control = event.target.closest('a, button, input, label, [role=checkbox], [data-no-open]');
    if (!opens || control !== null || window.getSelection()?.type === 'Range') return;
    open(row, event.metaKey || event.ctrlKey);
  };

  if (rows !== undefined && rows.length === 0 && empty !== undefined) return <>{empty}</>;
  return (
    <div className="relative min-w-0">
      {selectable && selection.size > 0 ? (
        <BulkBar count={selection.size} onClear={() => onSelectionChange(new Set())}>
          {props.bulkActions}
        </BulkBar>
      ) : null}
      <div className="md:max-lg:overflow-x-auto md:max-lg:[--top:0px]">
        <table
          role="table"
          ref={ref}
          aria-busy={props.updating === true || rows === undefined}
          className="w-full border-separate border-spacing-0 text-sm max-md:block"
        >
          <caption className="sr-only">{caption}</caption>
          <thead role="rowgroup" className="max-md:hidden">
            {table.getHeaderGroups().map((group) => (
              <tr role="row" key={group.id}>
                {selectable ? (
                  <th
                    role="columnheader"
                    scope="col"
                    className={cn(
                      selectCellStyle,
                      'sticky top-(--top) z-10 h-8 border-b border-hairline bg-canvas',
                    )}
                  >
                    <Checkbox
                      aria-label={t('select_all')}
                      checked={
                        table.getIsAllRowsSelected()
                          ? true
                          : table.getIsSomeRowsSelected()
                            ? 'indeterminate'
                            : false
                      }
                      onCheckedChange={(checked) => table.toggleAllRowsSelected(checked === true)}
                    />
                  </th>
                ) : null}
                {group.headers.map((header) => (
                  <HeaderCell
                    key={header.id}
                    look={header.column.columnDef.meta ?? {}}
                    sorted={header.column.getIsSorted()}
                    onSort={header.column.getCanSort() ? header.column.getToggleSortingHandler() : undefined}
                  >
                    {header.isPlaceholder ? null : <table.FlexRender header={header} />}
                  </HeaderCell>
                ))}
              </tr>
            ))}
          </thead>
          <tbody
            role="rowgroup"
            className={cn('max-md:block', props.updating === true && 'opacity-60 transition-opacity')}
          >
            {rows === undefined ? (
              <SkeletonRows
                rows={props.skeletonRows ?? 8}
                looks={[...(selectable ? [{}] : []), ...columns.map((column) => column.meta ?? {})]}
              />
            ) : (
              shown.map((row, index) => (
                <tr
                  role="row"
                  key={row.id}
                  data-row={index}
                  tabIndex={opens || selectable ? (index === tabStop ? 0 : -1) : undefined}
                  aria-selected={selectable ? row.getIsSelected() : undefined}
                  data-open={props.openId === row.id || undefined}
                  onFocus={() => onFocus(index)}
                  onClick={(event) => onRowClick(event, row.original)}
                  className={cn(rowStyle, opens && 'cursor-pointer')}
                >
                  {selectable ? (
                    <td role="cell" className={selectCellStyle} data-no-open>
                      <Checkbox
                        aria-label={t('select_row', { name: row.id })}
                        checked={row.getIsSelected()}
                        onClick={(event) =>
                          row.getToggleSelectedHandler()({
                            ...event,
                            target: { checked: !row.getIsSelected() },
                          })
                        }
                      />
                    </td>
                  ) : null}
                  {row.getAllCells().map((cell) => {
                    const look = cell.column.columnDef.meta ?? {};
                    return (
                      <td role="cell" key={cell.id} data-label={look.cardLabel} className={cellStyle(look)}>
                        <table.FlexRender cell={cell} />
                      </td>
                    );
                  })}
                </tr>
              ))
            )}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function BulkBar({
  count,
  onClear,
  children,
}: {
  readonly count: number;
  readonly onClear: () => void;
  readonly children: ReactNode;
}) {
  const t = useTranslations('common.table');
  return (
    <div
      role="toolbar"
      className="fixed bottom-5 left-1/2 z-20 flex w-max max-w-[calc(100vw-1.5rem)] -translate-x-1/2 flex-wrap items-center justify-center gap-1.5 rounded-lg border border-border bg-raised px-2 py-1.5 shadow-pop max-md:bottom-[calc(4rem+env(safe-area-inset-bottom))]"
    >
      <output className="px-1.5 text-xs font-medium">{t('selected', { count })}</output>
      {children}
      <Button size="sm" variant="ghost" onClick={onClear}>
        {t('clear_selection')}
      </Button>
    </div>
  );
}
