import type { Metadata } from 'next';
import { serverTranslator } from '#app/_server/locale.ts';
import { TraderEditor } from '#components/traders/editor/trader-editor.tsx';
import { traderEditorData } from '../../data.ts';

interface Props {
  readonly params: Promise<{ scope: string; trader_id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await serverTranslator('traders.editor');
  return { title: t('edit_title', { trader: (await params).trader_id }) };
}

export default async function Page({ params }: Props) {
  const { scope, trader_id: traderId } = await params;
  return <TraderEditor scope={scope} {...await traderEditorData(scope, traderId)} />;
}
