import { HydrationBoundary } from '@tanstack/react-query';
import type { Metadata } from 'next';
import type { SearchParams } from 'nuqs';
import { createLoader, parseAsString } from 'nuqs/server';
import { z } from 'zod';
import { TraderPage } from '#components/traders/trader-page.tsx';
import { traderData } from '../data.ts';

interface Props {
  readonly params: Promise<{ scope: string; trader_id: string }>;
  readonly searchParams: Promise<SearchParams>;
}

const loadUrl = createLoader({ day: parseAsString });

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).trader_id };
}

export default async function Page({ params, searchParams }: Props) {
  const { scope, trader_id: traderId } = await params;
  const { day } = await loadUrl(searchParams);
  const asked = z.iso.date().nullable().catch(null).parse(day);
  return (
    <HydrationBoundary state={await traderData(scope, traderId, asked)}>
      <TraderPage scope={scope} traderId={traderId} />
    </HydrationBoundary>
  );
}
