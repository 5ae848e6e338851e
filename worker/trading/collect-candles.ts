import type { z } from 'zod';
import type { Candle } from '#domain/market/candle.ts';
import type { Instrument } from '#domain/market/instrument.ts';
import { taskParams } from '#domain/jobs/tasks.ts';
import type { Calendar } from '#domain/time/calendar/calendar.ts';
import { calendarOf } from '#db/calendars/load.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Database } from '#db/core/client.ts';
import { type Written, writeCandles } from '#db/market/candles.ts';
import { type ScopeFeed, feedsOf, newestEnds } from '#db/market/collect.ts';
import { findGaps } from '#db/market/gaps.ts';
import { writeInstruments } from '#db/market/instruments.ts';
import { scopeTime } from '#db/scopes/clock.ts';
import { BrokerUnavailable, type Feed } from '#worker/brokers/port.ts';
import { type Task, type TaskContext, TaskFailure } from '#worker/tasks/task.ts';

const params = taskParams.collect_candles;
type Params = z.output<typeof params>;

/** The feed of a source in a scope; null where this build has no adapter for it. */
export type FeedOf = (scope: string, source: string) => Feed | null;

/** Symbols of one request. */
const symbolsAtOnce = 50;

interface Collecting {
  readonly db: Database;
  readonly context: TaskContext;
  readonly asked: Params;
  readonly from: ScopeFeed;
  readonly feed: Feed;
  readonly calendar: Calendar;
  readonly now: Date;
}

interface Missing {
  readonly start: Date;
  /** Whether candles end there; else it is only as far back as was asked. */
  readonly goesOn: boolean;
  readonly symbols: string[];
}

/** Symbols by the time from which candles are missing. */
async function missing(work: Collecting, symbols: readonly string[]): Promise<readonly Missing[]> {
  const { db, asked, from, now } = work;
  const { venue, feed: source } = from;
  const ends = await newestEnds(db, { venue, source, interval: asked.interval, symbols });
  const oldest = now.getTime() - asked.lookback_min * 60_000;
  const groups = new Map<string, Missing>();
  for (const symbol of symbols) {
    const end = ends.get(symbol);
    const start = end ?? new Date(oldest);
    const key = `${start.getTime()} ${end === undefined}`;
    const group = groups.get(key) ?? { start, goesOn: end !== undefined, symbols: [] };
    group.symbols.push(symbol);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Only what a reader of the scope may know by now. */
const closed = (candles: readonly Candle[], now: Date) =>
  candles.filter(
    (row) => Date.parse(row.available_at) <= now.getTime() && Date.parse(row.end) <= now.getTime(),
  );

function firstOf(candles: readonly Candle[], symbol: string): Date | null {
  const starts = candles.filter((row) => row.symbol === symbol).map(({ start }) => Date.parse(start));
  return starts.length === 0 ? null : new Date(Math.min(...starts));
}

async function collectSome(
  work: Collecting,
  { start, goesOn, symbols }: Missing,
  instruments: ReadonlyMap<string, Instrument>,
): Promise<Written & { gaps: number }> {
  const { db, context, asked, from, feed, calendar, now } = work;
  const { venue, feed: source } = from;
  const candles = closed(await feed.candles(symbols, asked.interval, start, now, context.signal), now);
  return db.transaction(async (tx) => {
    const written = await writeCandles(tx, candles);
    let gaps = 0;
    for (const symbol of symbols) {
      // Before the first candle that anybody has, nothing is known to be missing.
      const first = goesOn ? start : firstOf(candles, symbol);
      if (first === null) continue;
      const stretch = { venue, source, symbol, interval: asked.interval, from: first, to: now };
      const code = instruments.get(symbol)?.state === 'halted' ? ('gap_halted' as const) : undefined;
      gaps += (await findGaps(tx, calendar, stretch, new Map(), now, code)).length;
    }
    if (written.added + written.changed > 0)
      await writeChanges(tx, [{ topic: 'market', entity: source, scope: null }]);
    return { ...written, gaps };
  });
}

async function collect(work: Collecting): Promise<void> {
  const { db, context, asked, from, feed, now } = work;
  const listed = await feed.instruments(context.signal);
  await writeInstruments(db, from.feed, listed, now);
  const instruments = new Map(listed.map((row) => [row.symbol, row]));
  const unknown = (asked.symbols ?? []).filter((symbol) => !instruments.has(symbol));
  if (unknown.length > 0) await context.log('stderr', `${from.feed} does not list ${unknown.join(', ')}`);
  const symbols = (asked.symbols ?? [...instruments.keys()]).filter((symbol) => instruments.has(symbol));
  const total = { added: 0, changed: 0, gaps: 0 };
  let done = 0;
  for (const group of await missing(work, symbols))
    for (let at = 0; at < group.symbols.length; at += symbolsAtOnce) {
      context.signal.throwIfAborted();
      const some = group.symbols.slice(at, at + symbolsAtOnce);
      const written = await collectSome(work, { ...group, symbols: some }, instruments);
      total.added += written.added;
      total.changed += written.changed;
      total.gaps += written.gaps;
      done += some.length;
      context.progress(done, symbols.length, from.feed);
    }
  await context.log(
    'stdout',
    `${from.feed}: ${symbols.length} symbols, ${total.added} ${asked.interval} candles added, ${total.changed} changed, ${total.gaps} gaps`,
  );
}

function failure(error: unknown, feed: string): unknown {
  if (!(error instanceof BrokerUnavailable)) return error;
  const message = `${feed} does not answer (${error.reason.code})`;
  return new TaskFailure(message, { code: 'task_error', params: { message } });
}

/** Takes the closed candles of every feed of the scope since the last stored one; what a feed left out is a gap. */
export function collectCandlesTask(db: Database, feedOf: FeedOf): Task<typeof params> {
  return {
    name: 'collect_candles',
    params,
    async run(context, asked) {
      const { scope } = context.claim;
      const feeds = await feedsOf(db, scope);
      if (feeds.length === 0) await context.log('system', 'no account, so no feed to collect from');
      for (const from of feeds) {
        const feed = feedOf(scope, from.feed);
        const calendar = await calendarOf(db, scope, from.calendar);
        if (feed === null || calendar === null) {
          const message = `no adapter for the feed ${from.feed} here`;
          throw new TaskFailure(message, { code: 'task_error', params: { message } }, { retryable: false });
        }
        const now = await scopeTime(db, scope);
        try {
          await collect({ db, context, asked, from, feed, calendar, now });
        } catch (error) {
          throw failure(error, from.feed);
        }
      }
      return {};
    },
  };
}
