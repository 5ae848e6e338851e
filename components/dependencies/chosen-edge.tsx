'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Edge } from '#domain/dependencies/edge.ts';
import { Button } from '#components/ui/button.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { pathText, useEdgeSentence } from '#components/dependencies/edge-words.tsx';

interface ChosenEdgeProps {
  readonly edge: Edge;
  readonly editing: boolean;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/** The edge that was picked, in words. */
export function ChosenEdge({ edge, editing, onEdit, onDelete, onClose }: ChosenEdgeProps) {
  const t = useTranslations('dependencies.detail');
  const common = useTranslations('common');
  const sentence = useEdgeSentence();
  return (
    <section aria-label={t('edge')} className="flex flex-col gap-2 border-b border-hairline pb-4">
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 text-sm font-semibold [overflow-wrap:anywhere]">
          {pathText([edge.upstream, edge.downstream])}
        </h2>
        <IconButton label={t('close')} onClick={onClose}>
          <X aria-hidden />
        </IconButton>
      </header>
      <p className="text-sm text-ink-2">{sentence(edge)}</p>
      {editing ? (
        <div className="flex gap-2">
          <Button size="sm" onClick={onEdit}>
            {t('change_rule')}
          </Button>
          <Button size="sm" variant="danger-ghost" onClick={onDelete}>
            {common('delete')}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
