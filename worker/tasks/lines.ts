import type { Readable } from 'node:stream';

/** Longest line kept whole; a longer one is cut into several. */
export const longestLine = 16_384;

/**
 * Yields a stream's lines as they come, without their line ends. A carriage return alone ends a line too, so that
 * progress bars show. Bytes that are not UTF-8 become U+FFFD.
 */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  let afterReturn = false;
  for await (const chunk of stream) {
    rest += decoder.decode(chunk as Uint8Array, { stream: true });
    if (afterReturn && rest.startsWith('\n')) rest = rest.slice(1);
    afterReturn = rest.endsWith('\r');
    const parts = rest.split(/\r\n|\n|\r/);
    rest = parts.pop() ?? '';
    for (const part of parts) yield* cut(part);
    while (rest.length > longestLine) {
      const piece = headOf(rest, longestLine);
      yield piece;
      rest = rest.slice(piece.length);
    }
  }
  rest += decoder.decode();
  if (rest !== '') yield* cut(rest);
}

/** The first `most` UTF-16 units of a text, or one less where that would part a surrogate pair. */
export function headOf(text: string, most: number): string {
  const parts = (text.codePointAt(most - 1) ?? 0) > 0xffff;
  return text.slice(0, parts ? most - 1 : most);
}

function* cut(line: string): Generator<string> {
  let rest = line;
  do {
    const piece = headOf(rest, longestLine);
    yield piece;
    rest = rest.slice(piece.length);
  } while (rest !== '');
}

const progressLine = /^::progress\s+(\d+(?:\.\d+)?)(?:\s*\/\s*(\d+(?:\.\d+)?)|\s*(%))?(?:\s+(.{1,200}))?$/u;

/** Reads `::progress 3/10 text`, `::progress 40% text` or `::progress 7`; null for any other line. */
export function progressOf(line: string): { done: number; total: number | null; text: string | null } | null {
  const match = progressLine.exec(line);
  if (match === null) return null;
  const [, done, total, percent, text] = match;
  return {
    done: Number(done),
    total: total === undefined ? (percent === undefined ? null : 100) : Number(total),
    text: text ?? null,
  };
}

const nextDelayLine = /^::next_delay_sec\s+(\d{1,9})$/;

/** Reads `::next_delay_sec 90`: the run's own answer to when the next should start. */
export function nextDelayOf(line: string): number | null {
  const match = nextDelayLine.exec(line);
  return match === null ? null : Number(match[1]);
}
