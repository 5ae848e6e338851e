import { describe, expect, it } from 'vitest';
import { type SystemFacts, checkNames, systemCheck } from './system-check.ts';

const account = {
  account: 'paper',
  heartbeatAgeSec: 1,
  trouble: null,
  ready: true,
  readyReason: null,
  drift: 0,
  traders: 2,
};
const feed = { feed: 'simulator:mock', inSession: true, quoteAgeSec: 1, traders: 2 };
const sound: SystemFacts = {
  databaseMs: 2,
  leader: { alive: true, heartbeatAgeSec: 1 },
  workers: 2,
  accounts: [account],
  feeds: [feed],
  unknownOrders: { count: 0, oldestAgeSec: null },
  locks: { orphaned: [], overdue: [], unreconciled: [] },
  calendars: [{ calendar: 'XKRX', against: [], projected: 0 }],
  disk: { freeBytes: 50 * 2 ** 30, totalBytes: 100 * 2 ** 30 },
};
const wrong = (over: Partial<SystemFacts>) =>
  systemCheck({ ...sound, ...over })
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status, text }) => `${status} ${check}: ${text}`);

describe('the check-up', () => {
  it('of a sound desk asks every question, and each is well', () => {
    const lines = systemCheck(sound);
    expect(lines.map(({ check }) => check)).toEqual(checkNames);
    expect(wrong({})).toEqual([]);
    expect(wrong({ accounts: [], feeds: [], calendars: [], disk: null })).toEqual([]);
  });

  it.each<[string, Partial<SystemFacts>, string]>([
    ['no leader', { leader: null }, 'fail leader: nobody leads'],
    ['a silent leader', { leader: { alive: false, heartbeatAgeSec: 30 } }, 'fail leader'],
    ['no worker', { workers: 0 }, 'fail workers: no worker'],
    ['a slow database', { databaseMs: 900 }, 'warn database: answers in 900 ms'],
    ['no gateway', { accounts: [{ ...account, heartbeatAgeSec: null }] }, 'fail gateways: paper: no process'],
    [
      'a silent gateway',
      { accounts: [{ ...account, heartbeatAgeSec: 9 }] },
      'fail gateways: paper: not heard for 9 s',
    ],
    [
      'a gateway without its broker',
      { accounts: [{ ...account, trouble: 'timeout' }] },
      'fail gateways: paper: does not reach',
    ],
    ['an account not ready', { accounts: [{ ...account, ready: false }] }, 'fail gateways: paper: not ready'],
    ['an idle account not ready', { accounts: [{ ...account, ready: false, traders: 0 }] }, 'warn gateways'],
    [
      'old quotes',
      { feeds: [{ ...feed, quoteAgeSec: 60 }] },
      'warn quotes: simulator:mock: the newest is 60 s old',
    ],
    ['stale quotes', { feeds: [{ ...feed, quoteAgeSec: 600 }] }, 'fail quotes'],
    ['no quotes', { feeds: [{ ...feed, quoteAgeSec: null }] }, 'fail quotes: simulator:mock: none although'],
    [
      'unknown orders',
      { unknownOrders: { count: 2, oldestAgeSec: 61 } },
      'fail unknown orders: 2, the oldest for 61 s',
    ],
    ['drift', { accounts: [{ ...account, drift: 1 }] }, 'fail books: paper: 1 unexplained difference'],
    [
      'an overdue lock',
      { locks: { ...sound.locks, overdue: ['005930'] } },
      'fail symbol locks: 005930: the trader is silent',
    ],
    [
      'an orphaned lock',
      { locks: { ...sound.locks, orphaned: ['005930'] } },
      'fail symbol locks: 005930: held without',
    ],
    [
      'an unreconciled lock',
      { locks: { ...sound.locks, unreconciled: ['005930'] } },
      'warn symbol locks: 005930',
    ],
    [
      'a calendar of its own',
      { calendars: [{ calendar: 'XKRX', against: ['2026-12-01'], projected: 0 }] },
      'warn calendar: XKRX: 2026-12-01',
    ],
    [
      'a table that ends',
      { calendars: [{ calendar: 'XKRX', against: [], projected: 9 }] },
      'warn calendar: XKRX: 9 coming days',
    ],
    ['a full disk', { disk: { freeBytes: 2 ** 20, totalBytes: 2 ** 40 } }, 'fail disk: 0.0 GiB free'],
    ['little disk', { disk: { freeBytes: 2 ** 30, totalBytes: 2 ** 35 } }, 'warn disk: 1.0 GiB free (3 %)'],
  ])('names %s', (_name, over, text) => {
    const lines = wrong(over);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.startsWith(text), lines[0]).toBe(true);
  });

  it('minds no old quotes outside the session', () => {
    expect(wrong({ feeds: [{ ...feed, inSession: false, quoteAgeSec: null }] })).toEqual([]);
  });
});
