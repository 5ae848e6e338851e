'use client';

import { useLocale } from 'use-intl';
import { Money, Percent } from '#components/ui/money.tsx';
import { type Currency, formatMoney, formatQuantity } from '#components/ui/number-format.ts';

interface AmountProps {
  /** Decimal text of the API; null is a dash. */
  readonly value: string | null;
  readonly className?: string | undefined;
}

/** A price. */
export function Price({ value, className }: AmountProps) {
  return <Money value={value} places={8} className={className} />;
}

/** A profit or loss in whole units of the currency, with its sign and colour. */
export function Signed({ value, className }: AmountProps) {
  return <Money value={value} signed places={0} className={className} />;
}

/** A change as a percentage, with its sign and colour. */
export function SignedPercent({
  value,
  className,
}: {
  readonly value: number | null;
  readonly className?: string;
}) {
  return value === null ? null : <Percent value={value} signed className={className} />;
}

/** Writers of figures for sentences. */
export function useFigures() {
  const locale = useLocale();
  return {
    price: (value: string | number) => formatMoney(value, locale, { places: 8 }),
    quantity: (value: string | number) => formatQuantity(value, locale),
    money: (value: string | number, currency: string) =>
      formatMoney(value, locale, { places: 0, currency: known(currency) }),
  };
}

function known(currency: string): Currency | undefined {
  return currency === 'KRW' || currency === 'USD' || currency === 'USDT' ? currency : undefined;
}
