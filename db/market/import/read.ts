import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Problem } from '#domain/core/errors.ts';
import {
  type CandleFileCounts,
  type CandleFileOptions,
  type CandleLine,
  candleReader,
} from '#domain/market/candle-file.ts';
import { type CandleProblem, candleProblem } from '#domain/market/candle-problem.ts';
import { fileTooLarge, importLimits } from './limits.ts';
import { readParquet } from './parquet.ts';

export type CandleFormat = 'csv' | 'parquet';
/** Takes what the lines said, some thousand at a time. */
export type TakeLines = (lines: readonly CandleLine[]) => Promise<void>;
export interface FileEnd {
  readonly counts: CandleFileCounts;
  /** What is wrong with the file as a whole. */
  readonly problems: readonly CandleProblem[];
}

const starts = (bytes: Uint8Array, ...first: readonly number[]) =>
  first.every((value, index) => bytes[index] === value);

const unzip = promisify(gunzip);

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (!starts(bytes, 0x1f, 0x8b)) return bytes;
  try {
    return new Uint8Array(await unzip(bytes, { maxOutputLength: importLimits.unpackedBytes }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw fileTooLarge('unpackedBytes');
    throw new Problem('invalid', 'import_bad_gzip', 'The gzip file is damaged: pack it again.');
  }
}

/** What text is written in: UTF-8, UTF-16 by its mark, else what Korean Windows writes. */
function encodingOf(bytes: Uint8Array): string {
  if (starts(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (starts(bytes, 0xfe, 0xff)) return 'utf-16be';
  return isUtf8(bytes) ? 'utf-8' : 'euc-kr';
}

/** Lines of text without ever holding all of it as text. */
function* linesOf(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder(encodingOf(bytes));
  const piece = 1_048_576;
  let rest = '';
  for (let at = 0; at < bytes.length; at += piece) {
    rest += decoder.decode(bytes.subarray(at, at + piece), { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

const chunk = 2_000;

async function readCsv(bytes: Uint8Array, options: CandleFileOptions, take: TakeLines): Promise<FileEnd> {
  const reader = candleReader(options);
  let lines: CandleLine[] = [];
  let count = 0;
  for (const line of linesOf(bytes)) {
    count += 1;
    if (count > importLimits.rows) throw fileTooLarge('rows');
    lines.push(reader.read(line));
    if (lines.length < chunk) continue;
    await take(lines);
    lines = [];
  }
  await take(lines);
  const { counts, problems } = reader.end();
  const idle = counts.candles + counts.idle + counts.refused === 0 && problems.length === 0;
  return { counts, problems: idle ? [candleProblem({ line: count }, 'no_rows')] : problems };
}

/**
 * Reads a candle file: CSV in UTF-8, UTF-16 or CP949, or Parquet, either packed with gzip.
 * @throws Problem 400 for a file of another kind, 413 for one too large.
 */
export async function readCandleFile(
  given: Uint8Array<ArrayBuffer>,
  options: CandleFileOptions,
  take: TakeLines,
): Promise<FileEnd & { readonly format: CandleFormat }> {
  if (given.byteLength > importLimits.fileBytes) throw fileTooLarge('fileBytes');
  const bytes = await unpacked(given);
  if (starts(bytes, 0x50, 0x4b, 0x03, 0x04))
    throw new Problem(
      'invalid',
      'import_zip',
      'This is a zip file or a workbook (xlsx): unpack it, or save the sheet as CSV.',
    );
  if (starts(bytes, 0x50, 0x41, 0x52, 0x31))
    return { format: 'parquet', ...(await readParquet(bytes, options, take)) };
  if (bytes.subarray(0, 4_096).includes(0) && !encodingOf(bytes).startsWith('utf-16'))
    throw new Problem('invalid', 'import_not_text', 'The file is neither CSV nor Parquet.');
  return { format: 'csv', ...(await readCsv(bytes, options, take)) };
}
