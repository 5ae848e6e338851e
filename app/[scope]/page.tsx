import { redirect } from 'next/navigation';

/** The first page of a scope. */
export default async function ScopePage({ params }: { readonly params: Promise<{ scope: string }> }) {
  const { scope } = await params;
  redirect(`/${encodeURIComponent(scope)}/jobs`);
}
