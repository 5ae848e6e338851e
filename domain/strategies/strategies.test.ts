import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Candle, candlesOf, dayOffsetMin, decimalsOf, sliceCandles } from './candles.ts';
import { strategyNamed, strategyNames } from './registry.ts';
import { type PreparedStrategy, type Signal, planOver, verdict, verdicts } from './strategy.ts';
import { compareMeans } from './sma-cross.ts';
import { RollingExtreme, RollingSum } from './windows.ts';

const scale = { decimals: 2 };

/** A walk of candles in ticks of 1/`unit`, coarse enough that ties and bars without range are common. */
function walks(
  unit: number,
  bars: fc.ArrayConstraints = { maxLength: 140, size: 'max' },
): fc.Arbitrary<Candle[]> {
  const bar = fc.record({
    gap: fc.integer({ min: -3, max: 3 }),
    body: fc.integer({ min: -4, max: 5 }),
    up: fc.nat({ max: 3 }),
    down: fc.nat({ max: 3 }),
    volume: fc.oneof(fc.nat({ max: 40 }), fc.double({ min: 0, max: 50, noNaN: true })),
    newDay: fc.boolean(),
  });
  return fc.tuple(fc.integer({ min: 20, max: 400 }), fc.array(bar, bars)).map(([start, steps]) => {
    let price = start;
    let ts = 0;
    return steps.map(({ gap, body, up, down, volume, newDay }) => {
      const open = Math.max(8, price + gap);
      const close = Math.max(8, open + body);
      price = close;
      ts += newDay ? 86_400_000 : 60_000;
      return {
        ts,
        open: open / unit,
        high: (Math.max(open, close) + up) / unit,
        low: (Math.min(open, close) - down) / unit,
        close: close / unit,
        volume,
      };
    });
  });
}

interface Said {
  readonly bits: number;
  readonly entry: Signal | null;
  readonly exit: Signal | null;
}

function feed(prepared: PreparedStrategy, rows: readonly Candle[]): Said[] {
  const state = prepared.start(scale);
  const { day } = candlesOf(rows, dayOffsetMin.UPBIT);
  return rows.map((row, i) => {
    const bits = state.next(row.open, row.high, row.low, row.close, row.volume, day[i] ?? 0);
    return { bits, entry: state.entry(), exit: state.exit() };
  });
}

function prepare(name: string, params: unknown): PreparedStrategy {
  const strategy = strategyNamed(name);
  if (strategy === undefined) throw new Error(`no strategy ${name}`);
  return strategy.prepare(params);
}

/** Small windows, so that short walks speak. */
const small: Readonly<Record<string, Record<string, number | boolean>>> = {
  VolumeZoneBreakout: { volume_window: 10, num_bins: 7 },
  VolumeLongCandle: { volume_window: 5 },
  VolatilityBreakout: {},
  SmaCross: { fast: 2, slow: 5 },
  Rsi: { period: 3, oversold: 40, overbought: 60 },
  Donchian: { entry_window: 4, exit_window: 3 },
};

