'use client';

import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';

/** Names of strategies in the reader's language; one we do not know is named as it is. */
export function useStrategyName(): (name: string) => string {
  const t = useTranslations('strategies');
  return (name) => (t.has(`${name}.name`) ? t(`${name}.name`) : name);
}

/** What a trader's last scan found, and why nothing was bought of it. */
export function useScanWords(): (scan: TraderView['last_scan']) => string {
  const t = useTranslations('traders.scan');
  const reason = useReason();
  return (scan) => {
    if (scan === null) return t('none');
    if (scan.chosen !== null) return t('chosen', { symbol: scan.chosen, count: scan.candidates });
    if (scan.best !== null)
      return t('passed_over', {
        count: scan.candidates,
        symbol: scan.best.symbol,
        why: scan.best.reason === null ? '–' : reason(scan.best.reason),
      });
    if (scan.passed === null) return t('nothing', { looked: scan.looked });
    return t('no_candidates', {
      looked: scan.looked,
      why: reason({ code: scan.passed.code }),
      count: scan.passed.count,
    });
  };
}
