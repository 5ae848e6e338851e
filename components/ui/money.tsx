'use client';

import { useLocale, useTranslations } from 'use-intl';
import { cn } from '#components/ui/cn.ts';
import { directionOf, formatMoney, formatPercent, formatQuantity } from '#components/ui/number-format.ts';
import type { Amount, Currency, Direction } from '#components/ui/number-format.ts';

const tones: Record<Direction, string> = { up: 'text-gain', down: 'text-loss', flat: 'text-flat' };

interface FigureProps {
  readonly value: Amount;
  /** Gains and losses: a sign always, and the reader's colours. */
  readonly signed?: boolean;
  readonly className?: string | undefined;
}

/** One line of plain text, so that a copied figure is a number to a spreadsheet. */
function Figure({ value, signed = false, className, text }: FigureProps & { readonly text: string | null }) {
  const t = useTranslations('common');
  if (value === null || text === null)
    return (
      <span className={cn('text-ink-3', className)}>
        <span aria-hidden>–</span>
        <span className="sr-only">{t('no_value')}</span>
      </span>
    );
  return (
    <span className={cn('whitespace-nowrap tabular-nums', signed && tones[directionOf(value)], className)}>
      {text}
    </span>
  );
}

interface MoneyProps extends FigureProps {
  /** Written with its mark; leave it out where a heading says it. */
  readonly currency?: Currency;
  readonly places?: number;
}

/** An amount or a price, from decimal text; null (not defined) is a dash. */
export function Money({ currency, places, ...figure }: MoneyProps) {
  const locale = useLocale();
  const { value, signed = false } = figure;
  const text = value === null ? null : formatMoney(value, locale, { currency, plus: signed, places });
  return <Figure {...figure} text={text} />;
}

/** A fraction in per cent: `0.0123` shows 1.23%. */
export function Percent({ places = 2, ...figure }: FigureProps & { readonly places?: number }) {
  const locale = useLocale();
  const { value, signed = false } = figure;
  return (
    <Figure
      {...figure}
      text={value === null ? null : formatPercent(value, locale, { plus: signed, places })}
    />
  );
}

/** Shares or coins. */
export function Quantity({ value, className }: Pick<FigureProps, 'value' | 'className'>) {
  const locale = useLocale();
  return (
    <Figure
      value={value}
      className={className}
      text={value === null ? null : formatQuantity(value, locale)}
    />
  );
}
