import type { z } from 'zod';
import type { edge } from '#domain/dependencies/edge.ts';
import type { registration } from '#domain/jobs/definition.ts';

type Body = z.input<typeof registration>;
type Link = z.input<typeof edge>;
export type TemplateLanguage = 'ko' | 'en';

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
}

const krx = { calendar: 'XKRX', time_zone: 'Asia/Seoul' } as const;

const entries: readonly Entry[] = [
  {
    job_id: 'trading_job',
    ko: '시간봉이 끝날 때마다 진입 조건을 살핍니다.',
    en: 'Looks for entries after each hourly candle.',
    candle: '1h + 60s',
    resource_group: 'trading',
    priority: 1,
    locks: ['trading_cycle'],
  },
  {
    job_id: 'position_management_job',
    ko: '15분봉이 끝날 때마다 보유 종목의 청산 조건을 살핍니다.',
    en: 'Looks after open positions after each 15-minute candle.',
    candle: '15m + 60s',
    resource_group: 'trading',
    priority: 0,
    critical: true,
    locks: ['position_management'],
    lock_wait_sec: 60,
  },
  {
    job_id: 'morning_data_collection',
    ko: '장 시작 전에 데이터를 모읍니다.',
    en: 'Collects data before the open.',
    cron_expr: '*/15 8 * * 1-5',
    resource_group: 'data_processing',
  },
  {
    job_id: 'ai_analysis',
    ko: '모은 데이터를 분석합니다.',
    en: 'Analyses what was collected.',
    cron_expr: '30 8 * * 1-5',
    resource_group: 'ai_analysis',
    timeout_sec: 1_500,
  },
  {
    job_id: 'market_open',
    ko: '장이 열릴 때 한 번 실행합니다.',
    en: 'Once, when the market opens.',
    cron_expr: '0 9 * * 1-5',
    resource_group: 'trading',
    priority: 1,
  },
  {
    job_id: 'market_monitoring',
    ko: '장중에 5초마다 시세와 주문을 살핍니다.',
    en: 'Watches quotes and orders every five seconds of the session.',
    mode: 'service',
    interval_seconds: 5,
    window: '09:00-15:30',
    priority: 1,
    critical: true,
  },
  {
    job_id: 'trading_execution',
    ko: '장중에 5분마다 매매를 실행합니다.',
    en: 'Trades every five minutes of the session.',
    cron_expr: '*/5 9-15 * * 1-5',
    window: 'session',
    resource_group: 'trading',
    priority: 1,
    locks: ['trading_cycle'],
  },
  {
    job_id: 'daily_settlement',
    ko: '장 마감 뒤 하루를 정산합니다.',
    en: 'Settles the day after the close.',
    cron_expr: '30 15 * * 1-5',
    resource_group: 'reporting',
    critical: true,
  },
  {
    job_id: 'daily_report',
    ko: '하루를 요약해 보고합니다.',
    en: 'Reports the day.',
    cron_expr: '0 16 * * 1-5',
    resource_group: 'reporting',
  },
  {
    job_id: 'nightly_backtest',
    ko: '매일 밤 전략을 다시 검증합니다.',
    en: 'Tests the strategies again every night.',
    cron_expr: '0 0 * * *',
    resource_group: 'lab',
    priority: 3,
    timeout_sec: 7_200,
  },
  {
    job_id: 'system_check',
    ko: '매일 새벽 시스템을 점검합니다.',
    en: 'Checks the system every night.',
    cron_expr: '0 2 * * *',
    priority: 3,
  },
];

/** Jobs that keep no exchange's days. */
const everyDay: ReadonlySet<string> = new Set(['nightly_backtest', 'system_check']);

/**
 * The jobs of a KRX day, paused: schedules, rooms and locks as a desk has them; what they run is for the desk to fill in.
 * Times are Seoul's.
 */
export function deskJobs(language: TemplateLanguage): Body[] {
  return entries.map(({ ko, en, ...body }) => ({
    ...slot,
    ...(everyDay.has(body.job_id) ? { time_zone: krx.time_zone } : krx),
    ...body,
    description: language === 'ko' ? ko : en,
    enabled: false,
  }));
}

const gate = (upstream: string, downstream: string): Link => ({ upstream, downstream, kind: 'gate' });

/** What waits for what in that day. */
export const deskEdges: readonly Link[] = [
  gate('morning_data_collection', 'ai_analysis'),
  gate('ai_analysis', 'market_monitoring'),
  gate('market_monitoring', 'trading_execution'),
  gate('market_monitoring', 'daily_settlement'),
  gate('daily_settlement', 'daily_report'),
];
