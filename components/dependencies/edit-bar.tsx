'use client';

import { Plus, Undo2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { changesOf, countOf, type EdgeChanges } from '#components/dependencies/draft.ts';
import { edgeId, pathText, useEdgeLabel } from '#components/dependencies/edge-words.tsx';
import type { GraphDraft } from '#components/dependencies/use-draft.ts';

/** While edges are edited: what has changed, undo, save and discard. */
export function EditBar({ draft, onAdd }: { readonly draft: GraphDraft; readonly onAdd: () => void }) {
  const t = useTranslations('dependencies.edit');
  const common = useTranslations('common');
  const { added, removed, changed } = draft.changes;
  return (
    <section
      aria-label={t('bar')}
      className="mb-3 flex flex-wrap items-center gap-2 rounded-md border border-accent bg-accent-tint px-3 py-2"
    >
      <output className="min-w-0 flex-1 basis-60 text-sm">
        {draft.dirty
          ? t('changes', { added: added.length, removed: removed.length, changed: changed.length })
          : t('hint')}
      </output>
      <Button size="sm" onClick={onAdd}>
        <Plus aria-hidden />
        {t('add')}
      </Button>
      <Button size="sm" onClick={draft.undo} disabled={!draft.mayUndo}>
        <Undo2 aria-hidden />
        {common('undo')}
      </Button>
      <Button size="sm" onClick={draft.leave}>
        {t(draft.dirty ? 'discard' : 'done')}
      </Button>
      <Button
        size="sm"
        variant="primary"
        busy={draft.saving}
        disabled={!draft.dirty}
        onClick={() => void draft.save()}
      >
        {common('save')}
      </Button>
    </section>
  );
}

/** Somebody else saved edges meanwhile: what they did, and what is to be done with one's own changes. */
export function StaleGraph({ draft }: { readonly draft: GraphDraft }) {
  const t = useTranslations('dependencies.stale');
  if (draft.stale === null || draft.base === null) return null;
  const theirs = changesOf(draft.base.edges, draft.stale.edges);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) draft.closeStale();
      }}
      title={t('title')}
      description={t('text', { opened: draft.base.version, current: draft.stale.version })}
      footer={
        <>
          <Button onClick={draft.closeStale}>{t('back')}</Button>
          <Button onClick={draft.leave}>{t('reload')}</Button>
          <Button variant="primary" busy={draft.saving} onClick={() => void draft.saveOnto()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <ChangeList title={t('theirs')} changes={theirs} />
        <ChangeList title={t('yours')} changes={draft.changes} />
      </div>
    </Dialog>
  );
}

function ChangeList({ title, changes }: { readonly title: string; readonly changes: EdgeChanges }) {
  const t = useTranslations('dependencies.stale');
  const label = useEdgeLabel();
  const text = (edge: Parameters<typeof label>[0]) =>
    `${pathText([edge.upstream, edge.downstream])} (${label(edge)})`;
  return (
    <section>
      <h3 className="text-xs font-medium text-ink-2">{title}</h3>
      <ul className="mt-1 flex flex-col gap-1 text-sm [overflow-wrap:anywhere]">
        {changes.added.map((edge) => (
          <li key={edgeId(edge)}>{t('added', { edge: text(edge) })}</li>
        ))}
        {changes.removed.map((edge) => (
          <li key={edgeId(edge)}>{t('removed', { edge: text(edge) })}</li>
        ))}
        {changes.changed.map(({ after }) => (
          <li key={edgeId(after)}>{t('changed', { edge: text(after) })}</li>
        ))}
        {countOf(changes) === 0 ? <li className="text-ink-3">{t('none')}</li> : null}
      </ul>
    </section>
  );
}
