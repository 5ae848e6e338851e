import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { Problem } from '#domain/core/errors.ts';
import type { Candle } from '#domain/market/candle.ts';
import type { CandleFileOptions, CandleLine, FileCandle } from '#domain/market/candle-file.ts';
import type { CandleProblem } from '#domain/market/candle-problem.ts';
import {
  type CandleImportRequest,
  candleImportRequest,
  sourceOfFile,
} from '#domain/market/import-request.ts';
import { calendarOf } from '#domain/market/instrument.ts';
import { sourceName } from '#domain/market/quote.ts';
import type { CandleImportResult } from '#domain/market/view.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { uuidV7 } from '#domain/core/ids.ts';
import type { Transaction } from '#db/core/client.ts';
import { type OperationContext, instanceOperation } from '#db/core/operation.ts';
import { storable } from '#db/core/storable.ts';
import { type Written, writeCandles } from '../candles.ts';
import { type GapCode, findGaps } from '../gaps.ts';
import { type ImportProblem, candleImports } from '../schema.ts';
import { type CandleFormat, type FileEnd, readCandleFile } from './read.ts';

/** Problems that are kept; `refused` counts all. */
const problemsKept = 100;
const symbolsShown = 200;
const batch = 5_000;

const input = candleImportRequest.extend({ bytes: z.instanceof(Uint8Array) });

/** What is known of one symbol of the file. */
interface SymbolSpan {
  candles: number;
  first: Date;
  last: Date;
  firstDay: string;
  lastDay: string;
  readonly idle: Map<number, { readonly end: Date; readonly code: GapCode }>;
}

interface Read extends FileEnd, Written {
  readonly format: CandleFormat;
  readonly kept: readonly ImportProblem[];
  readonly gaps: number;
  readonly symbols: ReadonlyMap<string, SymbolSpan>;
}

const idleCodes = { halted: 'gap_halted', no_trades: 'gap_no_trades' } as const;

function storedProblem({ line, field, value, code, message, params }: CandleProblem): ImportProblem {
  const plain = Object.entries({ ...params, value }).map(([name, given]) => [
    name,
    typeof given === 'number' || given === null ? given : storable(given),
  ]);
  return {
    line,
    column: field === null ? null : storable(field),
    code,
    message: storable(message),
    params: Object.fromEntries(plain),
  };
}

function noteSymbol(symbols: Map<string, SymbolSpan>, line: Exclude<CandleLine, { kind: 'refused' }>): void {
  if (line.kind !== 'candle' && line.kind !== 'idle') return;
  const { symbol, day, start, end } = line.kind === 'candle' ? line.candle : line;
  const known = symbols.get(symbol);
  const span: SymbolSpan = known ?? {
    candles: 0,
    first: start,
    last: end,
    firstDay: day,
    lastDay: day,
    idle: new Map(),
  };
  if (known === undefined) symbols.set(symbol, span);
  if (start < span.first) [span.first, span.firstDay] = [start, day];
  if (end > span.last) [span.last, span.lastDay] = [end, day];
  if (line.kind === 'candle') span.candles += 1;
  else span.idle.set(start.getTime(), { end, code: idleCodes[line.reason] });
}

function rowOf(found: FileCandle, asked: Settled): Candle {
  const { symbol, start, end, available_at, open, high, low, close, volume, value } = found;
  const { venue, source, interval, adjusted } = asked;
  const at = { start: start.toISOString(), end: end.toISOString(), available_at: available_at.toISOString() };
  return { venue, source, symbol, interval, ...at, open, high, low, close, volume, value, adjusted };
}

type Settled = CandleImportRequest & { readonly source: string };

/** Reads the file and writes its candles as it goes, so that a large one never stands in memory as rows. */
async function readInto(
  tx: Transaction,
  bytes: Uint8Array<ArrayBuffer>,
  asked: Settled,
  now: Date,
): Promise<Read> {
  const calendar = builtinCalendar(calendarOf[asked.venue]);
  const options: CandleFileOptions = {
    venue: asked.venue,
    calendar,
    interval: asked.interval,
    zone: asked.time_zone ?? calendar.zone,
    stamp: asked.stamp,
    symbol: asked.symbol ?? null,
    order: asked.order,
    columns: asked.columns,
    now,
  };
  const kept: ImportProblem[] = [];
  const symbols = new Map<string, SymbolSpan>();
  const written = { added: 0, changed: 0 };
  let bad = false;
  let pending: Candle[] = [];
  const flush = async () => {
    // Of a file that is refused anyway only the problems are still of use.
    if (!bad || asked.skip_bad_lines) {
      const { added, changed } = await writeCandles(tx, pending);
      written.added += added;
      written.changed += changed;
    }
    pending = [];
  };
  const end = await readCandleFile(bytes, options, async (lines) => {
    for (const line of lines) {
      if (line.kind === 'refused') {
        bad = true;
        for (const problem of line.problems.slice(0, problemsKept - kept.length))
          kept.push(storedProblem(problem));
      } else noteSymbol(symbols, line);
      if (line.kind === 'candle') pending.push(rowOf(line.candle, asked));
    }
    if (pending.length >= batch) await flush();
    // Others of this process get their turn.
    await new Promise(setImmediate);
  });
  await flush();
  const gaps = bad && !asked.skip_bad_lines ? 0 : await writeGaps(tx, asked, symbols, now, calendar);
  return { ...end, ...written, kept, gaps, symbols };
}

