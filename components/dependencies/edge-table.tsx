'use client';

import { Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { createContext, use, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { Edge } from '#domain/dependencies/edge.ts';
import type { GraphJob } from '#domain/dependencies/view.ts';
import { type Column, DataTable, columnHelper } from '#components/ui/data-table.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { edgeId, pathText, useEdgeLabel, useEdgeSentence } from '#components/dependencies/edge-words.tsx';
import { StandingMark, standingOf } from '#components/dependencies/standing.tsx';
import { jobHref } from '#components/runs/run-words.tsx';

interface EdgeTableProps {
  readonly scope: string;
  readonly edges: readonly Edge[];
  readonly jobs: ReadonlyMap<string, GraphJob>;
  readonly editing: boolean;
  readonly onEdit: (edge: Edge) => void;
  readonly onDelete: (id: string) => void;
}

type Shown = Pick<EdgeTableProps, 'jobs' | 'onEdit' | 'onDelete'>;
// Cells read what changes with every live update from here: columns that stay keep the focus where it is.
const ShownContext = createContext<Shown>({ jobs: new Map(), onEdit: () => {}, onDelete: () => {} });

/** The same graph as a table: every edge, its rule in words, and how both of its jobs stand. */
export function EdgeTable(props: EdgeTableProps) {
  const { edges, jobs, onEdit, onDelete } = props;
  const shown = useMemo(() => ({ jobs, onEdit, onDelete }), [jobs, onEdit, onDelete]);
  const t = useTranslations('dependencies.table');
  const columns = useEdgeColumns(props);
  return (
    <ShownContext value={shown}>
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={edges}
        rowId={edgeId}
        empty={<EmptyState kind="nothing" title={t('empty')} text={t('empty_text')} />}
      />
    </ShownContext>
  );
}

function useEdgeColumns({ scope, editing }: EdgeTableProps): readonly Column<Edge>[] {
  const t = useTranslations('dependencies.table');
  const label = useEdgeLabel();
  const sentence = useEdgeSentence();
  return useMemo<readonly Column<Edge>[]>(() => {
    const h = columnHelper<Edge>();
    const side = (which: 'upstream' | 'downstream') =>
      h.accessor(which, {
        id: which,
        header: t(which),
        cell: ({ row: { original } }) => <JobCell scope={scope} id={original[which]} />,
        meta: { priority: 2, cardLabel: t(which), width: '19rem', className: 'max-md:col-span-2' },
      });
    return h.columns([
      side('upstream'),
      h.accessor('kind', {
        id: 'rule',
        header: t('rule'),
        cell: ({ row: { original } }) => (
          <span title={sentence(original)}>
            <span className="font-medium">{label(original)}</span>
            <span className="block text-xs text-ink-3 max-xl:hidden">{sentence(original)}</span>
          </span>
        ),
        meta: { cardLabel: t('rule'), className: 'max-md:order-last max-md:col-span-2' },
      }),
      side('downstream'),
      ...(editing
        ? [
            h.display({
              id: 'edit',
              header: () => <span className="sr-only">{t('edit')}</span>,
              cell: ({ row: { original } }) => <EdgeButtons edge={original} />,
              meta: { width: '5rem', className: 'max-md:order-last max-md:col-span-2' },
            }),
          ]
        : []),
    ]);
  }, [scope, editing, t, label, sentence]);
}

function EdgeButtons({ edge }: { readonly edge: Edge }) {
  const t = useTranslations('dependencies.table');
  const { onEdit, onDelete } = use(ShownContext);
  const name = pathText([edge.upstream, edge.downstream]);
  return (
    <span className="flex justify-end gap-1">
      <IconButton label={t('edit_edge', { edge: name })} onClick={() => onEdit(edge)}>
        <Pencil aria-hidden />
      </IconButton>
      <IconButton label={t('delete_edge', { edge: name })} onClick={() => onDelete(edgeId(edge))}>
        <Trash2 aria-hidden />
      </IconButton>
    </span>
  );
}

function JobCell({ scope, id }: { readonly scope: string; readonly id: string }) {
  const t = useTranslations('dependencies.line');
  const job = use(ShownContext).jobs.get(id);
  return (
    <span className="flex flex-col">
      <span className="flex flex-wrap items-center gap-x-3">
        <Link href={jobHref(scope, id)} className="font-medium [overflow-wrap:anywhere] hover:underline">
          {id}
        </Link>
        {job === undefined ? null : <StandingMark standing={standingOf(job)} className="text-xs" />}
      </span>
      {job === undefined || job.blocked_by.length === 0 ? null : (
        <span className="text-xs text-ink-3">{t('waits_for', { jobs: job.blocked_by.join(', ') })}</span>
      )}
    </span>
  );
}
