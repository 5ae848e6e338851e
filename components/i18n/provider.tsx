'use client';

import { IntlProvider } from 'use-intl';
import type { Messages } from 'use-intl';
import type { ReactNode } from 'react';
import type { Locale } from '#components/i18n/preferences.ts';

interface Props {
  readonly locale: Locale;
  readonly messages: Messages;
  readonly children: ReactNode;
}

/** Texts in the reader's language. A missing text shows its key's last word and is logged, never a blank. */
export function MessagesProvider({ locale, messages, children }: Props) {
  return (
    <IntlProvider
      locale={locale}
      messages={messages}
      timeZone="Asia/Seoul"
      onError={(error) => console.error(error.message)}
      getMessageFallback={({ key }) => key.split('.').at(-1) ?? key}
    >
      {children}
    </IntlProvider>
  );
}
