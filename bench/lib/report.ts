import { writeFile } from 'node:fs/promises';
import { cpus, loadavg, release } from 'node:os';

/** One measured figure, the others it is to be read beside, and its bar. */
export interface Line {
  readonly name: string;
  readonly unit: 'ms' | '/s';
  /** Median over the rounds. */
  readonly ours: number;
  readonly rounds: readonly number[];
  readonly peers?: Readonly<Record<string, number>>;
  /** Passed when ours is at most (ms) or at least (/s) this; absent: no bar, to be read only. */
  readonly bar?: number;
  /** What the bar is when it is not a plain number. */
  readonly barText?: string;
}

const digits = (value: number) => value.toFixed(value >= 100 ? 0 : value >= 1 ? 1 : 2);

export function passed(line: Line): boolean | null {
  if (line.bar === undefined) return null;
  return line.unit === 'ms' ? line.ours <= line.bar : line.ours >= line.bar;
}

function cells(line: Line, peers: readonly string[]): string[] {
  const verdict = passed(line);
  const bar =
    line.bar === undefined
      ? ''
      : `${line.unit === 'ms' ? '≤' : '≥'} ${digits(line.bar)}${line.barText ?? ''}`;
  const beside = peers.map((peer) => {
    const value = line.peers?.[peer];
    return value === undefined ? '' : `${digits(value)} (×${(line.ours / value).toFixed(2)})`;
  });
  return [
    line.name,
    line.unit,
    digits(line.ours),
    ...beside,
    bar,
    verdict === null ? '' : verdict ? 'pass' : 'MISS',
  ];
}

/** Prints the lines as a table. */
export function printTable(lines: readonly Line[]): void {
  const peers = [...new Set(lines.flatMap((line) => Object.keys(line.peers ?? {})))];
  const rows = [['', '', 'bellkeeper', ...peers, 'bar', ''], ...lines.map((line) => cells(line, peers))];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of rows)
    console.log(
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    );
}

/** Writes the lines with what they were measured on. */
export async function writeJson(file: string, lines: readonly Line[], conditions: object): Promise<void> {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    kernel: release(),
    node: process.version,
    load: loadavg(),
  };
  const measured = lines.map((line) => ({ ...line, passed: passed(line) }));
  await writeFile(
    file,
    `${JSON.stringify({ at: new Date().toISOString(), machine, ...conditions, lines: measured }, null, 2)}\n`,
  );
}
