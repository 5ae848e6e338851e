import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTranslator } from 'use-intl/core';
import { describe, expect, it } from 'vitest';
import { runReason, runState } from '#domain/runs/run.ts';
import en from '#messages/en.json' with { type: 'json' };
import ko from '#messages/ko.json' with { type: 'json' };

const catalogues = { en, ko } as const;

function flatten(node: unknown, path: readonly string[] = []): [string, string][] {
  if (typeof node === 'string') return [[path.join('.'), node]];
  if (typeof node !== 'object' || node === null)
    throw new Error(`${path.join('.')} is neither a text nor a group`);
  return Object.entries(node).flatMap(([key, value]) => flatten(value, [...path, key]));
}

const texts = { en: new Map(flatten(en)), ko: new Map(flatten(ko)) };

/** Argument names and tags of an ICU text: `{name}`, `{name, plural, …}`, `<link>`. */
function placeholders(text: string): string[] {
  const names = [...text.matchAll(/\{\s*([a-z_]\w*)\s*[,}]/gi), ...text.matchAll(/<(\w+)>/g)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(names)].sort();
}

describe('messages', () => {
  it('has the same keys in both languages', () => {
    expect([...texts.ko.keys()].sort()).toEqual([...texts.en.keys()].sort());
  });

  it('uses the same arguments in both languages', () => {
    const differing = [...texts.en].filter(([key, text]) => {
      const other = texts.ko.get(key) ?? '';
      return placeholders(text).join() !== placeholders(other).join();
    });
    expect(differing).toEqual([]);
  });

  it.each(['en', 'ko'] as const)('renders every text (%s)', (locale) => {
    const faults: string[] = [];
    const translate = createTranslator({
      locale,
      messages: catalogues[locale],
      timeZone: 'Asia/Seoul',
      onError: (error) => faults.push(error.message),
    });
    for (const [key, text] of texts[locale]) {
      expect(text.trim(), key).not.toBe('');
      const values = Object.fromEntries(
        placeholders(text).map((name) => [name, text.includes(`<${name}>`) ? (chunks: string) => chunks : 3]),
      );
      Reflect.apply(translate.markup, translate, [key, values]);
    }
    expect(faults).toEqual([]);
  });

  it('has a text for every reason and every state of a run', () => {
    for (const code of runReason.shape.code.options) expect(texts.ko.has(`reasons.${code}`), code).toBe(true);
    for (const state of runState.options) expect(texts.ko.has(`status.${state}`), state).toBe(true);
  });

  it('writes reasons with plain arguments, for an old row may lack one', () => {
    const formatted = [...texts.en, ...texts.ko].filter(
      ([key, text]) => key.startsWith('reasons.') && /\{\s*\w+\s*,/.test(text),
    );
    expect(formatted).toEqual([]);
  });

  it('has every text that a component names', () => {
    expect(namedTexts().filter(([key]) => !texts.en.has(key))).toEqual([]);
  });
});

/** Keys written out in sources: `const t = useTranslations('ns')` … `t('key')`, with the file that names them. */
function namedTexts(): [string, string][] {
  const files = ['app', 'components'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.test.ts'))
      .map((name) => join(room, name)),
  );
  return files.flatMap((file) => {
    const source = readFileSync(file, 'utf8');
    // A name that stands for several namespaces in one file cannot be told apart by text.
    const bindings = new Map<string, Set<string>>();
    for (const match of source.matchAll(
      /const (\w+) = (?:useTranslations|await serverTranslator)\('([\w.]+)'\)/g,
    )) {
      const [, name = '', namespace = ''] = match;
      bindings.set(name, (bindings.get(name) ?? new Set()).add(namespace));
    }
    return [...bindings].flatMap(([name, namespaces]): [string, string][] => {
      const [namespace] = namespaces;
      if (namespaces.size !== 1 || namespace === undefined) return [];
      return [...source.matchAll(new RegExp(`\\b${name}(?:\\.rich)?\\('([\\w.-]+)'`, 'g'))].map(
        (match): [string, string] => [`${namespace}.${match[1] ?? ''}`, file],
      );
    });
  });
}
