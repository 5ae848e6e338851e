import { redirect } from 'next/navigation';

/** The settings begin with one's own account, which everybody may open. */
export default function SettingsPage() {
  redirect('/settings/account');
}
