'use client';

import { useConnection } from '@xyflow/react';
import { useTranslations } from 'use-intl';
import { cycleOf } from '#domain/dependencies/cycle.ts';
import type { Edge } from '#domain/dependencies/edge.ts';
import { pathText } from '#components/dependencies/edge-words.tsx';

/** While an edge is drawn onto a job from which its start is reached: the cycle it would close. */
export function DrawingCycle({ edges }: { readonly edges: readonly Edge[] }) {
  const t = useTranslations('dependencies.edit');
  const path = useConnection((connection) => {
    if (!connection.inProgress || connection.toNode === null) return null;
    const forward = connection.fromHandle.type === 'source';
    const [from, to] = [connection.fromNode.id, connection.toNode.id];
    const cycle = cycleOf(
      edges,
      forward ? { upstream: from, downstream: to } : { upstream: to, downstream: from },
    );
    return cycle === null ? null : pathText(cycle);
  });
  if (path === null) return null;
  return (
    <output className="absolute top-2 left-1/2 z-10 max-w-[80%] -translate-x-1/2 rounded-md border border-danger bg-danger-tint px-3 py-1.5 text-sm text-danger">
      {t('cycle', { path })}
    </output>
  );
}
