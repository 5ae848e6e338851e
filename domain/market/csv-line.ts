const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** Without the byte order mark and the end that Windows leaves. */
export function bareLine(line: string): string {
  return line.replace(/^\uFEFF/, '').replace(/\r?\n?$/, '');
}

/** What separates the fields of a line: the sign it has most of. */
export function delimiterOf(line: string): Delimiter {
  const count = (sign: string) => line.split(sign).length;
  return delimiters.reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

/**
 * The fields of one line (RFC 4180): quoted ones may hold the delimiter, and a quote doubled. A field does not go on
 * over the end of the line. @returns null when a quote is not closed or text follows one.
 */
export function splitLine(line: string, delimiter: Delimiter): string[] | null {
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    while (line[at] === ' ') at += 1;
    let field = '';
    if (line[at] === '"') {
      const close = /^"((?:[^"]|"")*)" */.exec(line.slice(at));
      if (close === null) return null;
      field = (close[1] ?? '').replaceAll('""', '"');
      at += close[0].length;
      if (at < line.length && line[at] !== delimiter) return null;
    } else {
      const end = line.indexOf(delimiter, at);
      field = line.slice(at, end === -1 ? line.length : end);
      at = end === -1 ? line.length : end;
    }
    fields.push(field.trim());
    if (at >= line.length) return fields;
    at += 1;
  }
}
