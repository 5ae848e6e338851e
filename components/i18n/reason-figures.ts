import { formatMoney, formatPercent } from '#components/ui/number-format.ts';
import type { ErrorParams } from '#domain/core/errors.ts';

/** Parameters that are fractions and read as per cents, by code. */
const fractions: Readonly<Record<string, readonly string[]>> = {
  confidence_low: ['confidence', 'limit'],
  exit_confidence_low: ['confidence', 'limit'],
  candidate_change_low: ['change', 'limit'],
  candidate_change_high: ['change', 'limit'],
  candidate_bad_data: ['change'],
  max_drawdown: ['drawdown', 'limit'],
  volume_long_candle: ['body'],
};

/** Parameters that are amounts, prices, quantities or indicators: grouped, and without the tail of a division. */
const figures: ReadonlySet<string> = new Set(
  `price limit lower upper tick needed cash value volume capital quantity held expected filled known sellable loss
   left ours broker difference target range resistance high close edge fast slow entry rsi multiple amount
   remaining open average`.split(/\s+/),
);

/** Parameters that are words of ours: `reason_words.<value>`. */
const words: ReadonlySet<string> = new Set(['matching', 'reason', 'side', 'plan']);

const numeric = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * A reason's parameters as a person reads them: numbers in the reader's form, our own words in the reader's language.
 * @param wordOf the text of a word, null for one that has none.
 */
export function readable(
  code: string,
  params: ErrorParams,
  locale: string,
  wordOf: (word: string) => string | null,
): ErrorParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (typeof value === 'string' && words.has(name)) return [name, wordOf(value) ?? value];
      if ((typeof value !== 'string' && typeof value !== 'number') || !numeric.test(String(value)))
        return [name, value];
      if (fractions[code]?.includes(name) === true)
        return [name, formatPercent(value, locale, { places: name === 'confidence' ? 0 : 2 })];
      return [name, figures.has(name) ? formatMoney(value, locale, { places: 2 }) : value];
    }),
  );
}
