'use client';

import { useFormatter, useTranslations } from 'use-intl';
import { Button } from '#components/ui/button.tsx';

interface LoadMoreProps {
  readonly shown: number;
  /** Where the server counts; with cursors it often does not. */
  readonly total?: number;
  readonly hasMore: boolean;
  readonly busy: boolean;
  readonly onMore: () => void;
}

/** The foot of a list read by cursor: how much is shown, and the rest on request. */
export function LoadMore({ shown, total, hasMore, busy, onMore }: LoadMoreProps) {
  const t = useTranslations('common');
  const format = useFormatter();
  return (
    <div className="flex min-h-12 items-center justify-center gap-3 text-xs text-ink-3">
      <output>
        {total === undefined ? t('pages.shown', { count: shown }) : t('pages.of', { count: shown, total })}
      </output>
      {hasMore ? (
        <Button size="sm" busy={busy} onClick={onMore}>
          {t('load_more')}
          {total === undefined ? null : <span className="text-ink-3">{format.number(total - shown)}</span>}
        </Button>
      ) : null}
    </div>
  );
}
