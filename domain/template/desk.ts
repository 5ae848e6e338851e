import type { z } from 'zod';
import type { edge } from '#domain/dependencies/edge.ts';
import type { registration } from '#domain/jobs/definition.ts';

type Body = z.input<typeof registration>;
type Link = z.input<typeof edge>;
export type TemplateLanguage = 'ko' | 'en';

/** Whether its KRX day keeps the exchange's hours, or those of the simulated market, which is hardly ever closed. */
export type TemplateMarket = 'krx' | 'simulated';

/** The simulated market's calendar: every day of the year, so that whoever comes sees it run. */
export const simulatedCalendar = {
  id: 'SIM',
  open: '00:00',
  continuous_close: '23:40',
  close: '23:50',
} as const;

/** What a slot runs until somebody puts a command of their own there: it says so, and fails. */
const slot: Pick<Body, 'task' | 'params' | 'retry_limit'> = {
  task: 'command',
  params: {
    argv: [
      'sh',
      '-c',
      'echo "This job is a slot of the desk template: edit it and put your own command here." >&2; exit 64',
    ],
  },
  retry_limit: 0,
};

interface Entry extends Omit<Body, 'description'> {
  readonly ko: string;
  readonly en: string;
  /** What is different on the simulated market; `false`: it has no such job. */
  readonly simulated?: Partial<Body> | false;
}

const krx = { calendar: 'XKRX', time_zone: 'Asia/Seoul' } as const;

const entries: readonly Entry[] = [
  {
    job_id: 'trading_job',
    ko: '시간봉이 끝날 때마다 진입 조건을 살핍니다.',
    en: 'Looks for entries after each hourly candle.',
    candle: '1h + 60s',
    task: 'trading_cycle',
    retry_limit: 0,
    resource_group: 'trading',
    priority: 1,
    locks: ['trading_cycle'],
    simulated: false,
  },
  {
    job_id: 'position_management_job',
    ko: '15분봉이 끝날 때마다 보유 종목의 청산 조건을 살핍니다.',
    en: 'Looks after open positions after each 15-minute candle.',
    candle: '15m + 60s',
    task: 'position_management',
    priority: 0,
    critical: true,
    locks: ['position_management'],
    lock_wait_sec: 60,
    simulated: { candle: '1m + 5s', lock_wait_sec: 30 },
  },
  {
    job_id: 'morning_data_collection',
    ko: '장 시작 전에 데이터를 모읍니다.',
    en: 'Collects data before the open.',
    task: 'collect_candles',
    cron_expr: '*/15 8 * * 1-5',
    resource_group: 'data_processing',
    simulated: { cron_expr: '* * * * *', window: 'session' },
  },
  {
    job_id: 'ai_analysis',
    ko: '모은 데이터를 분석합니다.',
    en: 'Analyses what was collected.',
    ...slot,
    cron_expr: '30 8 * * 1-5',
    resource_group: 'ai_analysis',
    timeout_sec: 1_500,
    simulated: false,
  },
  {
    job_id: 'market_open',
    ko: '장이 열릴 때 매매할 준비가 되었는지 점검합니다.',
    en: 'Checks at the open that the desk is ready to trade.',
    task: 'system_check',
    cron_expr: '0 9 * * 1-5',
    resource_group: 'trading',
    priority: 1,
    simulated: false,
  },
  {
    job_id: 'market_monitoring',
    ko: '장중에 1초마다 시세, 주문, 손절을 살핍니다.',
    en: 'Watches quotes, orders and stops every second of the session.',
    task: 'market_monitor',
    mode: 'service',
    interval_seconds: 1,
    window: 'session',
    priority: 0,
    critical: true,
  },
  {
    job_id: 'trading_execution',
    ko: '장중에 5분마다 매매를 실행합니다.',
    en: 'Trades every five minutes of the session.',
    task: 'trading_cycle',
    retry_limit: 0,
    cron_expr: '*/5 9-15 * * 1-5',
    window: 'session',
    resource_group: 'trading',
    priority: 1,
    locks: ['trading_cycle'],
    simulated: { cron_expr: '*/20 * * * * *' },
  },
  {
    job_id: 'flatten_backstop',
    ko: '정규장이 끝나기 5분 전까지 남은 포지션을 청산합니다.',
    en: 'Sells what is still held five minutes before continuous trading ends.',
    task: 'flatten',
    session: 'continuous_close - 5m',
    priority: 0,
    critical: true,
  },
  {
    job_id: 'daily_settlement',
    ko: '장 마감 뒤 하루를 정산합니다.',
    en: 'Settles the day after the close.',
    task: 'daily_settlement',
    cron_expr: '30 15 * * 1-5',
    resource_group: 'reporting',
    critical: true,
    simulated: { cron_expr: null, session: 'close' },
  },
  {
    job_id: 'daily_report',
    ko: '하루를 요약해 보고합니다.',
    en: 'Reports the day.',
    task: 'daily_report',
    cron_expr: '0 16 * * 1-5',
    resource_group: 'reporting',
    simulated: { cron_expr: null, session: 'close + 5m' },
  },
  {
    job_id: 'nightly_backtest',
    ko: '매일 밤 전략을 다시 검증합니다.',
    en: 'Tests the strategies again every night.',
    ...slot,
    cron_expr: '0 0 * * *',
    resource_group: 'lab',
    priority: 3,
    timeout_sec: 7_200,
    simulated: false,
  },
  {
    job_id: 'system_check',
    ko: '매일 새벽 시스템을 점검합니다.',
    en: 'Checks the system every night.',
    task: 'system_check',
    cron_expr: '0 2 * * *',
    priority: 3,
  },
];

/** Jobs that keep no exchange's days. */
const everyDay: ReadonlySet<string> = new Set(['nightly_backtest', 'system_check']);

/**
 * The jobs of a KRX day: schedules, rooms, locks and tasks as a desk has them. Times are Seoul's. On the exchange's own
 * hours they are paused until somebody has looked; on the simulated market they run at once.
 */
export function deskJobs(language: TemplateLanguage, market: TemplateMarket = 'krx'): Body[] {
  const calendar = market === 'krx' ? krx : { ...krx, calendar: simulatedCalendar.id };
  return entries
    .filter((entry) => market === 'krx' || entry.simulated !== false)
    .map(({ ko, en, simulated, ...body }) => ({
      ...(everyDay.has(body.job_id) ? { time_zone: krx.time_zone } : calendar),
      ...body,
      ...(market === 'simulated' && simulated !== false ? simulated : {}),
      description: language === 'ko' ? ko : en,
      enabled: market === 'simulated',
    }));
}

const gate = (upstream: string, downstream: string): Link => ({ upstream, downstream, kind: 'gate' });

const edges: readonly Link[] = [
  gate('morning_data_collection', 'ai_analysis'),
  gate('ai_analysis', 'market_monitoring'),
  gate('market_monitoring', 'trading_execution'),
  gate('market_monitoring', 'daily_settlement'),
  gate('daily_settlement', 'daily_report'),
];

/** What waits for what in that day, between the jobs that the market has. */
export function deskEdges(market: TemplateMarket = 'krx'): readonly Link[] {
  const there = new Set(deskJobs('en', market).map(({ job_id }) => job_id));
  return edges.filter(({ upstream, downstream }) => there.has(upstream) && there.has(downstream));
}
