/**
 * The desk's own check-up: facts in, one line for each question out. What is wrong says the way out. `fail` is what keeps
 * a desk from trading soundly; `warn` is what somebody should look at.
 */
export type CheckStatus = 'ok' | 'warn' | 'fail';
export interface CheckLine {
  readonly check: CheckName;
  readonly status: CheckStatus;
  /** English, for the run's log. */
  readonly text: string;
}

export const checkNames = [
  'database',
  'leader',
  'workers',
  'gateways',
  'quotes',
  'unknown orders',
  'books',
  'symbol locks',
  'calendar',
  'disk',
] as const;
export type CheckName = (typeof checkNames)[number];

export interface AccountFacts {
  readonly account: string;
  /** Null: nobody holds its gateway. */
  readonly heartbeatAgeSec: number | null;
  readonly trouble: string | null;
  readonly ready: boolean;
  readonly readyReason: string | null;
  /** Differences between our books and the broker's that nothing explains. */
  readonly drift: number;
  readonly traders: number;
}

export interface FeedFacts {
  readonly feed: string;
  /** Whether the venue trades continuously now. */
  readonly inSession: boolean;
  /** Null: there is no quote at all. */
  readonly quoteAgeSec: number | null;
  /** Traders that look for entries on it. */
  readonly traders: number;
}

export interface CalendarFacts {
  readonly calendar: string;
  /** Coming days that exceptions of the scope open or close against the built-in table. */
  readonly against: readonly string[];
  /** Coming days beyond the published table. */
  readonly projected: number;
}

export interface SystemFacts {
  readonly databaseMs: number;
  readonly leader: { readonly alive: boolean; readonly heartbeatAgeSec: number } | null;
  readonly workers: number;
  readonly accounts: readonly AccountFacts[];
  readonly feeds: readonly FeedFacts[];
  readonly unknownOrders: { readonly count: number; readonly oldestAgeSec: number | null };
  readonly locks: {
    /** Held by a trader that this scope does not have. */
    readonly orphaned: readonly string[];
    /** Their trader is silent and has a position. */
    readonly overdue: readonly string[];
    /** Nobody takes them until they are reconciled. */
    readonly unreconciled: readonly string[];
  };
  readonly calendars: readonly CalendarFacts[];
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
}

/** Bounds of the check-up; ages in seconds. */
export const checkBounds = {
  databaseMs: 500,
  gatewaySilentSec: 5,
  quoteWarnSec: 30,
  quoteFailSec: 120,
  diskWarn: 0.1,
  diskFailBytes: 512 * 1_048_576,
} as const;

const line = (check: CheckName, status: CheckStatus, text: string): CheckLine => ({ check, status, text });
const seconds = (age: number) => `${Math.round(age)} s`;
const named = (names: readonly string[]) =>
  names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');

function engineLines({ databaseMs, leader, workers }: SystemFacts): CheckLine[] {
  const slow = databaseMs > checkBounds.databaseMs;
  return [
    line(
      'database',
      slow ? 'warn' : 'ok',
      `answers in ${Math.round(databaseMs)} ms${slow ? ': look at its load and its disk' : ''}`,
    ),
    leader?.alive === true
      ? line('leader', 'ok', `heard ${seconds(leader.heartbeatAgeSec)} ago`)
      : line('leader', 'fail', 'nobody leads, so nothing fires: see the Engine page, and start a worker'),
    workers > 0
      ? line('workers', 'ok', `${workers} live`)
      : line('workers', 'fail', 'no worker of the live lane: start one with `npm run worker`'),
  ];
}

function gatewayLine(facts: AccountFacts): CheckLine {
  const { account, heartbeatAgeSec: age, trouble, ready, readyReason, traders } = facts;
  // An account that nobody trades on may stand still.
  const grave: CheckStatus = traders > 0 ? 'fail' : 'warn';
  if (age === null)
    return line('gateways', grave, `${account}: no process holds its gateway: is a worker of this scope up?`);
  if (age > checkBounds.gatewaySilentSec)
    return line('gateways', grave, `${account}: not heard for ${seconds(age)}: look at that worker's log`);
  if (trouble !== null)
    return line(
      'gateways',
      grave,
      `${account}: does not reach the broker (${trouble}): check network and keys`,
    );
  if (!ready)
    return line(
      'gateways',
      grave,
      `${account}: not ready (${readyReason ?? 'not reconciled yet'}): see its page; nothing is opened until it is`,
    );
  return line('gateways', 'ok', `${account}: ready, heard ${seconds(age)} ago`);
}