async function writeGaps(
  tx: Transaction,
  { venue, source, interval }: Settled,
  symbols: ReadonlyMap<string, SymbolSpan>,
  now: Date,
  calendar: CandleFileOptions['calendar'],
): Promise<number> {
  let count = 0;
  for (const [symbol, { first, last, idle }] of symbols) {
    const stretch = { venue, source, symbol, interval, from: first, to: last };
    count += (await findGaps(tx, calendar, stretch, idle, now)).length;
  }
  return count;
}

/** Thrown to undo the candles of a dry run or of a refused file, with what was found. */
class Undo extends Error {
  readonly found: Read;
  constructor(found: Read) {
    super('undone');
    this.found = found;
  }
}

const isRefused = (found: Read, { skip_bad_lines }: Settled) =>
  found.problems.length > 0 || (found.counts.refused > 0 && !skip_bad_lines);

async function readOrUndo(
  context: OperationContext,
  bytes: Uint8Array<ArrayBuffer>,
  asked: Settled,
): Promise<Read> {
  try {
    return await context.tx.transaction(async (tx) => {
      const found = await readInto(tx, bytes, asked, context.now);
      if (asked.dry_run || isRefused(found, asked)) throw new Undo(found);
      return found;
    });
  } catch (error) {
    if (error instanceof Undo) return error.found;
    throw error;
  }
}

function days(symbols: ReadonlyMap<string, SymbolSpan>): {
  first_day: string | null;
  last_day: string | null;
} {
  const spans = [...symbols.values()];
  const first = spans.map(({ firstDay }) => firstDay).toSorted()[0] ?? null;
  const last =
    spans
      .map(({ lastDay }) => lastDay)
      .toSorted()
      .at(-1) ?? null;
  return { first_day: first, last_day: last };
}

function resultOf(found: Read, asked: Settled, id: string | null): CandleImportResult {
  const { counts, symbols } = found;
  const refused = isRefused(found, asked);
  // A file whose header is bad has no lines that could be: the header is the one.
  const fatal = found.problems.filter(({ line }) => !found.kept.some((problem) => problem.line === line));
  const problems = [...fatal.map(storedProblem), ...found.kept];
  const unchanged = refused ? 0 : counts.candles - found.added - found.changed;
  return {
    import_id: id,
    dry_run: asked.dry_run,
    file: asked.file,
    format: found.format,
    venue: asked.venue,
    source: asked.source,
    interval: asked.interval,
    state: refused ? 'refused' : 'done',
    rows: counts.candles + counts.idle + counts.refused,
    candles: counts.candles,
    idle: counts.idle,
    added: refused ? 0 : found.added,
    changed: refused ? 0 : found.changed,
    unchanged,
    refused: Math.max(counts.refused, fatal.length),
    problems: problems.map((problem) => ({ ...problem, params: { ...problem.params } })),
    gaps: refused ? 0 : found.gaps,
    ...days(symbols),
    symbols: [...symbols].slice(0, symbolsShown).map(([symbol, span]) => ({
      symbol,
      candles: span.candles,
      first_day: span.firstDay,
      last_day: span.lastDay,
    })),
    symbol_count: symbols.size,
  };
}

function settled(asked: CandleImportRequest): Settled {
  const source = asked.source ?? sourceOfFile(asked.file);
  if (!sourceName.safeParse(source).success)
    throw new Problem('invalid', 'invalid', `source: "${source}" is no name of a source: give one`, {}, [
      { path: ['source'], code: 'source_form', message: 'give a source such as import:prices' },
    ]);
  return { ...asked, source };
}

/**
 * Imports a candle file: all of it or nothing, unless bad lines are to be skipped. A refused file is no error: it is
 * answered (and kept in the list of imports) with every bad line. The same file again adds and changes nothing.
 * @throws Problem 400 for a file of another kind, 413 for one too large.
 */
export const importCandles = instanceOperation({
  name: 'import_candles',
  permission: 'settings.manage',
  input,
  async run(context, { bytes, ...request }): Promise<CandleImportResult> {
    const asked = settled(request);
    const { tx } = context;
    // Reading a large file takes longer than a transaction may else idle; two of one source would wait in a circle.
    await tx.execute(sql`set local idle_in_transaction_session_timeout = '60s'`);
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`bellkeeper.candles ${asked.source}`}))`);
    const found = await readOrUndo(context, new Uint8Array(bytes), asked);
    if (asked.dry_run) return resultOf(found, asked, null);
    const id = uuidV7(context.now, randomBytes(10));
    const result = resultOf(found, asked, id);
    const { file, format, venue, source, interval, state, rows, added, changed, refused, problems } = result;
    const summary = { file, format, venue, source, interval, state, rows, added, changed, refused };
    await tx.insert(candleImports).values({
      id,
      ...summary,
      interval: asked.interval,
      problems,
      firstDay: result.first_day,
      lastDay: result.last_day,
      actorName: context.actor.name,
      at: context.now,
    });
    context.change('market', source);
    context.audit({ entityType: 'candle_import', entityId: id, before: null, after: summary });
    return result;
  },
});
