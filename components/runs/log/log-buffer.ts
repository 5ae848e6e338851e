import type { LogLine } from '#domain/runs/view.ts';
import { plainText } from '#components/runs/log/sgr.ts';

export interface LineRow {
  readonly kind: 'line';
  readonly seq: number;
  readonly line: LogLine;
  /** Without colours: searched and copied. */
  readonly plain: string;
}
/** Stands before the first line of an attempt. */
export interface AttemptRow {
  readonly kind: 'attempt';
  /** Of the line that follows. */
  readonly seq: number;
  readonly attempt: number;
  readonly at: string;
}
export type LogRow = LineRow | AttemptRow;

/** What the view knows of the stream. */
export type LogPhase = 'connecting' | 'open' | 'reconnecting' | 'ended';

export interface LogSnapshot {
  readonly rows: readonly LogRow[];
  /** Rises with every change; `rows` is one growing array. */
  readonly version: number;
  readonly lines: number;
  readonly lastSeq: number;
  /** Columns of the widest line. */
  readonly columns: number;
  /** Lines that came and are no longer held. */
  readonly dropped: number;
  readonly phase: LogPhase;
}

/** Most rows held in a browser; the oldest give way in blocks of a tenth. */
export const maxRows = 250_000;

// oxlint-disable-next-line no-control-regex
const ascii = /^[\u0000-\u007F]*$/;

/** Columns a text takes in a monospaced font; Korean and other wide characters take two. */
function columnsOf(text: string): number {
  return ascii.test(text) ? text.length : text.length * 2;
}

/** A run's log as it arrives, for `useSyncExternalStore`. Listeners are told at most once per frame. */
export class LogBuffer {
  #rows: LogRow[] = [];
  #snapshot: LogSnapshot = {
    rows: this.#rows,
    version: 0,
    lines: 0,
    lastSeq: 0,
    columns: 0,
    dropped: 0,
    phase: 'connecting',
  };
  #attempt: number | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #limit: number;
  #told = true;

  constructor(limit: number = maxRows) {
    this.#limit = limit;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LogSnapshot => this.#snapshot;

  /** Takes lines in order; those already held (a resumed stream repeats) are passed over. */
  add(lines: readonly LogLine[]): void {
    let { columns, lastSeq, dropped, lines: count } = this.#snapshot;
    for (const line of lines) {
      if (line.seq <= lastSeq) continue;
      if (line.attempt !== this.#attempt)
        this.#rows.push({ kind: 'attempt', seq: line.seq, attempt: line.attempt, at: line.at });
      const plain = plainText(line.line);
      this.#attempt = line.attempt;
      this.#rows.push({ kind: 'line', seq: line.seq, line, plain });
      lastSeq = line.seq;
      count += 1;
      columns = Math.max(columns, columnsOf(plain));
    }
    if (this.#rows.length > this.#limit) {
      const gone = this.#rows
        .slice(0, this.#rows.length - Math.floor(this.#limit * 0.9))
        .filter((row) => row.kind === 'line').length;
      this.#rows = this.#rows.slice(-Math.floor(this.#limit * 0.9));
      dropped += gone;
    }
    this.#publish({ rows: this.#rows, columns, lastSeq, dropped, lines: count });
  }

  setPhase(phase: LogPhase): void {
    if (phase !== this.#snapshot.phase) this.#publish({ phase });
  }

  #publish(change: Partial<LogSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change, version: this.#snapshot.version + 1 };
    if (!this.#told) return;
    this.#told = false;
    // A hidden tab gets no frames; it is told at once.
    const tell = () => {
      this.#told = true;
      for (const listener of this.#listeners) listener();
    };
    if (typeof document === 'undefined' || document.visibilityState === 'hidden') tell();
    else requestAnimationFrame(tell);
  }
}

/** Index of the row that shows line `seq`, or of the next one held; -1 when there is none. */
export function rowOfLine(rows: readonly LogRow[], seq: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  if (low === rows.length) return -1;
  return rows[low]?.kind === 'attempt' ? low + 1 : low;
}

/** Finds the lines that contain a text, ignoring case; asked again it looks only at lines that are new. */
export class LogSearch {
  readonly #needle: string;
  #seqs: number[] = [];
  #scanned = 0;

  constructor(query: string) {
    this.#needle = query.toLowerCase();
  }

  /** `seq` of every matching line, rising. */
  matches(rows: readonly LogRow[]): readonly number[] {
    if (this.#needle === '' || rows.length === 0) return [];
    const last = rows.at(-1)?.seq ?? 0;
    if (last <= this.#scanned) return this.#seqs;
    const from = this.#scanned === 0 ? 0 : rowOfLine(rows, this.#scanned + 1);
    const found: number[] = [];
    for (let index = from; index < rows.length; index += 1) {
      const row = rows[index];
      if (row?.kind === 'line' && row.plain.toLowerCase().includes(this.#needle)) found.push(row.seq);
    }
    this.#scanned = last;
    if (found.length > 0) this.#seqs = [...this.#seqs, ...found];
    return this.#seqs;
  }
}

/** The match before or after a line, going round; null without matches. */
export function nextMatch(matches: readonly number[], from: number | null, step: 1 | -1): number | null {
  if (matches.length === 0) return null;
  if (step === 1) return matches.find((seq) => from === null || seq > from) ?? matches[0] ?? null;
  return matches.findLast((seq) => from === null || seq < from) ?? matches.at(-1) ?? null;
}
