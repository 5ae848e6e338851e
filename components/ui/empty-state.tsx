'use client';

import { CircleAlert, Filter, Inbox, ListEnd } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '#components/i18n/reason.tsx';
import { Button } from '#components/ui/button.tsx';

/** Why there is nothing (more) to see; each kind offers the way out of it. */
export type EmptyStateProps =
  | {
      readonly kind: 'nothing';
      readonly title?: string;
      readonly text?: ReactNode;
      readonly action?: ReactNode;
    }
  | { readonly kind: 'filtered'; readonly onClear: () => void }
  | { readonly kind: 'failed'; readonly error: unknown; readonly onRetry: () => void }
  | { readonly kind: 'capped'; readonly limit: number };

const icons = { nothing: Inbox, filtered: Filter, failed: CircleAlert, capped: ListEnd };

/** One of the four kinds of empty. */
export function EmptyState(props: EmptyStateProps) {
  const t = useTranslations('common');
  const problemText = useProblemText();
  const Icon = icons[props.kind];
  const { title, text, action } = ((): { title: string; text: ReactNode; action: ReactNode } => {
    switch (props.kind) {
      case 'nothing':
        return { title: props.title ?? t('empty.nothing_title'), text: props.text, action: props.action };
      case 'filtered':
        return {
          title: t('empty.filtered_title'),
          text: t('empty.filtered_text'),
          action: <Button onClick={props.onClear}>{t('clear_filters')}</Button>,
        };
      case 'failed':
        return {
          title: t('empty.failed_title'),
          text: problemText(props.error),
          action: <Button onClick={props.onRetry}>{t('retry')}</Button>,
        };
      case 'capped':
        return {
          title: t('empty.capped_title', { limit: props.limit }),
          text: t('empty.capped_text'),
          action: null,
        };
    }
  })();
  return (
    <div
      role={props.kind === 'failed' ? 'alert' : 'status'}
      className="flex flex-col items-center gap-1 px-4 py-12 text-center"
    >
      <Icon
        aria-hidden
        className={props.kind === 'failed' ? 'mb-1 size-5 text-danger' : 'mb-1 size-5 text-ink-3'}
        strokeWidth={1.5}
      />
      <p className="text-sm font-medium">{title}</p>
      {text ? <div className="max-w-prose text-sm text-ink-2">{text}</div> : null}
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}
