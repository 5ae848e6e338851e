/** Reads of a command line: the words, or what is wrong with it. */
export type SplitLine =
  | { readonly ok: true; readonly argv: readonly string[] }
  | { readonly ok: false; readonly code: 'open_quote' | 'open_escape' };

/**
 * Splits one line as a shell would: blanks part words, quotes hold them together, a backslash takes the next
 * character as it is. Nothing is expanded: no variables, globs, pipes or redirections.
 */
export function splitLine(line: string): SplitLine {
  const argv: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  for (let index = 0; index < line.length; index += 1) {
    const char = line.charAt(index);
    if (quote === null && /\s/.test(char)) {
      if (word !== null) argv.push(word);
      word = null;
    } else if (char === '\\' && quote !== "'") {
      index += 1;
      if (index >= line.length) return { ok: false, code: 'open_escape' };
      const next = line.charAt(index);
      // Inside double quotes a backslash is only special before these.
      word = (word ?? '') + (quote === '"' && !/["\\$`]/.test(next) ? `\\${next}` : next);
    } else if (quote === null && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (char === quote) {
      quote = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null) return { ok: false, code: 'open_quote' };
  if (word !== null) argv.push(word);
  return { ok: true, argv };
}

/** The line that splits into these words. */
export function joinLine(argv: readonly string[]): string {
  return argv
    .map((word) =>
      /^[\w@%+=:,./~-]+$/.test(word)
        ? word
        : word.includes("'")
          ? `"${word.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`
          : `'${word}'`,
    )
    .join(' ');
}

/** Characters that only a shell gives a meaning: the reader may expect one. */
export function shellOnly(argv: readonly string[]): readonly string[] {
  return argv.filter(
    (word) =>
      /^(?:\||\|\||&&|&|;|<|>|>>|2>|2>&1)$/.test(word) || /\$[A-Z_{(]|^~\//i.test(word) || word.includes('*'),
  );
}
