import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '#domain/core/decimal.ts';
import { won } from '#domain/market/money.ts';
import { drawdownOf } from './drawdown.ts';
import { equityMetrics, periodsPerYear } from './equity-metrics.ts';
import { type EquityCurve, closedCurve, returnsOf } from './equity.ts';
import { exposureOf } from './exposure.ts';
import { measure } from './measure.ts';
import { dailySummary, summarise } from './summary.ts';
import { type RoundTrip, tradeMetrics } from './trades.ts';

const minute = (n: number) => new Date(Date.UTC(2026, 10, 23, 0, n));
/** A round trip that brings so much after costs. */
const trip = (net: number, index: number, costs = 0): RoundTrip => ({
  entry_at: minute(index * 10),
  exit_at: minute(index * 10 + 4),
  gross: won(net + costs),
  fees: won(Math.floor(costs / 3)),
  taxes: won(costs - Math.floor(costs / 3)),
});
const trips = (...nets: number[]) => nets.map((net, index) => trip(net, index));
const curve = (opening: number, ...equities: number[]): EquityCurve => ({
  opening: won(opening),
  points: equities.map((equity, index) => ({ label: `d${index + 1}`, equity: won(equity) })),
});
const krx = { periods: periodsPerYear.KRX };

const threeTrips = trips(30_000, -20_000, 10_000);

describe('+30,000, -20,000, +10,000 on 1,000,000', () => {
  const metrics = tradeMetrics(threeTrips);
  it('wins 66.7 %, profit factor 2.0, drawdown 1.94 %', () => {
    expect(((metrics.win_rate.value ?? 0) * 100).toFixed(1)).toBe('66.7');
    expect(metrics.profit_factor).toEqual({ value: 2, reason: null });
    const drawdown = drawdownOf(closedCurve(won(1_000_000), threeTrips));
    expect((drawdown.max_ratio * 100).toFixed(2)).toBe('1.94');
    expect(drawdown.max_amount.toFixed()).toBe('20000');
  });
  it('and the rest of its measures', () => {
    expect(metrics).toMatchObject({
      trades: 3,
      wins: 2,
      losses: 1,
      draws: 0,
      longest_winning: 1,
      losing_now: 0,
    });
    expect(metrics.payoff.value).toBe(1);
    expect(metrics.expectancy.value).toBeCloseTo(20_000 / 3, 9);
    expect(metrics.largest_loss?.toFixed()).toBe('20000');
    expect(metrics.average_hold_ms).toBe(240_000);
  });
});

describe('what is not defined says why', () => {
  it('a day without losses, without wins, without trades', () => {
    expect(tradeMetrics(trips(5_000, 1_000)).profit_factor).toEqual({ value: null, reason: 'no_losses' });
    expect(tradeMetrics(trips(5_000, 0)).payoff).toEqual({ value: null, reason: 'no_losses' });
    expect(tradeMetrics(trips(-5_000)).profit_factor).toEqual({ value: 0, reason: null });
    expect(tradeMetrics(trips(-5_000)).payoff).toEqual({ value: null, reason: 'no_wins' });
    expect(tradeMetrics([]).win_rate).toEqual({ value: null, reason: 'no_trades' });
    expect(tradeMetrics([]).expectancy.reason).toBe('no_trades');
  });
  it('curves that are short, flat, only rise, or end in ruin', () => {
    expect(equityMetrics(curve(100), krx).sharpe.reason).toBe('no_days');
    expect(equityMetrics(curve(100, 101), krx)).toMatchObject({
      sharpe: { reason: 'too_few_days' },
      sortino: { reason: 'too_few_days' },
      cagr: { reason: 'too_short' },
      calmar: { reason: 'too_short' },
      recovery: { reason: 'no_drawdown' },
      max_drawdown: { value: 0 },
    });
    expect(equityMetrics(curve(100, 100, 100), krx).sharpe.reason).toBe('no_variation');
    const grown = curve(100, ...Array.from({ length: 40 }, (_, day) => 100 * 1.01 ** (day + 1)));
    expect(equityMetrics(grown, krx)).toMatchObject({
      sharpe: { reason: 'no_variation' },
      sortino: { reason: 'no_downside' },
      calmar: { reason: 'no_drawdown' },
    });
    expect(equityMetrics(curve(100, 50, 0), krx).max_drawdown.value).toBe(1);
    expect(equityMetrics(curve(100, ...Array.from({ length: 30 }, () => 50), 0), krx).cagr.reason).toBe(
      'ruined',
    );
    expect(equityMetrics(curve(100, 0, 10), krx).total_return.reason).toBe('ruined');
    expect(equityMetrics(curve(0, 10), krx).sharpe.reason).toBe('ruined');
  });
  it('a measure is one or the other', () => {
    expect(measure.safeParse({ value: null, reason: null }).success).toBe(false);
    expect(measure.safeParse({ value: 999.99, reason: 'no_losses' }).success).toBe(false);
    expect(measure.safeParse({ value: Infinity, reason: null }).success).toBe(false);
  });
});

