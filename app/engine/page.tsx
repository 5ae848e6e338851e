import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { forbidden } from 'next/navigation';
import { engineView } from '#db/engine/queries.ts';
import { db } from '#app/_server/db.ts';
import { serverTranslator } from '#app/_server/locale.ts';
import { requireViewer } from '#app/_server/viewer.ts';
import { EnginePage } from '#components/engine/engine-page.tsx';
import { engineKey } from '#components/engine/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('engine'))('title') };
}

/** The engine as far as the viewer may see it: processes for all, rooms of their scopes. */
async function readEngine() {
  const viewer = await requireViewer();
  const held = (permission: 'engine.view' | 'engine.edit') =>
    viewer.scopes
      .map(({ name }) => name)
      .filter((name) => viewer.permissions.scopes[name]?.includes(permission));
  const visible = held('engine.view');
  if (visible.length === 0) forbidden();
  const engine = await engineView(db());
  const client = makeQueryClient();
  client.setQueryData(engineKey, {
    ...engine,
    scopes: engine.scopes.filter(({ scope }) => visible.includes(scope)),
  });
  return { state: dehydrate(client), editable: held('engine.edit') };
}

export default async function Page() {
  const { state, editable } = await readEngine();
  return (
    <HydrationBoundary state={state}>
      <EnginePage editable={editable} />
    </HydrationBoundary>
  );
}
