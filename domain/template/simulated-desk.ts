import type { z } from 'zod';
import type { traderDefinition } from '#domain/traders/definition.ts';
import { simulatedCalendar, type TemplateLanguage } from './desk.ts';

/** The desk that is put on a simulated market: an account with play money and traders that trade often. */
export const simulatedDesk = {
  account: 'paper',
  openingCash: '100000000',
  seed: 20_260_901,
} as const;

type Body = z.input<typeof traderDefinition>;

interface Entry {
  readonly id: string;
  readonly ko: string;
  readonly en: string;
  readonly strategy: Body['strategy'];
  readonly params: NonNullable<Body['params']>;
  readonly score: 'value' | 'volume_surge' | 'momentum';
  readonly interval?: NonNullable<Body['interval']>;
}

const entries: readonly Entry[] = [
  {
    id: 'zone-1',
    ko: '매물대 돌파 1',
    en: 'Volume zone 1',
    strategy: 'VolumeZoneBreakout',
    params: { volume_window: 30, breakout_buffer: 0.001, hold_period_bars: 3 },
    score: 'value',
  },
  {
    id: 'zone-2',
    ko: '매물대 돌파 2',
    en: 'Volume zone 2',
    strategy: 'VolumeZoneBreakout',
    params: { volume_window: 60, breakout_buffer: 0.002, hold_period_bars: 6 },
    score: 'volume_surge',
  },
  {
    id: 'long-candle',
    ko: '거래량 장대양봉',
    en: 'Volume long candle',
    strategy: 'VolumeLongCandle',
    params: { min_body: 0.002, hold_period_bars: 2 },
    score: 'volume_surge',
  },
  {
    id: 'cross-fast',
    ko: '이동평균 교차 (빠름)',
    en: 'SMA cross, fast',
    strategy: 'SmaCross',
    params: { fast: 3, slow: 10 },
    score: 'momentum',
  },
  {
    id: 'cross-slow',
    ko: '이동평균 교차 (느림)',
    en: 'SMA cross, slow',
    strategy: 'SmaCross',
    params: { fast: 10, slow: 30 },
    score: 'value',
  },
  {
    id: 'rsi',
    ko: 'RSI 반등',
    en: 'RSI reversion',
    strategy: 'Rsi',
    params: { period: 9, oversold: 35, overbought: 65 },
    score: 'value',
  },
  {
    id: 'donchian',
    ko: '돈천 채널',
    en: 'Donchian channel',
    strategy: 'Donchian',
    params: { entry_window: 15, exit_window: 4 },
    score: 'momentum',
  },
  {
    id: 'breakout',
    ko: '변동성 돌파',
    en: 'Volatility breakout',
    strategy: 'VolatilityBreakout',
    params: { k: 0.3 },
    score: 'momentum',
  },
];

/** The traders of the simulated desk, to be started at once. */
export function simulatedTraders(
  language: TemplateLanguage,
): { readonly trader_id: string; readonly definition: Body }[] {
  return entries.map(({ id, ko, en, strategy, params, score, interval = '1m' }) => ({
    trader_id: id,
    definition: {
      name: language === 'ko' ? ko : en,
      strategy,
      params,
      interval,
      filter: {
        price_min: 1_000,
        volume_min: 100,
        value_min: 1_000_000,
        change_min: -0.25,
        change_max: 0.25,
        score,
        limit: 30,
      },
      rules: {
        capital_per_position: '5000000',
        stop_loss: 0.008,
        take_profit: 0.006,
        entry_confidence: 0.5,
        entry_timeout_sec: 30,
      },
      limits: { cooldown_sec: 60, consecutive_pause_sec: 120, consecutive_losses: 8, max_drawdown: 0.5 },
      scan_interval_sec: 20,
    },
  }));
}

const hours = {
  open: simulatedCalendar.open,
  close: simulatedCalendar.close,
  continuous_close: simulatedCalendar.continuous_close,
};

/** The simulated market's calendar, open every day of the year from midnight to ten to midnight in Seoul. */
export function simulatedHours(language: TemplateLanguage) {
  return {
    description:
      language === 'ko'
        ? '모의 시장: 매일 00:00–23:50 (마감 동시호가 23:40)'
        : 'Simulated market: every day 00:00–23:50, closing auction from 23:40',
    time_zone: 'Asia/Seoul',
    sessions: { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours },
  };
}