const nets = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { maxLength: 60 });
const equities = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 2, maxLength: 80 });

describe('trade metrics', () => {
  it('equal a separate reckoning in whole numbers, in any order', () => {
    fc.assert(
      fc.property(nets, fc.nat(5_000), fc.integer(), (nets, costs, seed) => {
        const all = nets.map((net, index) => trip(net, index, costs));
        const shuffled = all.toSorted(
          (a, b) => ((a.exit_at.getTime() * 31) ^ seed) - ((b.exit_at.getTime() * 31) ^ seed),
        );
        const metrics = tradeMetrics(shuffled);
        const [up, down] = [nets.filter((net) => net > 0), nets.filter((net) => net < 0)];
        const [profit, loss] = [up, down].map((list) => Math.abs(list.reduce((a, b) => a + b, 0)));
        expect([metrics.wins, metrics.losses, metrics.trades]).toEqual([up.length, down.length, nets.length]);
        expect([metrics.gross_profit.toNumber(), metrics.gross_loss.toNumber()]).toEqual([profit, loss]);
        expect(metrics.win_rate.value).toBe(nets.length === 0 ? null : up.length / nets.length);
        if (down.length > 0) expect(metrics.profit_factor.value).toBeCloseTo((profit ?? 0) / (loss ?? 1), 9);
        else expect(metrics.profit_factor.value).toBeNull();
        if (up.length > 0 && down.length > 0)
          near(metrics.payoff.value, (profit ?? 0) / up.length / ((loss ?? 0) / down.length));
        expect(metrics.net.toFixed()).toBe(metrics.gross_profit.minus(metrics.gross_loss).toFixed());
        const runs = nets.map((net) => (net < 0 ? 'L' : net > 0 ? 'W' : '-')).join('');
        const longest = (mark: string) =>
          Math.max(0, ...runs.split(new RegExp(`[^${mark}]`)).map((run) => run.length));
        expect([metrics.longest_winning, metrics.longest_losing]).toEqual([longest('W'), longest('L')]);
        expect(metrics.losing_now).toBe(/L*$/.exec(runs)?.[0].length);
      }),
    );
  });
});

describe('drawdown', () => {
  it('counts a loss in the first period, keeps to the opening peak and ends where it recovers', () => {
    const { episodes, points, longest } = drawdownOf(curve(100, 90, 80, 100, 120, 60));
    expect(
      episodes.map(({ peak, trough, recovered, ratio, periods }) => [
        peak,
        trough,
        recovered,
        ratio,
        periods,
      ]),
    ).toEqual([
      [null, 'd2', 'd3', 0.2, 3],
      ['d4', 'd5', null, 0.5, 1],
    ]);
    expect(points.map(({ amount }) => amount.toNumber())).toEqual([10, 20, 0, 0, 60]);
    expect(longest).toBe(3);
    expect(drawdownOf(curve(3, 1, 3)).episodes[0]?.recovered).toBe('d2');
  });
  it('equals the definition', () => {
    fc.assert(
      fc.property(equities, (values) => {
        const [opening = 1, ...rest] = values;
        const { points, max_ratio, max_amount, longest } = drawdownOf(curve(opening, ...rest));
        const expected = rest.map((value, index) => 1 - value / Math.max(...values.slice(0, index + 2)));
        for (const [index, { ratio }] of points.entries())
          expect(ratio).toBeCloseTo(expected[index] ?? -1, 12);
        expect(max_ratio).toBeCloseTo(Math.max(0, ...expected), 12);
        const amounts = rest.map((value, index) => Math.max(...values.slice(0, index + 2)) - value);
        expect(max_amount.toNumber()).toBe(Math.max(0, ...amounts));
        let [run, most] = [0, 0];
        for (const below of amounts.map((amount) => amount > 0)) {
          most = Math.max(most, run > 0 || below ? run + 1 : 0);
          run = below ? run + 1 : 0;
        }
        expect(longest).toBe(most);
      }),
    );
  });
  it('money paid in or out changes no ratio and is no return', () => {
    fc.assert(
      fc.property(
        equities,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: -60, max: 300 }),
        (values, at, percent) => {
          const [opening = 1, ...rest] = values;
          const plain = curve(opening, ...rest);
          // From one period on everything is larger or smaller by a factor, through a deposit before it.
          const factor = decimal(100 + percent).dividedBy(100);
          const moved: EquityCurve = {
            opening: plain.opening,
            points: plain.points.map((point, index) => ({
              ...point,
              equity: index < at ? point.equity : point.equity.times(factor),
              ...(index === at
                ? { flow: (plain.points[at - 1]?.equity ?? plain.opening).times(factor.minus(1)) }
                : {}),
            })),
          };
          const [a, b] = [plain, moved].map((each) => equityMetrics(each, krx));
          expect(b?.max_drawdown.value).toBeCloseTo(a?.max_drawdown.value ?? -1, 9);
          expect(b?.total_return.value).toBeCloseTo(a?.total_return.value ?? -2, 6);
        },
      ),
    );
  });
});