describe('every strategy', () => {
  it('is the six of the desk, with a default and a description for each parameter', () => {
    expect(strategyNames).toEqual(Object.keys(small));
    for (const name of strategyNames) {
      const schema = strategyNamed(name)?.schema;
      if (schema === undefined) throw new Error(name);
      for (const property of Object.values(z.toJSONSchema(schema, { io: 'input' }).properties ?? {}))
        expect(property).toMatchObject({ default: expect.anything(), description: expect.any(String) });
      expect(Object.keys(prepare(name, {}).params).length).toBeGreaterThan(0);
    }
  });

  it.each(strategyNames)('%s: the future never changes the past, and feeding equals the batch', (name) => {
    const prepared = prepare(name, small[name]);
    fc.assert(
      fc.property(walks(10), fc.nat({ max: 140 }), (rows, cut) => {
        const whole = candlesOf(rows, dayOffsetMin.UPBIT);
        const batch = verdicts(prepared, whole, scale);
        const fed = feed(prepared, rows);
        expect([...batch]).toEqual(fed.map((said) => said.bits));
        const until = Math.min(cut, rows.length);
        expect([...verdicts(prepared, sliceCandles(whole, 0, until), scale)]).toEqual([
          ...batch.subarray(0, until),
        ]);
        expect(feed(prepared, rows.slice(0, until))).toEqual(fed.slice(0, until));
      }),
      { numRuns: 60 },
    );
  });

  it.each(strategyNames)(
    '%s: speaks in bits, words and confidences that agree, and not before it can',
    (name) => {
      const prepared = prepare(name, small[name]);
      const first = name === 'Rsi' ? 3 : prepared.warmUp;
      let spoken = 0;
      fc.assert(
        fc.property(walks(10), (rows) => {
          for (const [index, said] of feed(prepared, rows).entries()) {
            expect(said.entry !== null).toBe((said.bits & verdict.enter) !== 0);
            expect(said.exit !== null).toBe((said.bits & verdict.exit) !== 0);
            if (said.entry !== null) {
              spoken += 1;
              expect(index).toBeGreaterThanOrEqual(first);
            }
            for (const signal of [said.entry, said.exit]) {
              if (signal === null) continue;
              expect(signal.confidence).toBeGreaterThanOrEqual(0.5);
              expect(signal.confidence).toBeLessThanOrEqual(1);
            }
          }
        }),
        { numRuns: 60 },
      );
      expect(spoken).toBeGreaterThan(0);
    },
  );

  it('refuses wrong parameters by name', () => {
    for (const [name, params, field] of [
      ['VolumeZoneBreakout', { num_bins: 0 }, 'num_bins'],
      ['SmaCross', { fast: 30, slow: 10 }, 'fast'],
      ['Rsi', { oversold: 80 }, 'oversold'],
      ['VolatilityBreakout', { k: 0 }, 'k'],
    ] as const) {
      const parsed = strategyNamed(name)?.schema.safeParse(params);
      expect(parsed?.success).toBe(false);
      expect(parsed?.error?.issues[0]?.path).toEqual([field]);
    }
    expect(strategyNamed('Nothing')).toBeUndefined();
  });
});

/** The definitions again, each written from its sentence over the whole history and nothing shared with the code. */
function zoneLevel(rows: readonly Candle[], i: number, p: typeof zoneParams): number | null {
  if (i < p.volume_window) return null;
  const window = rows.slice(i - p.volume_window, i);
  const min = Math.min(...window.map((row) => row.low));
  const max = Math.max(...window.map((row) => row.high));
  const width = (max - min) / p.num_bins;
  const total = window.reduce((sum, row) => sum + row.volume, 0);
  if (total === 0) return null;
  let level = min;
  if (width > 0) {
    const bins = Array.from({ length: p.num_bins }, (_, bin) => {
      const low = min + bin * width;
      const high = bin === p.num_bins - 1 ? max : min + (bin + 1) * width;
      return window.reduce((sum, row) => {
        const from = p.include_wicks ? row.low : Math.min(row.open, row.close);
        const to = p.include_wicks ? row.high : Math.max(row.open, row.close);
        if (from === to) {
          const own = Math.max(0, Math.min(p.num_bins - 1, Math.floor((from - min) / width)));
          return own === bin ? sum + row.volume : sum;
        }
        const overlap = Math.min(to, high) - Math.max(from, low);
        return overlap > 0 ? sum + (row.volume * overlap) / (to - from) : sum;
      }, 0);
    });
    let sum = 0;
    let bin = p.num_bins;
    do {
      bin -= 1;
      sum += bins[bin] ?? 0;
    } while (bin > 0 && sum < total * p.top_percentile);
    level = min + bin * width;
  }
  return level;
}
const zoneParams = {
  volume_window: 10,
  num_bins: 7,
  top_percentile: 0.2,
  breakout_buffer: 0.01,
  include_wicks: true,
};

function agree(
  name: string,
  params: Record<string, number | boolean>,
  expected: (rows: readonly Candle[], i: number) => number,
  unit: number,
): void {
  const prepared = prepare(name, params);
  fc.assert(
    fc.property(walks(unit), (rows) => {
      const whole = candlesOf(rows, dayOffsetMin.UPBIT);
      expect([...verdicts(prepared, whole, scale)]).toEqual(rows.map((_, i) => expected(rows, i)));
    }),
    { numRuns: 80 },
  );
}

