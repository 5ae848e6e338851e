'use client';

import dynamic from 'next/dynamic';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Edge } from '#domain/dependencies/edge.ts';
import { edge as edgeSchema } from '#domain/dependencies/edge.ts';
import type { Link } from '#domain/dependencies/paths.ts';
import type { GraphView } from '#domain/dependencies/view.ts';
import { useNow } from '#components/ui/clock.ts';
import { cn } from '#components/ui/cn.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { AloneStrip } from '#components/dependencies/alone-strip.tsx';
import { BlockersPanel } from '#components/dependencies/blockers-panel.tsx';
import type { Marks } from '#components/dependencies/canvas/canvas.tsx';
import { CriticalPanel } from '#components/dependencies/critical-panel.tsx';
import { EditBar } from '#components/dependencies/edit-bar.tsx';
import { EdgeDialog, newEdge, type EdgeStart } from '#components/dependencies/edge-dialog.tsx';
import { ChosenEdge } from '#components/dependencies/chosen-edge.tsx';
import { EdgeTable } from '#components/dependencies/edge-table.tsx';
import { edgeId } from '#components/dependencies/edge-words.tsx';
import { GraphTools, type GraphUrl } from '#components/dependencies/graph-tools.tsx';
import { JobDetail } from '#components/dependencies/job-detail.tsx';
import {
  blockedEdges,
  blockersOf,
  criticalOf,
  pathEdges,
  shownGraph,
} from '#components/dependencies/model.ts';
import { useWide } from '#components/dependencies/use-wide.ts';
import type { GraphDraft } from '#components/dependencies/use-draft.ts';

// The library that draws is heavy: it is fetched where a graph is drawn, nowhere else.
const Canvas = dynamic(
  () => import('#components/dependencies/canvas/canvas.tsx').then((part) => part.Canvas),
  { ssr: false, loading: () => <Skeleton className="h-full w-full" /> },
);

interface GraphBoardProps {
  readonly scope: string;
  readonly view: GraphView;
  readonly draft: GraphDraft;
  readonly mayEdit: boolean;
  readonly mayControl: boolean;
  readonly url: GraphUrl;
  readonly setUrl: (next: Partial<GraphUrl>) => void;
}

