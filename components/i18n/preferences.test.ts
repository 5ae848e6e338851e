import { describe, expect, it } from 'vitest';
import { negotiateLocale, parsePreferences } from '#components/i18n/preferences.ts';

describe('negotiateLocale', () => {
  it.each([
    ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
    ['en-US,en;q=0.9,ko;q=0.8', 'en'],
    ['fr-FR,ko;q=0.5', 'ko'],
    ['en;q=0.2, ko;q=0.9', 'ko'],
    ['ko;q=0, en', 'en'],
    ['fr', 'en'],
    [null, 'en'],
  ])('%s -> %s', (header, locale) => {
    expect(negotiateLocale(header)).toBe(locale);
  });
});

const read = (cookies: Record<string, string>) => (name: string) => cookies[name];

describe('parsePreferences', () => {
  it('lets a cookie win over the browser', () => {
    expect(parsePreferences(read({ bk_locale: 'en' }), 'ko').locale).toBe('en');
  });

  it('ignores values nobody offers', () => {
    expect(parsePreferences(read({ bk_locale: 'xx', bk_theme: '<script>', bk_palette: '' }), 'ko')).toEqual({
      locale: 'ko',
      theme: 'system',
      palette: 'korean',
      nav: 'open',
    });
  });
});