describe('VolumeZoneBreakout', () => {
  it('equals the plain definition on every input', () => {
    for (const include_wicks of [true, false])
      for (const [num_bins, top_percentile, breakout_buffer] of [
        [7, 0.2, 0.01],
        [1, 0.2, 0],
        [20, 0.5, 0],
        [4, 1, 0.005],
      ] as const) {
        const params = { ...zoneParams, num_bins, top_percentile, breakout_buffer, include_wicks };
        for (const unit of [1, 10]) {
          agree(
            'VolumeZoneBreakout',
            params,
            (rows, i) => {
              const level = zoneLevel(rows, i, params);
              return level !== null && (rows[i]?.high ?? 0) >= level * (1 + breakout_buffer) ? 1 : 0;
            },
            unit,
          );
          const prepared = prepare('VolumeZoneBreakout', params);
          fc.assert(
            fc.property(walks(unit), (rows) => {
              for (const [i, { entry }] of feed(prepared, rows).entries())
                if (entry !== null) expect(entry.level).toBe(zoneLevel(rows, i, params));
            }),
            { numRuns: 20 },
          );
        }
      }
  }, 60_000);

  it('has confidence 0.5 plus the clearance, and holds by bars', () => {
    const flat = Array.from({ length: 10 }, (_, i) => ({
      ts: i * 60_000,
      open: 100,
      high: 100,
      low: 100,
      close: 100,
      volume: 10,
    }));
    const rows = [...flat, { ts: 600_000, open: 100, high: 110, low: 100, close: 109, volume: 10 }];
    const prepared = prepare('VolumeZoneBreakout', { volume_window: 10 });
    const last = feed(prepared, rows).at(-1);
    expect(last?.entry?.level).toBe(100);
    expect(last?.entry?.confidence).toBeCloseTo(0.6, 12);
    expect(prepared.exitPlan).toEqual({ kind: 'bars', bars: 1 });
    expect(planOver(prepared.exitPlan, { bars: 0, entryDay: 1, day: 1 })).toBeNull();
    expect(planOver(prepared.exitPlan, { bars: 1, entryDay: 1, day: 1 })?.code).toBe('hold_period_over');
  });
});

const mean = (rows: readonly Candle[], i: number, n: number) =>
  rows.slice(i - n + 1, i + 1).reduce((sum, row) => sum + BigInt(Math.round(row.close * 100)), 0n);
