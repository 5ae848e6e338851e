import { type DatedRules, ruleOn } from './dated.ts';
import type { UpbitMarket } from './instrument.ts';
import { type TickTable, tickTable } from './tick.ts';

type Bands = readonly (readonly [from: string | number, tick: string | number])[];

// KRW market: docs.upbit.com/kr/docs/krw-market-info, as of 2026-05-04 and in its earlier versions.
const bands2017: Bands = [
  [0, '0.0001'],
  ['0.1', '0.001'],
  [1, '0.01'],
  [10, '0.1'],
  [100, 1],
  [1_000, 5],
  [10_000, 10],
  [100_000, 50],
  [500_000, 100],
  [1_000_000, 500],
  [2_000_000, 1_000],
];
const bands2024: Bands = [
  [0, '0.00000001'],
  ['0.0001', '0.0000001'],
  ['0.001', '0.000001'],
  ['0.01', '0.00001'],
  ['0.1', '0.0001'],
  [1, '0.001'],
  [10, '0.01'],
  [100, '0.1'],
  [1_000, 1],
  [10_000, 10],
  [100_000, 50],
  [500_000, 100],
  [1_000_000, 500],
  [2_000_000, 1_000],
];
const bands2025: Bands = [
  [0, '0.0000001'],
  ['0.0001', '0.000001'],
  ['0.001', '0.00001'],
  ['0.01', '0.0001'],
  ['0.1', '0.001'],
  [1, '0.01'],
  [10, '0.1'],
  [100, 1],
  [5_000, 5],
  [10_000, 10],
  [50_000, 50],
  [100_000, 100],
  [500_000, 500],
  [1_000_000, 1_000],
];

/** The bands with one tick in all of [from, to). */
function withTick(bands: Bands, from: number, to: number, tick: string | number): Bands {
  const below = bands.filter(([start]) => Number(start) < from);
  const above = bands.filter(([start]) => Number(start) >= to);
  return [...below, [from, tick], ...above];
}

type Rules = DatedRules<TickTable>;
const from2017 = { since: '2017-10-24', rule: tickTable(bands2017) } as const;
const from2024 = { since: '2024-01-29', rule: tickTable(bands2024) } as const;
const from2025 = { since: '2025-07-31', rule: tickTable(bands2025) } as const;

const usual: Rules = [from2017, from2024, from2025];
/** Half a won from 1,000 to 10,000. */
const halfWon: Rules = [
  from2017,
  from2024,
  { since: '2025-03-21', rule: tickTable(withTick(bands2024, 1_000, 10_000, '0.5')) },
  { since: '2025-07-31', rule: tickTable(withTick(bands2025, 1_000, 10_000, '0.5')) },
];
/** Back to whole won between 100 and 1,000 before all the others were. */
const wholeWon: Rules = [
  from2017,
  from2024,
  { since: '2024-10-14', rule: tickTable(withTick(bands2024, 100, 1_000, 1)) },
  from2025,
];

const halfWonCoins: readonly string[] = ['KRW-USDT', 'KRW-USDC'];
const wholeWonCoins = new Set(
  'ADA ALGO BLUR CELO ELF EOS GRS GRT ICX MANA MINA POL SAND SEI STG TRX'
    .split(' ')
    .map((coin) => `KRW-${coin}`),
);
const upbitBtc = tickTable([[0, '0.00000001']]);

/**
 * Upbit's ticks in the quote currency. Pairs may have exceptions (`/v1/orderbook/instruments`), which belong into the
 * instrument's own bands. @param date YYYY-MM-DD. @returns null for the USDT market, whose bands only Upbit tells.
 */
export function upbitTicks(market: UpbitMarket, symbol: string, date: string): TickTable | null {
  switch (market) {
    case 'BTC':
      return upbitBtc;
    case 'USDT':
      return null;
    case 'KRW':
      if (halfWonCoins.includes(symbol)) return ruleOn(halfWon, date);
      return ruleOn(wholeWonCoins.has(symbol) ? wholeWon : usual, date);
  }
}
