import { type Decimal, decimal, sum } from '#domain/core/decimal.ts';
import { costsOf, saleTaxRates, settlementDay, usualFees } from '#domain/market/costs.ts';
import { type Instrument, instrument } from '#domain/market/instrument.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import type { Session } from '#domain/time/calendar/calendar.ts';
import { type SeededTrip, seededId } from './trips.ts';

export const calendar = builtinCalendar('XKRX');

/** Trades like one that exists: market, name, and where its price begins. */
export const market: readonly (readonly [string, string, 'KOSPI' | 'KOSDAQ', number])[] = [
  ['005930', '삼성전자', 'KOSPI', 71_000],
  ['000660', 'SK하이닉스', 'KOSPI', 182_000],
  ['035420', 'NAVER', 'KOSPI', 196_000],
  ['035720', '카카오', 'KOSPI', 44_500],
  ['005380', '현대차', 'KOSPI', 178_000],
  ['068270', '셀트리온', 'KOSPI', 168_000],
  ['051910', 'LG화학', 'KOSPI', 188_000],
  ['003670', '포스코퓨처엠', 'KOSPI', 124_000],
  ['247540', '에코프로비엠', 'KOSDAQ', 96_000],
  ['086520', '에코프로', 'KOSDAQ', 58_000],
  ['196170', '알테오젠', 'KOSDAQ', 142_000],
  ['293490', '카카오게임즈', 'KOSDAQ', 21_500],
];

export const desk = [
  ['vzb-kospi', '거래량존 돌파 · 코스피', 'VolumeZoneBreakout', '10000000', 0.56],
  ['vlc-kosdaq', '거래량 장대양봉 · 코스닥', 'VolumeLongCandle', '5000000', 0.5],
  ['vol-break', '변동성 돌파', 'VolatilityBreakout', '8000000', 0.53],
  ['sma-swing', '이동평균 교차', 'SmaCross', '6000000', 0.47],
  ['rsi-rebound', 'RSI 반등', 'Rsi', '4000000', 0.58],
  ['donchian-20', '돈치안 20', 'Donchian', '6000000', 0.45],
] as const;

export const instruments: readonly Instrument[] = market.map(([symbol, name, of, price]) =>
  instrument.parse({ venue: 'KRX', market: of, symbol, name, base_price: String(price) }),
);

/** Multiples of 500 below and of 1,000 above are on every tick of KRX. */
export const onTick = (price: number) => Math.round(price / 500) * 500;

/** The trips of a day: each trader keeps to symbols of its own that day, one after another. */
export function tradesOf(
  session: Session,
  random: () => number,
  prices: ReadonlyMap<string, number>,
  carried: boolean,
): SeededTrip[] {
  const shift = Math.floor(random() * market.length);
  const calm = random() < 0.08;
  return desk.flatMap(([trader, , , capital, edge], index): SeededTrip[] => {
    const count = calm ? 0 : Math.floor(random() * 4);
    let minute = 5 + Math.floor(random() * 40);
    const made: SeededTrip[] = [];
    for (let each = 0; each < count; each += 1) {
      const [symbol = '005930'] = market[(index * 2 + (each % 2) + shift) % market.length] ?? [];
      const base = (prices.get(symbol) ?? 50_000) * (1 + (random() - 0.5) * 0.02);
      const entry = onTick(base);
      const won = random() < edge;
      const move = won ? 0.007 + random() * 0.034 : -(0.005 + random() * 0.026);
      const hold = 8 + Math.floor(random() * 70);
      if (minute + hold > 372) break;
      const exit = Math.max(500, onTick(entry * (1 + move)));
      const at = (minutes: number) =>
        new Date(session.open.getTime() + minutes * 60_000 + Math.floor(random() * 50) * 1_000);
      const [entryAt, exitAt] = [at(minute), at(minute + hold)];
      const reason =
        !won && exit <= entry * 0.97 ? 'stop_loss' : won && random() < 0.6 ? 'take_profit' : 'sma_below';
      made.push({
        trader,
        symbol,
        day: session.date,
        quantity: Math.max(1, Math.floor(Number(capital) / entry)),
        entry,
        exit,
        entryAt,
        exitAt,
        reason,
        open: false,
        ids: idsOf(trader, entryAt, exitAt),
      });
      minute += hold + 4 + Math.floor(random() * 40);
    }
    if (carried && index === desk.length - 1) {
      const [symbol = '005930'] = market[(index * 2 + shift) % market.length] ?? [];
      const entry = onTick(prices.get(symbol) ?? 50_000);
      const entryAt = new Date(session.open.getTime() + 373 * 60_000);
      made.push({
        trader,
        symbol,
        day: session.date,
        quantity: Math.max(1, Math.floor(Number(capital) / entry)),
        entry,
        exit: onTick(entry * 1.012),
        entryAt,
        exitAt: session.close,
        reason: 'sma_below',
        open: true,
        ids: idsOf(trader, entryAt, session.close),
      });
    }
    return made;
  });
}

function idsOf(trader: string, entryAt: Date, exitAt: Date): SeededTrip['ids'] {
  const salt = desk.findIndex(([id]) => id === trader) + 1;
  return { entry: seededId(entryAt, salt), exit: seededId(exitAt, salt + 100) };
}

/** The fills of a trip with their costs, by time. Those of half the size come in two parts. */
export function fillsOf(trip: SeededTrip) {
  const listed = market.find(([symbol]) => symbol === trip.symbol)?.[2] ?? 'KOSPI';
  const rates = saleTaxRates(listed, 'stock', settlementDay('KRX', calendar, trip.day));
  const sides = trip.open ? (['buy'] as const) : (['buy', 'sell'] as const);
  return sides.flatMap((side) => {
    const price = side === 'buy' ? trip.entry : trip.exit;
    const at = side === 'buy' ? trip.entryAt : trip.exitAt;
    const first = trip.quantity > 20 ? Math.floor(trip.quantity / 2) : trip.quantity;
    return [first, trip.quantity - first]
      .filter((quantity) => quantity > 0)
      .map((quantity, part) => {
        const amount = decimal(quantity).times(price);
        const costs = costsOf({ side, amount }, usualFees.KRX, rates);
        return {
          trip,
          side,
          quantity: decimal(quantity),
          amount,
          at: new Date(at.getTime() + part * 2_000),
          costs,
        };
      });
  });
}

/** What a trip brought after fees and taxes. */
export function netOf(trip: SeededTrip): Decimal {
  const gross = decimal(trip.exit - trip.entry).times(trip.quantity);
  return gross.minus(sum(fillsOf(trip).map(({ costs }) => costs.fee.plus(costs.tax))));
}

export function entryFee(trip: SeededTrip): Decimal {
  return sum(
    fillsOf(trip)
      .filter(({ side }) => side === 'buy')
      .map(({ costs }) => costs.fee),
  );
}
