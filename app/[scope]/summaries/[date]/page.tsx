import { HydrationBoundary, dehydrate } from '@tanstack/react-query';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { readSummaryDay } from '#db/performance/summaries.ts';
import { db } from '#app/_server/db.ts';
import { requirePageAccess } from '#app/_server/viewer.ts';
import { DayPage } from '#components/performance/day-page.tsx';
import { dayKey } from '#components/performance/queries.ts';
import { makeQueryClient } from '#components/query/client.ts';

interface Props {
  readonly params: Promise<{ scope: string; date: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).date };
}

async function dayOf({ params }: Props) {
  const { scope, date } = await params;
  await requirePageAccess(scope, 'traders.view');
  if (!z.iso.date().safeParse(date).success) notFound();
  const client = makeQueryClient();
  client.setQueryData(dayKey(scope, date), await readSummaryDay(db(), scope, date));
  return { scope, date, state: dehydrate(client) };
}

export default async function Page(props: Props) {
  const { scope, date, state } = await dayOf(props);
  return (
    <HydrationBoundary state={state}>
      <DayPage scope={scope} date={date} />
    </HydrationBoundary>
  );
}
