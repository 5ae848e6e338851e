/** What a reader chose for this browser: language, theme, the colours of gain and loss, and the navigation. */
export const locales = ['ko', 'en'] as const;
export type Locale = (typeof locales)[number];

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** korean: up red, down blue. us: up green, down red. colour-blind: up blue, down orange. */
export const palettes = ['korean', 'us', 'colour-blind'] as const;
export type Palette = (typeof palettes)[number];

/** Whether the side navigation shows words or icons only. */
export const navWidths = ['open', 'collapsed'] as const;
export type NavWidth = (typeof navWidths)[number];

export interface Preferences {
  readonly locale: Locale;
  readonly theme: Theme;
  readonly palette: Palette;
  readonly nav: NavWidth;
}

export const preferenceCookie = {
  locale: 'bk_locale',
  theme: 'bk_theme',
  palette: 'bk_palette',
  nav: 'bk_nav',
} as const satisfies Record<keyof Preferences, string>;

/** The scope last looked at, so that instance pages can lead back to it. */
export const scopeCookie = 'bk_scope';

function oneOf<T extends string>(values: readonly T[], value: string | undefined): T | null {
  return values.find((candidate) => candidate === value) ?? null;
}

/** The first language of an Accept-Language header that we speak, by its weights; the fallback otherwise. */
export function negotiateLocale(header: string | null, fallback: Locale = 'en'): Locale {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().toLowerCase().split(';');
      const weight = params
        .map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1])
        .find((q) => q !== undefined);
      return { language: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter((entry) => entry.weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const entry of wanted) {
    const known = oneOf(locales, entry.language);
    if (known !== null) return known;
  }
  return fallback;
}

/**
 * Preferences from cookies, with unknown values ignored.
 * @param cookie reads one cookie by name.
 * @param acceptLanguage the request's header; it decides only where no cookie does.
 * @param fallback the language of those who ask for neither of ours.
 */
export function parsePreferences(
  cookie: (name: string) => string | undefined,
  acceptLanguage: string | null,
  fallback: Locale = 'en',
): Preferences {
  const locale = oneOf(locales, cookie(preferenceCookie.locale)) ?? negotiateLocale(acceptLanguage, fallback);
  return {
    locale,
    theme: oneOf(themes, cookie(preferenceCookie.theme)) ?? 'system',
    palette: oneOf(palettes, cookie(preferenceCookie.palette)) ?? 'korean',
    nav: oneOf(navWidths, cookie(preferenceCookie.nav)) ?? 'open',
  };
}

/** Writes a cookie for this browser for a year. Preferences are not secret and hold no identity. */
export function writeCookie(name: string, value: string): void {
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax`;
}
