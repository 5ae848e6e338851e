/** Colours a command may ask for; each is a token of ours, so that they stay readable in both themes. */
export const sgrColours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
export type SgrColour = (typeof sgrColours)[number];

/** A stretch of a line in one look. */
export interface Segment {
  readonly text: string;
  readonly colour: SgrColour | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
}

type Look = Omit<Segment, 'text'>;
const plainLook: Look = { colour: null, bold: false, dim: false, italic: false, underline: false };

const escape = '\u001B';
/** CSI and OSC sequences, then any other two-character escape, then a bell by itself. */
const sequences = new RegExp(
  `${escape}(?:\\[([0-?]*)[ -/]*([@-~])|\\][^\\u0007${escape}]*(?:\\u0007|${escape}\\\\)?|.)?|\\u0007`,
  'gs',
);
const special = new RegExp(`[${escape}\\u0007]`);
/** Control characters that show nothing, and marks that reorder text to deceive its reader. */
// oxlint-disable-next-line no-control-regex
const invisible = /[^\P{Cc}\t\n\r\u0007\u001B]|[\u202A-\u202E\u2066-\u2069]/gu;

/** What a terminal would show of a line: a carriage return starts it over. */
function lastWriting(line: string): string {
  const ended = line.endsWith('\r') ? line.slice(0, -1) : line;
  return ended.slice(ended.lastIndexOf('\r') + 1);
}

function cleaned(line: string): string {
  return lastWriting(line).replaceAll(invisible, '');
}

/** The line without colours and control characters: what is searched and copied. */
export function plainText(line: string): string {
  const text = cleaned(line);
  return special.test(text) ? text.replaceAll(sequences, '') : text;
}

/** The colour of a 256-colour index where it is one of the sixteen named ones. */
function indexedColour(index: number): SgrColour | null {
  return index < 16 ? (sgrColours[index % 8] ?? null) : null;
}

function applyCode(
  look: Look,
  codes: readonly number[],
  at: number,
): { readonly look: Look; readonly used: number } {
  const code = codes[at] ?? 0;
  const set = (change: Partial<Look>) => ({ look: { ...look, ...change }, used: 1 });
  if (code === 0) return { look: plainLook, used: 1 };
  if (code === 1) return set({ bold: true });
  if (code === 2) return set({ dim: true });
  if (code === 3) return set({ italic: true });
  if (code === 4) return set({ underline: true });
  if (code === 22) return set({ bold: false, dim: false });
  if (code === 23) return set({ italic: false });
  if (code === 24) return set({ underline: false });
  if (code === 39) return set({ colour: null });
  if (code >= 30 && code <= 37) return set({ colour: sgrColours[code - 30] ?? null });
  if (code >= 90 && code <= 97) return set({ colour: sgrColours[code - 90] ?? null });
  if (code === 38 || code === 48) {
    const indexed = codes[at + 1] === 5;
    const used = indexed ? 3 : codes[at + 1] === 2 ? 5 : 2;
    return {
      look: code === 38 && indexed ? { ...look, colour: indexedColour(codes[at + 2] ?? 0) } : look,
      used,
    };
  }
  return { look, used: 1 };
}

function applySgr(look: Look, codes: string): Look {
  const numbers = codes.split(/[;:]/).map(Number);
  let current = look;
  for (let at = 0; at < numbers.length;) {
    const { look: next, used } = applyCode(current, numbers, at);
    current = next;
    at += used;
  }
  return current;
}

/** A line as stretches of text with their colours; every other escape sequence is dropped. The texts join to `plainText`. */
export function parseSgr(line: string): readonly Segment[] {
  const text = cleaned(line);
  if (!special.test(text)) return text === '' ? [] : [{ text, ...plainLook }];
  const segments: Segment[] = [];
  let look = plainLook;
  let from = 0;
  for (const match of text.matchAll(sequences)) {
    if (match.index > from) segments.push({ text: text.slice(from, match.index), ...look });
    from = match.index + match[0].length;
    if (match[2] === 'm') look = applySgr(look, match[1] ?? '');
  }
  if (from < text.length) segments.push({ text: text.slice(from), ...look });
  return segments;
}

/** A stretch after the search has marked it. */
export interface MarkedSegment extends Segment {
  readonly marked: boolean;
}

/** Start and end of every occurrence of `query` in `text`, ignoring case. */
export function occurrences(text: string, query: string): readonly (readonly [number, number])[] {
  if (query === '') return [];
  const found: (readonly [number, number])[] = [];
  const haystack = text.toLowerCase();
  const needle = query.toLowerCase();
  // Lower-casing may change a text's length (İ); then its positions say nothing about the original.
  if (haystack.length !== text.length) return [];
  for (let at = haystack.indexOf(needle); at !== -1; at = haystack.indexOf(needle, at + needle.length)) {
    found.push([at, at + needle.length]);
  }
  return found;
}

/** Cuts stretches at the occurrences of `query` across the whole line, so that a match may span colours. */
export function markSegments(segments: readonly Segment[], query: string): readonly MarkedSegment[] {
  const hits = occurrences(segments.map((segment) => segment.text).join(''), query);
  if (hits.length === 0) return segments.map((segment) => ({ ...segment, marked: false }));
  const marked: MarkedSegment[] = [];
  let offset = 0;
  for (const segment of segments) {
    const end = offset + segment.text.length;
    const cuts = hits.flat().filter((cut) => cut > offset && cut < end);
    const edges = [offset, ...cuts, end];
    edges.slice(0, -1).forEach((start, index) => {
      const stop = edges[index + 1] ?? end;
      const hit = hits.some(([from, to]) => start >= from && stop <= to);
      if (stop > start)
        marked.push({ ...segment, text: segment.text.slice(start - offset, stop - offset), marked: hit });
    });
    offset = end;
  }
  return marked;
}
