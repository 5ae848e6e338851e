import { open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { CandleImportResult } from '#domain/market/view.ts';
import { perform } from '#db/core/operation.ts';
import { fileTooLarge, importLimits } from '#db/market/import/limits.ts';
import { importCandles } from '#db/market/import/operation.ts';
import { type CommandContext, UsageError, parseOptions } from './command.ts';
import { columns } from './grants.ts';
import { only } from './text.ts';

export const candleUsage = [
  'candles FILE [--venue KRX|UPBIT] [--source NAME] [--interval 1d] [--symbol SYMBOL] [--dry-run] [--json]',
  '  FILE               CSV or Parquet, plain or gzip; the same file again adds and changes nothing',
  '  --source           who gave them; default: import:FILE',
  '  --symbol           whose candles they are; left out, a column of the file says so',
  '  --time-zone        zone of times that name none; default: the venue’s',
  '  --stamp start|end  whether times are those at which candles start (default) or end',
  '  --order any        rows of a symbol in any order; default: one way, so that a mixed-up file shows',
  '  --columns          which column is which: start=Date,volume="Volume BTC"',
  '  --adjusted         prices are reckoned back over splits and rights',
  '  --skip-bad-lines   imports the good lines of a file with bad ones; else all or nothing',
  '  --dry-run          says what would be added, changed and refused; writes nothing',
];

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

async function contents(file: string): Promise<Uint8Array> {
  try {
    await using handle = await open(resolve(process.env['INIT_CWD'] ?? '', file));
    const { size } = await handle.stat();
    if (size > importLimits.fileBytes) throw fileTooLarge('fileBytes');
    return await handle.readFile();
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new UsageError(`${file} cannot be read: ${error.message}`);
    throw error;
  }
}

function summary(answer: CandleImportResult): string {
  const { added, changed, unchanged, idle, refused, gaps, source, dry_run: dry, state } = answer;
  const counts = `${added} added, ${changed} changed, ${unchanged} unchanged, ${idle} without trades, ${gaps} gaps`;
  if (state === 'refused')
    return `${refused === 1 ? '1 bad line' : `${refused} bad lines`} of ${answer.rows}: nothing was written. Correct the file, or add --skip-bad-lines.`;
  const skipped = refused > 0 ? `, ${refused} bad lines left out` : '';
  return dry
    ? `Dry run: ${counts}${skipped} in ${source} if it were done. Nothing was written.`
    : `In ${source}: ${counts}${skipped}.`;
}

/** Imports a candle file; exit code 1 when it is refused. */
export async function importCandleFile(args: readonly string[], context: CommandContext): Promise<void> {
  const { values, positionals } = parseOptions(args, {
    venue: text,
    source: text,
    interval: text,
    symbol: text,
    'time-zone': text,
    stamp: text,
    order: text,
    columns: text,
    adjusted: flag,
    'skip-bad-lines': flag,
    'dry-run': flag,
    json: flag,
  });
  const file = only(positionals, 'file');
  const { json, ...given } = values;
  const asked = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name.replaceAll('-', '_'), String(value)]),
  );
  const answer = await perform(context.database(), context.actor, importCandles, null, {
    ...asked,
    file: basename(file),
    bytes: await contents(file),
  });
  for (const { message } of answer.problems) context.say(`${file}: ${message}`);
  if (answer.refused > answer.problems.length)
    context.say(`${file}: … and ${answer.refused - answer.problems.length} more`);
  if (json === true) context.print(JSON.stringify(answer, null, 2));
  else if (answer.symbols.length > 0) {
    const rows = answer.symbols.map((one) => [
      one.symbol,
      `${one.candles} candles`,
      `${one.first_day} – ${one.last_day}`,
    ]);
    context.print(columns(rows));
    if (answer.symbol_count > rows.length)
      context.print(`… and ${answer.symbol_count - rows.length} more symbols`);
  }
  context.say(summary(answer));
  if (answer.state === 'refused') process.exitCode = 1;
}
