/** One column of an export. */
export interface CsvColumn<Row> {
  readonly name: string;
  readonly value: (row: Row) => string | number | boolean | null | undefined;
}

/** Opens as UTF-8 in spreadsheets that otherwise guess. */
const byteOrderMark = '\uFEFF';
const number = /^[+-]?\d+(\.\d+)?$/;

/**
 * A cell (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP CSV
 * injection); numbers stay numbers.
 */
export function csvCell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  if (number.test(text)) return text;
  const guarded = /^\s*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

const line = (cells: readonly string[]) => `${cells.join(',')}\r\n`;

async function* linesOf<Row>(
  columns: readonly CsvColumn<Row>[],
  rows: AsyncIterable<Row>,
): AsyncGenerator<string> {
  yield byteOrderMark + line(columns.map(({ name }) => csvCell(name)));
  for await (const row of rows) yield line(columns.map(({ value }) => csvCell(value(row))));
}

/** Lines are sent in pieces of about so many characters. */
const pieceSize = 32_768;

/**
 * An export as a download that is written while it is read: no more than a page of rows is held.
 * @param name of the file, in plain letters, digits, `-`, `_` and `.`.
 */
export function csvResponse<Row>(
  name: string,
  columns: readonly CsvColumn<Row>[],
  rows: AsyncIterable<Row>,
): Response {
  const lines = linesOf(columns, rows);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let piece = '';
      while (piece.length < pieceSize) {
        // oxlint-disable-next-line no-await-in-loop -- lines come one after the other
        const next = await lines.next();
        if (next.done === true) {
          if (piece !== '') controller.enqueue(encoder.encode(piece));
          controller.close();
          return;
        }
        piece += next.value;
      }
      controller.enqueue(encoder.encode(piece));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}

interface Page<Row> {
  readonly items: readonly Row[];
  readonly next_cursor: string | null;
}

/** All rows of a paged list, a page at a time. */
export async function* everyRow<Row>(
  read: (cursor: string | undefined) => Promise<Page<Row>>,
): AsyncGenerator<Row> {
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop -- each page names the next
    const page: Page<Row> = await read(cursor);
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
