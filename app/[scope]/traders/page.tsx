import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { createLoader } from 'nuqs/server';
import type { SearchParams } from 'nuqs/server';
import { serverTranslator } from '#app/_server/locale.ts';
import { tradersParsers } from '#components/traders/filters.ts';
import { TradersPage } from '#components/traders/traders-page.tsx';
import { tradersData } from './data.ts';

interface Props {
  readonly params: Promise<{ scope: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader(tradersParsers);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await serverTranslator('traders'))('title') };
}

export default async function Page({ params, searchParams }: Props) {
  const { scope } = await params;
  return (
    <HydrationBoundary state={await tradersData(scope, await loadUrl(searchParams))}>
      <TradersPage scope={scope} />
    </HydrationBoundary>
  );
}
