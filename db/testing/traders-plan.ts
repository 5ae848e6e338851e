import type { OrderReason } from '#domain/orders/order.ts';
import type { TraderPhase, TraderReason } from '#domain/traders/state.ts';
import type { ScannedCandidate } from '#db/traders/schema.ts';
import { seededPrice, seededSymbols } from './traders-market.ts';

export interface Trade {
  readonly symbol: string;
  readonly enter: number;
  /** Null: still held. */
  readonly exit: number | null;
  readonly why: string;
  readonly retries?: number;
}

export interface SeedTrader {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly started: boolean;
  readonly trades: readonly Trade[];
  readonly ends: TraderPhase;
}

export const seededTraders: readonly SeedTrader[] = [
  {
    id: 'zone-1',
    name: '거래대금 돌파 1',
    strategy: 'VolumeZoneBreakout',
    started: true,
    ends: 'HOLDING',
    trades: [
      { symbol: '005930', enter: 14, exit: 41, why: 'take_profit' },
      { symbol: '000660', enter: 62, exit: 90, why: 'stop_loss', retries: 2 },
      { symbol: '005930', enter: 118, exit: null, why: '' },
    ],
  },
  {
    id: 'zone-2',
    name: '거래대금 돌파 2',
    strategy: 'VolumeZoneBreakout',
    started: true,
    ends: 'SCANNING',
    trades: [{ symbol: '035720', enter: 23, exit: 66, why: 'hold_period_over' }],
  },
  {
    id: 'long-candle',
    name: '장대양봉',
    strategy: 'VolumeLongCandle',
    started: true,
    ends: 'ENTERING',
    trades: [{ symbol: '247540', enter: 139, exit: null, why: '' }],
  },
  {
    id: 'volatility',
    name: '변동성 돌파',
    strategy: 'VolatilityBreakout',
    started: true,
    ends: 'EXITING',
    trades: [{ symbol: '068270', enter: 35, exit: null, why: 'stop_loss' }],
  },
  { id: 'sma', name: '이평 교차', strategy: 'SmaCross', started: true, ends: 'IDLE', trades: [] },
  {
    id: 'rsi',
    name: 'RSI 되돌림',
    strategy: 'Rsi',
    started: true,
    ends: 'HALTED',
    trades: [{ symbol: '035420', enter: 51, exit: 77, why: 'take_profit' }],
  },
  { id: 'channel', name: '채널', strategy: 'Donchian', started: false, ends: 'IDLE', trades: [] },
];

export const reason = (code: string, params: OrderReason['params'] = {}): OrderReason => ({ code, params });

export interface StepOfDay {
  readonly at: number;
  readonly event: string;
  readonly from: TraderPhase;
  readonly to: TraderPhase;
  readonly symbol?: string;
  readonly quantity?: number;
  readonly effects?: readonly Readonly<Record<string, unknown>>[];
  readonly reason?: TraderReason;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Passes over what was found, best last but for the one that is chosen. */
export function candidatesAt(at: number, chosen: string | null): ScannedCandidate[] {
  return seededSymbols
    .filter((symbol, index) => symbol === chosen || (index + at) % 4 !== 3)
    .map((symbol, index) => {
      const confidence = 0.42 + ((index * 7 + at) % 16) / 100;
      const one = symbol === chosen;
      return {
        symbol,
        rank: index + 1,
        score: 9.4e10 / (index + 1.3),
        price: seededPrice(symbol, at),
        confidence: index % 3 === 2 && !one ? null : one ? 0.78 : confidence,
        chosen: one,
        reason: one
          ? null
          : index % 3 === 2
            ? reason('no_signal', { symbol })
            : reason('confidence_low', { symbol, confidence: Number(confidence.toFixed(2)), limit: 0.6 }),
      };
    });
}

export interface Placed {
  readonly seq: number;
  readonly quantity: number;
  readonly price: number;
}

export function effectOf({ seq, quantity, price }: Placed, symbol: string, side: string, why: TraderReason) {
  return {
    kind: 'place_order',
    seq,
    side,
    symbol,
    quantity: String(quantity),
    price: String(price),
    reason: why,
  };
}

export function working({ seq, quantity, price }: Placed, sentAt: Date) {
  return {
    seq,
    quantity: String(quantity),
    price: String(price),
    filled: '0',
    sentAt: sentAt.getTime(),
    pending: null,
    asked: null,
    notBefore: 0,
    revisable: true,
    resting: false,
  };
}

/** Symbols that are no candidates, by reason. */
export const passedOver = {
  candidate_value_low: 1_702,
  candidate_volume_low: 388,
  candidate_change_low: 251,
  candidate_halted: 31,
  candidate_price_low: 12,
};
