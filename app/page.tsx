import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { requireViewer } from '#app/_server/viewer.ts';
import { scopeCookie } from '#components/i18n/preferences.ts';

/** Leads to the scope last looked at, else to the first this person sees; to their account where they see none. */
export default async function StartPage() {
  const viewer = await requireViewer();
  const last = (await cookies()).get(scopeCookie)?.value;
  const scope = viewer.scopes.find(({ name }) => name === last) ?? viewer.scopes[0];
  redirect(scope === undefined ? '/settings/account' : `/${scope.name}`);
}
