import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Reads the tokens of globals.css as a browser would, and measures WCAG contrast of the colours of gain and loss. */
const css = readFileSync('app/globals.css', 'utf8');
const themes = ['light', 'dark'] as const;
type Theme = (typeof themes)[number];

function tokensOf(selector: string): Map<string, string> {
  const start = css.indexOf(`\n${selector} {`);
  const body = css.slice(start, css.indexOf('\n}', start));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

const base = tokensOf(':root');
const palettes = {
  korean: base,
  us: new Map([...base, ...tokensOf(":root[data-palette='us']")]),
  'colour-blind': new Map([...base, ...tokensOf(":root[data-palette='colour-blind']")]),
};

type Linear = readonly [number, number, number];

const clip = (value: number) => Math.min(Math.max(value, 0), 1);

/** Linear sRGB of an oklch colour (Ottosson 2020). */
function linear(text: string): Linear {
  const [l = 0, c = 0, h = 0] = (/oklch\(([^)]+)\)/.exec(text)?.[1] ?? '').split(/\s+/).map(Number);
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const L = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const M = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const S = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    clip(4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S),
    clip(-1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S),
    clip(-0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S),
  ];
}

function colour(tokens: Map<string, string>, name: string, theme: Theme): Linear {
  const value = tokens.get(name) ?? '';
  const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  if (other !== undefined) return colour(tokens, other, theme);
  const both = [...value.matchAll(/oklch\([^)]+\)/g)].map(([each]) => each);
  return linear((theme === 'light' ? both[0] : both.at(-1)) ?? '');
}

const luminance = ([r, g, b]: Linear) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(first: Linear, second: Linear): number {
  const [low = 0, high = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** What a person without green cones sees (Viénot 1999), in linear sRGB. */
function deuteranope([r, g, b]: Linear): Linear {
  const seen = 0.29275 * r + 0.70725 * g;
  return [seen, seen, -0.02234 * r + 0.02234 * g + b];
}
const apart = (first: Linear, second: Linear) =>
  Math.hypot(...first.map((value, index) => value - (second[index] ?? 0)));

const cases = Object.entries(palettes).flatMap(([name, tokens]) =>
  themes.map((theme) => [name, theme, tokens] as const),
);

describe('colours of gain and loss', () => {
  it.each(cases)('can be read on every surface: %s, %s', (_name, theme, tokens) => {
    const poor = ['gain', 'loss', 'flat'].flatMap((ink) =>
      ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'].flatMap((ground) => {
        const measured = contrast(colour(tokens, ink, theme), colour(tokens, ground, theme));
        return measured >= 4.5 ? [] : [`${ink} on ${ground}: ${measured.toFixed(2)}`];
      }),
    );
    expect(poor).toEqual([]);
  });

  it.each(cases)('can be read on their own tints: %s, %s', (_name, theme, tokens) => {
    for (const name of ['gain', 'loss'])
      expect(
        contrast(colour(tokens, name, theme), colour(tokens, `${name}-tint`, theme)),
        name,
      ).toBeGreaterThanOrEqual(4.5);
  });

  it.each(themes)('are told apart by those who see no green, in the palette made for them (%s)', (theme) => {
    const tokens = palettes['colour-blind'];
    const [gain, loss] = [colour(tokens, 'gain', theme), colour(tokens, 'loss', theme)];
    expect(apart(deuteranope(gain), deuteranope(loss))).toBeGreaterThan(0.25);
  });
});
