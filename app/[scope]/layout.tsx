import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import { readPreferences } from '#app/_server/locale.ts';
import { requireViewer } from '#app/_server/viewer.ts';
import { Shell } from '#components/shell/shell.tsx';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly children: ReactNode;
}

/** The frame of a scope's pages. Each page's data function checks its own permission as well. */
export default async function ScopeLayout({ params, children }: Props) {
  const { scope: name } = await params;
  const viewer = await requireViewer();
  const scope = viewer.scopes.find((candidate) => candidate.name === name);
  if (scope === undefined) notFound();
  return (
    <Shell viewer={viewer} scope={scope} preferences={await readPreferences()}>
      {children}
    </Shell>
  );
}
