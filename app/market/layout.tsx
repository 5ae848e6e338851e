import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { readPreferences } from '#app/_server/locale.ts';
import { requireViewer } from '#app/_server/viewer.ts';
import { scopeCookie } from '#components/i18n/preferences.ts';
import { Shell } from '#components/shell/shell.tsx';

/** The frame of the page of market data; navigation leads back to the scope last looked at. */
export default async function MarketLayout({ children }: { readonly children: ReactNode }) {
  const viewer = await requireViewer();
  const lastScope = (await cookies()).get(scopeCookie)?.value ?? null;
  return (
    <Shell viewer={viewer} scope={null} lastScope={lastScope} preferences={await readPreferences()}>
      {children}
    </Shell>
  );
}
