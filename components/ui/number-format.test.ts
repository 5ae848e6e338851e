import { describe, expect, it } from 'vitest';
import { directionOf, formatMoney, formatPercent, formatQuantity } from '#components/ui/number-format.ts';

describe('formatMoney', () => {
  it('writes decimal text to the last digit', () => {
    expect(formatMoney('98765432109876543210', 'ko')).toBe('98,765,432,109,876,543,210');
    expect(formatMoney('0.1234', 'en')).toBe('0.1234');
    expect(formatMoney('-70000', 'ko')).toBe('-70,000');
  });

  it('puts the mark where the language has it, behind the sign', () => {
    expect(formatMoney('-1234', 'ko', { currency: 'KRW' })).toBe('-1,234원');
    expect(formatMoney('1234', 'en', { currency: 'KRW', plus: true })).toBe('+₩1,234');
    expect(formatMoney('1234.5', 'en', { currency: 'USD' })).toBe('$1,234.50');
  });

  it('has a sign for every gain and loss, and none for nothing', () => {
    expect(formatMoney(30_000, 'ko', { plus: true })).toBe('+30,000');
    expect(formatMoney('-20000.00', 'ko', { plus: true })).toBe('-20,000');
    expect(formatMoney('0.00', 'ko', { plus: true })).toBe('0');
    expect(formatMoney('-0.00001', 'ko', { plus: true })).toBe('0');
  });
});

describe('formatPercent', () => {
  it('takes a fraction', () => {
    expect(formatPercent('0.6667', 'ko', { places: 1 })).toBe('66.7%');
    expect(formatPercent(-0.03, 'en', { plus: true })).toBe('-3.00%');
    expect(formatPercent('0.00001', 'en', { plus: true })).toBe('0.00%');
  });
});

describe('formatQuantity', () => {
  it('keeps the decimals of coins and adds none to shares', () => {
    expect(formatQuantity('0.00051000', 'ko')).toBe('0.00051');
    expect(formatQuantity('12000', 'en')).toBe('12,000');
  });
});

describe('directionOf', () => {
  it('reads text of any size', () => {
    expect(['-0.00', '0', '-0.000000000000000000000000001', '5', 'NaN'].map(directionOf)).toEqual([
      'flat',
      'flat',
      'down',
      'up',
      'flat',
    ]);
  });
});
