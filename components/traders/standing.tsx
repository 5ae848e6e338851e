'use client';

import { useTranslations } from 'use-intl';
import type { TraderView } from '#domain/traders/view.ts';
import { useReason } from '#components/i18n/reason.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { RelativeTime } from '#components/ui/time.tsx';
import { useFigures } from './amount.tsx';
import { useScanWords } from './words.ts';

/** What holds a trader back beside its own state: kill switch, flatten, protections. */
export function Restrictions({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders.restrictions');
  const reason = useReason();
  return (
    <>
      {trader.control === 'running' ? null : (
        <Badge tone={trader.control === 'stopped' ? 'danger' : 'warning'}>▲ {t(trader.control)}</Badge>
      )}
      {trader.flattening || trader.halted?.flattening === true ? (
        <Badge tone="warning">{t('flattening')}</Badge>
      ) : null}
      {trader.protections.map((each, index) => (
        <Badge key={index} tone="warning" title={reason(each.reason)} className="max-w-full">
          <span className="truncate">
            {each.symbol === null ? t('protected') : t('protected_symbol', { symbol: each.symbol })}
          </span>
        </Badge>
      ))}
    </>
  );
}

/** One sentence: why it is where it is. A halt and an exit say their reason, an idle one what its scan found. */
export function Why({ trader }: { readonly trader: TraderView }) {
  const t = useTranslations('traders');
  const reason = useReason();
  const scan = useScanWords();
  const figures = useFigures();
  if (trader.halted !== null) return <span className="text-danger">{reason(trader.halted.reason)}</span>;
  if (trader.exit !== null)
    return (
      <span>
        {reason(trader.exit.reason)}{' '}
        {trader.exit.carried_at === null ? null : (
          <span className="font-medium text-danger">{t('carried')}</span>
        )}
      </span>
    );
  if (trader.phase === 'ENTERING' && trader.order !== null)
    return (
      <span>
        {t('buying', {
          quantity: figures.quantity(trader.order.quantity),
          price: figures.price(trader.order.price),
          filled: figures.quantity(trader.order.filled),
        })}
      </span>
    );
  if (trader.phase === 'HOLDING' && trader.position?.opened_at != null)
    return (
      <span>
        {t('held_since')} <RelativeTime at={trader.position.opened_at} />
      </span>
    );
  if (!trader.started) return <span className="text-ink-3">{t('off_text')}</span>;
  return <span>{scan(trader.last_scan)}</span>;
}
