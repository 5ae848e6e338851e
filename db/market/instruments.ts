import { sql } from 'drizzle-orm';
import { type Instrument, type Venue, instrument } from '#domain/market/instrument.ts';
import type { Queryable } from '#db/core/client.ts';

/** Instruments by the text they are stored as: thousands are read each scan and change once a day. */
const parsed = new Map<string, Instrument>();
const parsedMax = 20_000;

function readDefinition(text: string): Instrument {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const made = instrument.parse(JSON.parse(text));
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(text, made);
  return made;
}

/** What a source says can be traded on a venue, by symbol. @throws z.ZodError for rows an older build wrote otherwise. */
export async function readInstruments(
  q: Queryable,
  venue: Venue,
  source: string,
): Promise<ReadonlyMap<string, Instrument>> {
  const rows = await q.execute<{ symbol: string; definition: string }>(sql`
    select symbol, definition::text as definition from instruments
    where venue = ${venue} and source = ${source} order by symbol`);
  return new Map(rows.map(({ symbol, definition }) => [symbol, readDefinition(definition)]));
}

/** Adds instruments and replaces those that changed; leaves the ones not named. A symbol given twice: the last counts. */
export async function writeInstruments(
  q: Queryable,
  source: string,
  instruments: readonly Instrument[],
  now: Date,
): Promise<void> {
  const rows = [...new Map(instruments.map((row) => [`${row.venue} ${row.symbol}`, row])).values()];
  if (rows.length === 0) return;
  const texts = (pick: (row: Instrument) => string) => sql`${sql.param(rows.map(pick))}::text[]`;
  await q.execute(sql`
    insert into instruments (venue, source, symbol, name, market, definition, updated_at)
    select venue, ${source}, symbol, name, market, definition::jsonb, ${now.toISOString()}::timestamptz
    from unnest(${texts((row) => row.venue)}, ${texts((row) => row.symbol)}, ${texts((row) => row.name)},
      ${texts((row) => row.market)}, ${texts((row) => JSON.stringify(row))})
      as given(venue, symbol, name, market, definition)
    order by venue, symbol
    on conflict (venue, source, symbol) do update
      set name = excluded.name, market = excluded.market, definition = excluded.definition,
        updated_at = excluded.updated_at
      where instruments.definition <> excluded.definition`);
}