/** The picture or the table, what blocks what beside it, and what has no edge below. */
export function GraphBoard({ scope, view, draft, mayEdit, mayControl, url, setUrl }: GraphBoardProps) {
  const t = useTranslations('dependencies');
  const [chosen, setChosen] = useState<string | null>(null);
  const [form, setForm] = useState<EdgeStart | null>(null);
  const [extra, setExtra] = useState<ReadonlySet<string>>(new Set());
  const minute = Math.floor((useNow()?.getTime() ?? 0) / 60_000);
  const { edges, editing } = draft;
  const { jobs } = view;
  const byId = useMemo(() => new Map(jobs.map((job): [string, typeof job] => [job.job_id, job])), [jobs]);
  const graph = useMemo(
    () => shownGraph(jobs, edges, { focus: url.focus, near: url.near, extra: editing ? extra : new Set() }),
    [jobs, edges, url.focus, url.near, editing, extra],
  );
  const critical = useMemo(() => criticalOf(jobs, edges, new Date(minute * 60_000)), [jobs, edges, minute]);
  const blockers = useMemo(() => blockersOf(jobs), [jobs]);
  const marks = useMemo<Marks>(
    () => ({
      causes: new Set(blockers.map(({ job }) => job.job_id)),
      blocked: blockedEdges(jobs, edges),
      criticalJobs: new Set(critical?.path),
      critical: pathEdges(critical?.path ?? []),
    }),
    [jobs, edges, blockers, critical],
  );
  const focused = url.focus === null ? undefined : byId.get(url.focus);
  const chosenEdge = edges.find((edge) => edgeId(edge) === chosen);
  const focus = (job: string | null) => setUrl({ focus: job, ...(job === null ? { near: false } : {}) });

  const join = (link: Link) => {
    const known = edges.find((edge) => edgeId(edge) === edgeId(link));
    if (known !== undefined) return setChosen(edgeId(known));
    const edge = edgeSchema.safeParse({ ...link, kind: 'gate' });
    if (edge.success && draft.put(edge.data) === null) setChosen(edgeId(edge.data));
  };
  const edit = (edge: Edge) => setForm({ ...edge, exists: true });
  // Without a choice, a phone begins with the table and anything wider with the picture. Until the width is known both
  // are there, and styles show the right one.
  const wide = useWide();
  const byWidth = url.view === null && wide === null;
  const drawn = byWidth || (url.view ?? (wide === true ? 'graph' : 'table')) === 'graph';
  const listed = byWidth || !drawn;

  return (
    <>
      {editing ? <EditBar draft={draft} onAdd={() => setForm({ ...newEdge, upstream: url.focus })} /> : null}
      {draft.refusal === null ? null : (
        <p role="alert" className="mb-3 rounded-md bg-danger-tint px-3 py-2 text-sm text-danger">
          {draft.refusal}
        </p>
      )}
      <GraphTools jobs={jobs} graph={graph} url={url} setUrl={setUrl} />
      <div className="grid gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_20rem] xl:grid-rows-[auto_1fr]">
        <div className="min-w-0 xl:row-span-2">
          {drawn ? (
            <div
              className={cn(
                'h-[calc(100dvh-17rem)] min-h-96 overflow-hidden rounded-lg border border-hairline bg-canvas',
                byWidth && 'max-md:hidden',
              )}
            >
              {graph.jobs.length === 0 ? (
                <p className="grid h-full place-items-center p-6 text-center text-sm text-ink-2">
                  {t(mayEdit ? 'no_edges_edit' : 'no_edges')}
                </p>
              ) : (
                <Canvas
                  graph={graph}
                  allEdges={edges}
                  today={url.day === null}
                  editing={editing}
                  marks={marks}
                  focus={url.focus}
                  onFocus={focus}
                  chosenEdge={chosen}
                  onChooseEdge={setChosen}
                  onJoin={join}
                  onDelete={draft.remove}
                />
              )}
            </div>
          ) : null}
          {listed ? (
            <div className={byWidth ? 'md:hidden' : ''}>
              <EdgeTable
                scope={scope}
                edges={graph.edges}
                jobs={byId}
                editing={editing}
                onEdit={edit}
                onDelete={(id) => draft.remove([id])}
              />
            </div>
          ) : null}
          <AloneStrip
            scope={scope}
            jobs={graph.alone}
            onTake={editing ? (job) => setExtra(new Set([...extra, job])) : null}
          />
        </div>
        <aside className={cn('flex min-w-0 flex-col gap-5', listed && 'max-xl:order-first')}>
          {chosenEdge === undefined ? null : (
            <ChosenEdge
              edge={chosenEdge}
              editing={editing}
              onEdit={() => edit(chosenEdge)}
              onDelete={() => draft.remove([edgeId(chosenEdge)])}
              onClose={() => setChosen(null)}
            />
          )}
          {focused === undefined ? null : (
            <JobDetail
              scope={scope}
              job={focused}
              jobs={byId}
              edges={edges}
              mayControl={mayControl}
              onClose={() => focus(null)}
            />
          )}
          <BlockersPanel scope={scope} blockers={blockers} mayControl={mayControl} onFocus={focus} />
        </aside>
        <aside className="min-w-0">
          <CriticalPanel critical={critical} jobs={jobs} onFocus={focus} />
        </aside>
      </div>
      {form === null ? null : (
        <EdgeDialog
          start={form}
          jobs={jobs}
          edges={edges}
          onClose={() => setForm(null)}
          onSave={(edge) => {
            if (draft.put(edge) === null) setChosen(edgeId(edge));
            setForm(null);
          }}
        />
      )}
    </>
  );
}
