import { Problem } from '#domain/core/errors.ts';

const mib = 1_048_576;

/** What a candle file may hold, so that none of them fills the memory. */
export const importLimits = {
  /** Bytes of a file as it comes. */
  fileBytes: 64 * mib,
  /** Bytes of it unpacked (gzip, Parquet's pages). */
  unpackedBytes: 512 * mib,
  rows: 2_000_000,
} as const;

/** 413 that names the limit and the way out. */
export function fileTooLarge(limit: keyof typeof importLimits): Problem {
  const max = importLimits[limit];
  const texts = {
    fileBytes: `The file is larger than ${max / mib} MiB: split it by symbol or year.`,
    unpackedBytes: `The file unpacks to more than ${max / mib} MiB: split it by symbol or year.`,
    rows: `The file has more than ${max} rows: split it by symbol or year.`,
  };
  const codes = {
    fileBytes: 'import_file_large',
    unpackedBytes: 'import_unpacked_large',
    rows: 'import_rows_many',
  };
  return new Problem(
    'too_large',
    codes[limit],
    texts[limit],
    limit === 'rows' ? { max } : { max_mib: max / mib, max_bytes: max },
  );
}