const order = (rows: readonly Candle[], i: number) => mean(rows, i, 2) * 5n - mean(rows, i, 5) * 2n;
const dayOf = (row: Candle) => Math.floor(row.ts / 86_400_000);
const smooth = (values: readonly number[]) => {
  const out: (number | null)[] = [];
  let mean: number | null = null;
  for (let i = 0; i < values.length; i += 1) {
    if (i === 2) mean = values.slice(0, 3).reduce((a, b) => a + b, 0) / 3;
    else if (mean !== null) mean = (mean * 2 + (values[i] ?? 0)) / 3;
    out.push(mean);
  }
  return out;
};
const rsiSeries = (rows: readonly Candle[]) => {
  const changes = rows.map((row, i) => row.close - (rows[i - 1]?.close ?? row.close)).slice(1);
  const gains = smooth(changes.map((c) => Math.max(c, 0)));
  const losses = smooth(changes.map((c) => Math.max(-c, 0)));
  const rsi = gains.map((gain, i) => {
    const loss = losses[i] ?? null;
    if (gain === null || loss === null) return null;
    if (loss === 0) return gain === 0 ? 50 : 100;
    return 100 - 100 / (1 + gain / loss);
  });
  return [null, ...rsi];
};
const row = (close: number, i: number) => ({
  ts: i,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
});
describe('the others equal their definitions', () => {
  it('VolumeLongCandle', () => {
    agree(
      'VolumeLongCandle',
      { volume_window: 5 },
      (rows, i) => {
        const row = rows[i];
        if (row === undefined || i < 4) return 0;
        const volumes = rows.slice(i - 4, i + 1).reduce((sum, each) => sum + each.volume, 0);
        const body = row.close - row.open;
        const wick = Math.max(
          row.high - Math.max(row.open, row.close),
          Math.min(row.open, row.close) - row.low,
        );
        const heavy = row.volume > 0 && row.volume * 5 >= 1.5 * volumes;
        return heavy && body > 0 && body >= 0.02 * row.open && wick < 2 * body ? 1 : 0;
      },
      1,
    );
  });

  it('VolatilityBreakout, once a day', () => {
    agree(
      'VolatilityBreakout',
      { k: 0.5 },
      (rows, i) => {
        const row = rows[i];
        if (row === undefined) return 0;
        const days = [...new Set(rows.slice(0, i + 1).map(dayOf))];
        const before = rows.filter((each) => dayOf(each) === days.at(-2));
        const today = rows.slice(0, i + 1).filter((each) => dayOf(each) === dayOf(row));
        if (before.length === 0) return 0;
        const range = Math.max(...before.map((r) => r.high)) - Math.min(...before.map((r) => r.low));
        if (range <= 0) return 0;
        const target = (today[0]?.open ?? 0) + 0.5 * range;
        const crossings = today.filter((each) => each.high >= target);
        return crossings[0] === row ? 1 : 0;
      },
      1,
    );
  });

  it('SmaCross, ties included', () => {
    agree(
      'SmaCross',
      { fast: 2, slow: 5 },
      (rows, i) => {
        if (i < 4) return 0;
        const now = order(rows, i);
        if (now < 0n) return 2;
        return now > 0n && i > 4 && order(rows, i - 1) <= 0n ? 1 : 0;
      },
      10,
    );
  });

  it('Rsi', () => {
    agree(
      'Rsi',
      { period: 3, oversold: 40, overbought: 60 },
      (rows, i) => {
        const rsi = rsiSeries(rows.slice(0, i + 1));
        const now = rsi[i] ?? null;
        const before = rsi[i - 1] ?? null;
        if (now === null) return 0;
        return (before !== null && before < 40 && now >= 40 ? 1 : 0) + (now >= 60 ? 2 : 0);
      },
      1,
    );
  });

  it('Donchian', () => {
    agree(
      'Donchian',
      { entry_window: 4, exit_window: 3 },
      (rows, i) => {
        const close = rows[i]?.close ?? 0;
        const highs = rows.slice(Math.max(0, i - 4), i).map((row) => row.high);
        const lows = rows.slice(Math.max(0, i - 3), i).map((row) => row.low);
        if (highs.length === 4 && close > Math.max(...highs)) return 1;
        return lows.length === 3 && close < Math.min(...lows) ? 2 : 0;
      },
      1,
    );
  });

  it('RSI of Wilder’s smoothing has the known values at its ends', () => {
    const rising = feed(
      prepare('Rsi', {}),
      Array.from({ length: 20 }, (_, i) => row(100 + i, i)),
    );
    expect(rising.at(-1)?.exit?.reason.params['rsi']).toBe(100);
    const flat = feed(
      prepare('Rsi', {}),
      Array.from({ length: 20 }, (_, i) => row(100, i)),
    );
    expect(flat.every((said) => said.bits === 0)).toBe(true);
  });
});

describe('windows', () => {
  it('equal the plain computation', () => {
    const value = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.double({ min: -50, max: 50, noNaN: true }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(value, { maxLength: 40 }), (size, values) => {
        const sum = new RollingSum(size);
        const most = new RollingExtreme(size, 1);
        const least = new RollingExtreme(size, -1);
        for (const [i, each] of values.entries()) {
          for (const window of [sum, most, least]) window.push(each);
          const last = values.slice(Math.max(0, i - size + 1), i + 1);
          expect(sum.sum()).toBe(last.reduce((a, b) => a + b, 0));
          expect(most.value()).toBe(Math.max(...last));
          expect(least.value()).toBe(Math.min(...last));
          expect(sum.full).toBe(last.length === size);
        }
      }),
    );
  });

  it('means are compared exactly, beyond doubles too', () => {
    const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    const size = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(whole, size, whole, size, (a, m, b, n) => {
        const exact = BigInt(a) * BigInt(n) - BigInt(b) * BigInt(m);
        expect(compareMeans(a, m, b, n)).toBe(exact > 0n ? 1 : exact < 0n ? -1 : 0);
      }),
    );
    expect(compareMeans(3e9, 3e6, 5e9, 5e6)).toBe(0);
  });

  it('decimals are the fewest that hold every price', () => {
    expect(decimalsOf(Float64Array.of(70_000, 67_900))).toBe(0);
    expect(decimalsOf(Float64Array.of(1, 0.25, 10.1))).toBe(2);
    expect(decimalsOf(Float64Array.of(1 / 3))).toBe(8);
  });
});
