import { z } from 'zod';
import { invalidField } from '#domain/core/errors.ts';
import { symbolName } from './symbol.ts';

/** Claims are swept this long after they were made (scope time); an order keeps its key for ever. */
export const keyHours = 24;

const earliest = Date.UTC(2000, 0, 1) / 1_000;
const latest = Date.UTC(2100, 0, 1) / 1_000;

const count = z.number().int().min(0).max(999_999);

const entryParts = z.strictObject({
  ticker: symbolName,
  /** Candle length: `1m`, `15m`, `4h`, `1d`. */
  timeframe: z.string().regex(/^[1-9]\d{0,3}[smhdwM]$/, 'a candle length such as 15m, 1h or 1d'),
  /** Opening of the candle that gave the signal, never the time of asking. */
  candle_ts: z
    .number()
    .int('whole Unix seconds')
    .min(earliest, 'Unix seconds from 2000 on')
    .max(latest, 'Unix seconds up to 2100: these look like milliseconds'),
  action: z
    .string()
    .regex(/^[a-z][a-z_]{0,29}$/, 'lower-case letters and "_", starting with a letter, at most 30'),
});
const exitParts = entryParts.extend({
  /** Which position of this trader in this symbol: 1 is the first. */
  episode: count,
  /** Which try at getting out: partial fills are tried again. */
  step: count,
});

/** Parts of the key of an order that opens a position. */
export type EntryKey = z.output<typeof entryParts>;
/** Parts of the key of an order that closes one: several may be needed for one candle. */
export type ExitKey = z.output<typeof exitParts>;

function checked<Schema extends z.ZodType>(schema: Schema, parts: unknown): z.output<Schema> {
  const parsed = schema.safeParse(parts);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join('.') ?? '';
  throw invalidField(
    path === '' ? 'key' : path,
    'key_part_bad',
    issue?.message ?? 'not a part of an idempotency key',
  );
}

/**
 * The key of an entry: `{ticker}-{timeframe}-{candle_ts}-{action}`. The same signal of the same candle gives the same
 * key, whenever and by whomever it is built.
 * @throws Problem 400 naming the part.
 */
export function entryKey(parts: EntryKey): string {
  const { ticker, timeframe, candle_ts, action } = checked(entryParts, parts);
  return `${ticker}-${timeframe}-${candle_ts}-${action}`;
}

/**
 * The key of an exit: an entry's key with `-{episode}-{step}`.
 * @throws Problem 400 naming the part.
 */
export function exitKey(parts: ExitKey): string {
  const { episode, step, ...entry } = checked(exitParts, parts);
  return `${entryKey(entry)}-${episode}-${step}`;
}

// Read from the end: a ticker may have hyphens (KRW-BTC), but no lower-case letters.
const form =
  /^(?<ticker>[A-Z0-9./_-]+)-(?<timeframe>\d+[smhdwM])-(?<candle_ts>\d+)-(?<action>[a-z_]+)(?:-(?<episode>\d+)-(?<step>\d+))?$/;

/** The parts of a key, or null when it is none of ours: only what builds to the same letters is one. */
export function parseKey(key: string): EntryKey | ExitKey | null {
  const groups = form.exec(key)?.groups;
  if (groups === undefined) return null;
  const { ticker, timeframe, action, episode, step } = groups;
  const entry = { ticker, timeframe, candle_ts: Number(groups['candle_ts']), action };
  if (episode === undefined) {
    const { data } = entryParts.safeParse(entry);
    return data !== undefined && entryKey(data) === key ? data : null;
  }
  const { data } = exitParts.safeParse({ ...entry, episode: Number(episode), step: Number(step) });
  return data !== undefined && exitKey(data) === key ? data : null;
}
