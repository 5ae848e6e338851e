import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type SchemaElement,
  parquetMetadata,
  parquetRead,
  snappyUncompress,
} from 'hyparquet';
import { Problem } from '#domain/core/errors.ts';
import { decimal } from '#domain/core/decimal.ts';
import { type CandleFileOptions, type CandleLine, candleTableReader } from '#domain/market/candle-file.ts';
import { type CandleProblem, candleProblem } from '#domain/market/candle-problem.ts';
import { fileTooLarge, importLimits } from './limits.ts';
import type { FileEnd, TakeLines } from './read.ts';

/** Most bytes of one page of a column; writers make them of about 1 MB. */
const pageBytes = 256 * 1_048_576;

type Decompress = (input: Uint8Array, size: number) => Uint8Array;

/** A page's header says how long it unpacks to: a longer one is refused while it unpacks, not after. */
function bounded(unpack: Decompress): Decompress {
  return (input, size) => {
    if (size > pageBytes) throw fileTooLarge('unpackedBytes');
    return unpack(input, size);
  };
}

const compressors: Compressors = {
  GZIP: bounded((input, size) => gunzipSync(input, { maxOutputLength: Math.max(size, 1) })),
  BROTLI: bounded((input, size) => brotliDecompressSync(input, { maxOutputLength: Math.max(size, 1) })),
  ZSTD: bounded((input, size) => zstdDecompressSync(input, { maxOutputLength: Math.max(size, 1) })),
  SNAPPY: bounded((input, size) => {
    const output = new Uint8Array(size);
    snappyUncompress(input, output);
    return output;
  }),
};

/** How a column's values are written as text. */
interface Column {
  readonly name: string;
  /** Digits after the point of a DECIMAL, null for other types. */
  readonly scale: number | null;
  /** Times are wall times without a zone. */
  readonly wall: boolean;
}

const isDecimal = ({ converted_type, logical_type }: SchemaElement) =>
  converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL';

/** The columns that hold one value a row; nested ones are none of a candle's. */
function columnsOf(schema: readonly SchemaElement[]): Column[] {
  const columns: Column[] = [];
  let nested = 0;
  for (const element of schema.slice(1)) {
    const children = element.num_children ?? 0;
    const inside = nested > 0;
    nested += children - (inside ? 1 : 0);
    if (inside || children > 0 || element.repetition_type === 'REPEATED') continue;
    const { logical_type: logical } = element;
    columns.push({
      name: element.name,
      scale: isDecimal(element) ? (element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0)) : null,
      wall: logical?.type === 'TIMESTAMP' && !logical.isAdjustedToUTC,
    });
  }
  return columns;
}

/** Without the marks of decimals, which the library would turn into binary numbers. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map((element) => {
    if (!isDecimal(element)) return element;
    const { converted_type: _type, logical_type: _logical, ...plain } = element;
    return plain;
  });
  return { ...metadata, schema };
}

function bigEndian(bytes: Uint8Array): bigint {
  const digits = Buffer.from(bytes).toString('hex');
  return digits === '' ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${digits}`));
}

function cellText(value: unknown, { scale, wall }: Column): string {
  if (value === null || value === undefined) return '';
  if (scale !== null) {
    const whole = value instanceof Uint8Array ? bigEndian(value) : value;
    const isWhole = typeof whole === 'bigint' || typeof whole === 'number';
    return isWhole ? decimal(String(whole)).dividedBy(decimal(10).pow(scale)).toFixed() : '';
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) return '';
    return wall ? value.toISOString().slice(0, -1).replace('T', ' ') : value.toISOString();
  }
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
}

function notReadable(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new Problem(
    'invalid',
    'import_not_parquet',
    `The file cannot be read as Parquet (${reason}): write it again, uncompressed or with snappy, gzip, zstd or brotli.`,
    { reason: reason.slice(0, 200) },
  );
}

function metadataOf(buffer: ArrayBuffer): FileMetaData {
  try {
    const metadata = parquetMetadata(buffer, { geoparquet: false });
    const groups = metadata.row_groups;
    const rows = groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
    const bytes = groups
      .flatMap(({ columns }) => columns)
      .reduce((sum, { meta_data: meta }) => sum + Number(meta?.total_uncompressed_size ?? 0), 0);
    if (Math.max(rows, Number(metadata.num_rows)) > importLimits.rows) throw fileTooLarge('rows');
    if (bytes > importLimits.unpackedBytes) throw fileTooLarge('unpackedBytes');
    if (groups.some(({ num_rows: count }) => count < 0n)) throw new Error('a negative count of rows');
    return metadata;
  } catch (error) {
    throw notReadable(error);
  }
}

type Values = Map<string, { readonly start: number; readonly values: ArrayLike<unknown> }[]>;

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly string[],
  from: number,
  to: number,
): Promise<Values> {
  const found: Values = new Map(names.map((name) => [name, []]));
  try {
    await parquetRead({
      file,
      metadata,
      columns: [...names],
      rowStart: from,
      rowEnd: to,
      compressors,
      utf8: false,
      parsers: { dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10) },
      onChunk: ({ columnName, columnData, rowStart }) =>
        void found.get(columnName)?.push({ start: rowStart, values: columnData }),
    });
  } catch (error) {
    throw notReadable(error);
  }
  return found;
}

const chunk = 2_000;

/**
 * Reads the candles of a Parquet file, row group by row group; rows count from 1. Decimals stay exact; times without a
 * zone are wall times of the options' zone. @throws Problem 400 for what is no Parquet file, 413 for one too large.
 */
export async function readParquet(
  bytes: Uint8Array<ArrayBuffer>,
  options: CandleFileOptions,
  take: TakeLines,
): Promise<FileEnd> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const original = metadataOf(buffer);
  const all = columnsOf(original.schema);
  const reader = candleTableReader(
    all.map(({ name }) => name),
    options,
  );
  const none = { lines: 0, candles: 0, idle: 0, refused: 0 };
  if ('code' in reader) return { counts: none, problems: [reader] };
  const used = [...new Set(Object.values(reader.columns.at).map(({ index }) => index))];
  const metadata = withoutDecimals(original);
  let from = 0;
  for (const { num_rows: count } of original.row_groups) {
    const to = from + Number(count);
    const names = used.flatMap((index) => all[index]?.name ?? []);
    const values = await readGroup(buffer, metadata, names, from, to);
    const columns = used.flatMap((index) => {
      const column = all[index];
      return column === undefined ? [] : [{ index, column, parts: values.get(column.name) ?? [] }];
    });
    for (let at = from; at < to; at += chunk) {
      const lines: CandleLine[] = [];
      for (let row = at; row < Math.min(to, at + chunk); row += 1) {
        const fields = Array.from({ length: all.length }, () => '');
        for (const { index, column, parts } of columns) {
          const part = parts.find(({ start, values: list }) => row >= start && row < start + list.length);
          fields[index] = cellText(part?.values[row - part.start], column);
        }
        lines.push(reader.read(fields));
      }
      await take(lines);
    }
    from = to;
  }
  const problems: CandleProblem[] = from === 0 ? [candleProblem({ line: 0 }, 'no_rows')] : [];
  return { counts: reader.counts(), problems };
}
