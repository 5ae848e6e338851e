import { z } from 'zod';
import { symbolName } from '#domain/locks/symbol.ts';
import { isTimeZone } from '#domain/time/zone.ts';
import { candleInterval } from './candle.ts';
import { type CandleRole, candleRoles } from './candle-columns.ts';
import { venue } from './instrument.ts';
import { sourceName } from './quote.ts';

const columnsText = /^\s*(\w+)\s*=\s*(.+?)\s*$/;

function isRole(text: string): text is CandleRole {
  return (candleRoles as readonly string[]).includes(text);
}

/** `start=Date,volume=Volume BTC`: columns by role, as the file's header names them. */
const chosenColumns = z
  .string()
  .transform((text, context) => {
    const chosen: Partial<Record<CandleRole, string>> = {};
    for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
      const [, role = '', name = ''] = columnsText.exec(part) ?? [];
      if (isRole(role)) chosen[role] = name;
      else
        context.addIssue({
          code: 'custom',
          message: `"${part.trim()}": write role=name; roles are ${candleRoles.join(', ')}`,
          params: { code: 'import_columns', part: part.trim() },
        });
    }
    return chosen;
  })
  .describe('Which column is which, where guessing is wrong: `start=Date,volume=Volume BTC`.');

const flag = z.preprocess((value) => (value === '' ? 'true' : value), z.stringbool());

/** How a candle file is to be read and what is done with it. All text, as a query string carries it. */
export const candleImportRequest = z.object({
  file: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe("The file's name: it names the source where none is given."),
  venue: venue.default('KRX').describe('Its calendar says when candles start and end.'),
  source: sourceName
    .refine((text) => !text.startsWith('simulator'), {
      error: 'a simulated market writes its own candles: choose another source',
      params: { code: 'source_simulated' },
    })
    .optional()
    .describe('Default: `import:` and the name of the file.'),
  interval: candleInterval.default('1d'),
  symbol: symbolName
    .optional()
    .describe('Whose candles they are; left out, the file has a column that says so.'),
  time_zone: z
    .string()
    .refine(isTimeZone, { error: 'an IANA zone such as Asia/Seoul', params: { code: 'time_zone' } })
    .optional()
    .describe("Zone of times that name none; default: the venue's."),
  stamp: z
    .enum(['start', 'end'])
    .default('start')
    .describe('Whether times are those at which candles start or end.'),
  order: z
    .enum(['strict', 'any'])
    .default('strict')
    .describe("`any`: a symbol's rows may come in any order of time."),
  columns: chosenColumns.default({}),
  adjusted: flag.default(false).describe('Prices are reckoned back over splits and rights.'),
  skip_bad_lines: flag
    .default(false)
    .describe('Imports the good lines of a file with bad ones; else it is all or nothing.'),
  dry_run: flag.default(false).describe('Says what would be imported, and writes nothing.'),
});
export type CandleImportRequest = z.output<typeof candleImportRequest>;

/** The source of a file that names none: `import:prices.csv`. */
export function sourceOfFile(file: string): string {
  const name = file.replace(/^.*[/\\]/, '').replaceAll(/[\s:]+/g, '_');
  return `import:${name.slice(0, 190)}`;
}
