import { describe, expect, it } from 'vitest';
import { readable } from '#components/i18n/reason-figures.ts';

const wordOf = (word: string) => (word === 'auction' ? '단일가매매' : null);

describe('readable', () => {
  it('groups amounts, cuts the tails of divisions, and leaves names alone', () => {
    expect(
      readable(
        'stop_loss',
        { price: '67900', entry: '70000.123456', change_pct: -3, symbol: '005930' },
        'ko',
        wordOf,
      ),
    ).toEqual({ price: '67,900', entry: '70,000.12', change_pct: -3, symbol: '005930' });
  });

  it('writes fractions as per cents where the code has them', () => {
    expect(readable('max_drawdown', { drawdown: '0.019400', limit: '0.2' }, 'en', wordOf)).toEqual({
      drawdown: '1.94%',
      limit: '20.00%',
    });
    expect(readable('cash_short', { limit: '0.2' }, 'en', wordOf)).toEqual({ limit: '0.2' });
  });

  it('puts our own words into the language of the reader, and leaves unknown ones', () => {
    expect(readable('no_continuous_trading', { matching: 'auction', reason: 'x' }, 'ko', wordOf)).toEqual({
      matching: '단일가매매',
      reason: 'x',
    });
  });
});
