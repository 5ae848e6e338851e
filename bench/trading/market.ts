import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { splitLine } from '#domain/market/csv-line.ts';
import type { CrossSection } from '#domain/strategies/candidates.ts';

/** One symbol on one day, as a file or a query gives it. */
export interface MarketRow {
  readonly day: string;
  readonly symbol: string;
  readonly market: string;
  readonly open: number;
  readonly close: number;
  readonly volume: number;
  readonly value: number;
  /** Against the day before, a fraction. */
  readonly change: number;
}

/** Mulberry32: the same seed gives the same market everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A market of a given size in the proportions of KRX: some 4 % of the rows halted, some without trades. */
export function generatedMarket(symbols: number, days: number, seed: number): MarketRow[] {
  const random = randomOf(seed);
  const rows: MarketRow[] = [];
  const prices = Array.from({ length: symbols }, () => Math.round(500 * Math.exp(random() * 6)));
  for (let day = 0; day < days; day += 1)
    for (const [index, before] of prices.entries()) {
      const halted = random() < 0.04;
      const idle = !halted && random() < 0.005;
      const change = halted || idle ? 0 : (random() - 0.5) * 0.12;
      const close = Math.max(100, Math.round(before * (1 + change)));
      prices[index] = close;
      const volume = halted || idle ? 0 : Math.round(Math.exp(8 + random() * 7));
      rows.push({
        day: `day ${String(day).padStart(3, '0')}`,
        symbol: String(index).padStart(6, '0'),
        market: random() < 0.38 ? 'KOSPI' : 'KOSDAQ',
        open: halted ? 0 : before,
        close,
        volume,
        value: volume * close,
        change: close / before - 1,
      });
    }
  return rows;
}

/** The rows of a CSV file (gzip or plain) with the columns date, ticker, market, open, close, volume, value, change_pct. */
export function marketOfFile(file: string): MarketRow[] {
  const bytes = readFileSync(file);
  const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '');
  const names = splitLine(head, ',') ?? [];
  const column = (name: string) => {
    const index = names.indexOf(name);
    if (index === -1) throw new Error(`${file} has no column ${name}: ${names.join(', ')}`);
    return index;
  };
  const [day, symbol, market] = [column('date'), column('ticker'), column('market')];
  const [open, close, volume] = [column('open'), column('close'), column('volume')];
  const [value, change] = [column('value'), column('change_pct')];
  return lines.map((line) => {
    const fields = splitLine(line, ',') ?? [];
    const number = (at: number) => Number(fields[at] ?? '');
    return {
      day: fields[day] ?? '',
      symbol: fields[symbol] ?? '',
      market: fields[market] ?? '',
      open: number(open),
      close: number(close),
      volume: number(volume),
      value: number(value),
      change: number(change) / 100,
    };
  });
}

/** Rows as the columns that discovery takes, oldest day first. */
export function sectionOf(rows: readonly MarketRow[]): CrossSection {
  const symbols = [...new Set(rows.map(({ symbol }) => symbol))].toSorted();
  const days = [...new Set(rows.map(({ day }) => day))].toSorted();
  const symbolAt = new Map(symbols.map((symbol, index) => [symbol, index]));
  const dayAt = new Map(days.map((day, index) => [day, index]));
  const column = () => new Float64Array(symbols.length * days.length);
  const section = { open: column(), close: column(), volume: column(), value: column(), change: column() };
  const markets = symbols.map(() => '');
  for (const row of rows) {
    const index = symbolAt.get(row.symbol) ?? 0;
    const cell = (dayAt.get(row.day) ?? 0) * symbols.length + index;
    markets[index] = row.market;
    section.open[cell] = row.open;
    section.close[cell] = row.close;
    section.volume[cell] = row.volume;
    section.value[cell] = row.value;
    section.change[cell] = row.change;
  }
  return { symbols, markets, halted: new Uint8Array(symbols.length), days: days.length, ...section };
}