function near(value: number | null, expected: number) {
  expect(Math.abs((value ?? Number.NaN) - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
}

describe('equity metrics', () => {
  it('equal a separate reckoning', () => {
    fc.assert(
      fc.property(
        equities,
        fc.constantFrom(252, 365),
        fc.constantFrom(0, 0.03),
        (values, periods, riskFree) => {
          const [opening = 1, ...rest] = values;
          const found = equityMetrics(curve(opening, ...rest), { periods, riskFree });
          const r = rest.map((value, index) => value / (values[index] ?? 1) - 1 - riskFree / periods);
          const [n, sum] = [r.length, r.reduce((a, b) => a + b, 0)];
          const squares = r.reduce((a, b) => a + b * b, 0);
          const variance = (squares - (sum * sum) / n) / (n - 1);
          if (n > 1 && variance > 1e-9)
            near(found.sharpe.value, (sum / n / Math.sqrt(variance)) * Math.sqrt(periods));
          const below = r.filter((value) => value < 0).reduce((a, b) => a + b * b, 0);
          if (n > 1 && below > 0)
            near(found.sortino.value, (sum / n / Math.sqrt(below / n)) * Math.sqrt(periods));
          const growth = (rest.at(-1) ?? 1) / opening;
          near(found.total_return.value, growth - 1);
          if (n / periods >= 30 / 365) near(found.cagr.value, growth ** (periods / n) - 1);
          else expect(found.cagr.reason).toBe('too_short');
          expect(found.profit.toNumber()).toBe((rest.at(-1) ?? 0) - opening);
          expect(returnsOf(curve(opening, ...rest))).toHaveLength(n);
        },
      ),
    );
  });
  it('calmar and recovery are gain per drawdown', () => {
    const year = curve(
      100,
      ...Array.from({ length: 252 }, (_, day) => (day === 100 ? 75 : day === 251 ? 120 : 100)),
    );
    const { cagr, calmar, recovery, drawdown } = equityMetrics(year, krx);
    expect(cagr.value).toBeCloseTo(0.2, 12);
    expect([calmar.value, recovery.value].map((value) => value?.toFixed(9))).toEqual([
      '0.800000000',
      '0.800000000',
    ]);
    expect(drawdown.longest).toBe(2);
  });
});

const stretch = ({ from, length }: { from: number; length: number }) => ({
  start: minute(from),
  end: minute(from + length),
});

describe('exposure', () => {
  const span = fc.record({ from: fc.nat(200), length: fc.nat(60) });
  it('equals a count of minutes', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 8 }), fc.array(span, { maxLength: 5 }), (held, open) => {
        const within = (list: typeof held, at: number) =>
          list.some(({ from, length }) => at >= from && at < from + length);
        const minutes = Array.from({ length: 300 }, (_, at) => at).filter((at) => within(open, at));
        const found = exposureOf(held.map(stretch), open.map(stretch));
        if (minutes.length === 0) expect(found.reason).toBe('no_session');
        else
          expect(found.value).toBeCloseTo(
            minutes.filter((at) => within(held, at)).length / minutes.length,
            12,
          );
      }),
    );
  });
});

describe('a daily summary', () => {
  const summary = summarise({
    scope: 'mock',
    level: 'trader',
    subject: 'vzb-1',
    tradingDay: '2026-11-23',
    trips: threeTrips,
    fees: won(120),
    taxes: won(300),
    realised: won(20_000),
    unrealised: won(0),
    curve: closedCurve(won(1_000_000), threeTrips),
    exposure: exposureOf([], []),
    generatedAt: minute(400),
  });
  it('has its shape and says what it should', () => {
    expect(dailySummary.parse(summary)).toEqual(summary);
    expect(summary).toMatchObject({
      trades: 3,
      profit_factor: { value: 2, reason: null },
      opening_equity: '1000000',
      closing_equity: '1020000',
      max_drawdown_amount: '20000',
      exposure: { value: null, reason: 'no_session' },
    });
    expect(((summary.win_rate.value ?? 0) * 100).toFixed(1)).toBe('66.7');
    expect(((summary.max_drawdown.value ?? 0) * 100).toFixed(2)).toBe('1.94');
  });
});
