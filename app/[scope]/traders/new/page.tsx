import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { TraderEditor } from '#components/traders/editor/trader-editor.tsx';
import { traderEditorData } from '../data.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('traders.editor'))('new_title') };
}

export default async function Page({ params }: Props) {
  const { scope } = await params;
  return <TraderEditor scope={scope} {...await traderEditorData(scope, null)} />;
}
