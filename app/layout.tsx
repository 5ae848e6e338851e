import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { messagesOf, readPreferences, serverTranslator } from '#app/_server/locale.ts';
import { Providers } from '#components/shell/providers.tsx';

export const metadata: Metadata = {
  title: { default: 'Bellkeeper', template: '%s · Bellkeeper' },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = { width: 'device-width', initialScale: 1, viewportFit: 'cover' };

/** Language and theme come from cookies, so the first paint is already right. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const { locale, theme, palette } = await readPreferences();
  const t = await serverTranslator('common');
  return (
    <html lang={locale} data-theme={theme} data-palette={palette} suppressHydrationWarning>
      <body>
        <Providers locale={locale} messages={messagesOf(locale)} toasts={t('notifications')}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