function quoteLine({ feed, inSession, quoteAgeSec: age, traders }: FeedFacts): CheckLine {
  if (!inSession) return line('quotes', 'ok', `${feed}: no session now`);
  const grave: CheckStatus = traders > 0 ? 'fail' : 'warn';
  if (age === null)
    return line('quotes', grave, `${feed}: none although the session runs: is its feed started?`);
  const text = `${feed}: the newest is ${seconds(age)} old`;
  if (age > checkBounds.quoteFailSec)
    return line('quotes', grave, `${text}: traders open nothing on it; restart the feed`);
  return line('quotes', age > checkBounds.quoteWarnSec ? 'warn' : 'ok', text);
}

function orderLine({ unknownOrders: { count, oldestAgeSec } }: SystemFacts): CheckLine {
  if (count === 0) return line('unknown orders', 'ok', 'none');
  const age = oldestAgeSec === null ? '' : `, the oldest for ${seconds(oldestAgeSec)}`;
  return line(
    'unknown orders',
    'fail',
    `${count}${age}: open the Orders page and say which broker order each one is, or that it is none`,
  );
}

function bookLines({ accounts }: SystemFacts): CheckLine[] {
  const off = accounts.filter(({ drift }) => drift > 0);
  if (off.length === 0) return [line('books', 'ok', 'ours and the brokers agree')];
  return off.map(({ account, drift }) =>
    line(
      'books',
      'fail',
      `${account}: ${drift} unexplained ${drift === 1 ? 'difference' : 'differences'}: compare and correct on its page`,
    ),
  );
}

function lockLines({ locks: { orphaned, overdue, unreconciled } }: SystemFacts): CheckLine[] {
  const lines = [
    ...(overdue.length === 0
      ? []
      : [
          line(
            'symbol locks',
            'fail',
            `${named(overdue)}: the trader is silent and holds a position: bring it back, or release on the Locks page`,
          ),
        ]),
    ...(orphaned.length === 0
      ? []
      : [
          line(
            'symbol locks',
            'fail',
            `${named(orphaned)}: held without a trader: release on the Locks page`,
          ),
        ]),
    ...(unreconciled.length === 0
      ? []
      : [line('symbol locks', 'warn', `${named(unreconciled)}: to be reconciled before anybody takes them`)]),
  ];
  return lines.length > 0 ? lines : [line('symbol locks', 'ok', 'each held one has its trader')];
}

function calendarLine({ calendar, against, projected }: CalendarFacts): CheckLine {
  if (against.length > 0)
    return line(
      'calendar',
      'warn',
      `${calendar}: ${named(against)} are not as the published table has them: confirm them on the Calendar page`,
    );
  if (projected > 0)
    return line(
      'calendar',
      'warn',
      `${calendar}: ${projected} coming days are projected by rule: a newer build has the published table`,
    );
  return line('calendar', 'ok', `${calendar}: as published`);
}

function diskLine({ disk }: SystemFacts): CheckLine {
  if (disk === null || disk.totalBytes === 0) return line('disk', 'ok', 'not known here');
  const share = disk.freeBytes / disk.totalBytes;
  const text = `${(disk.freeBytes / 1_073_741_824).toFixed(1)} GiB free (${Math.round(share * 100)} %)`;
  if (disk.freeBytes < checkBounds.diskFailBytes)
    return line('disk', 'fail', `${text}: free some at once, the database stops without`);
  return share < checkBounds.diskWarn
    ? line('disk', 'warn', `${text}: delete old backups and logs`)
    : line('disk', 'ok', text);
}

/** All lines, in the order of `checkNames`; every question has at least one. */
export function systemCheck(facts: SystemFacts): CheckLine[] {
  const { accounts, feeds, calendars } = facts;
  return [
    ...engineLines(facts),
    ...(accounts.length === 0 ? [line('gateways', 'ok', 'no accounts')] : accounts.map(gatewayLine)),
    ...(feeds.length === 0 ? [line('quotes', 'ok', 'no feeds')] : feeds.map(quoteLine)),
    orderLine(facts),
    ...bookLines(facts),
    ...lockLines(facts),
    ...(calendars.length === 0 ? [line('calendar', 'ok', 'none in use')] : calendars.map(calendarLine)),
    diskLine(facts),
  ];
}
