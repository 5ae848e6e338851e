import { expect, test } from 'vitest';
import { booksDiffer, holdFaults, playbackFaults } from '#db/testing/trading-books.ts';
import { testDatabase } from '#db/testing/database.ts';
import { makeTradingDesk, mixedTraders, seoul, startTraders } from '#db/testing/trading-desk.ts';
import { deskView } from '#db/testing/trading-views.ts';
import { tradingDay } from '#worker/testing/trading-day.ts';

interface Hours {
  readonly day: string;
  readonly eve: string;
  readonly open: string;
  /** T−Δ of the traders: ten minutes before continuous trading ends. */
  readonly flatten: string;
  readonly close: string;
  readonly gridSec: number;
  readonly seed: number;
}

/** A usual day, and the day of the college entrance exam, when everything is an hour later. */
const days: readonly Hours[] = [
  {
    day: '2026-11-23',
    eve: '08:58:00',
    open: '09:00:00',
    flatten: '15:10:00',
    close: '15:30:00',
    gridSec: 1_200,
    seed: 7,
  },
  {
    day: '2026-11-19',
    eve: '09:58:00',
    open: '10:00:00',
    flatten: '16:10:00',
    close: '16:30:00',
    gridSec: 2_700,
    seed: 11,
  },
];

test.each(days)(
  'a KRX day of ten traders ($day): legal moves, no symbol shared, flat at the close, both books the same',
  async ({ day, eve, open, flatten, close, gridSec, seed }) => {
    await using database = await testDatabase();
    const { db } = database;
    const at = (time: string, sec = 0) => new Date(seoul(`${day} ${time}`).getTime() + sec * 1_000);
    await makeTradingDesk(db, { at: at(eve), seed, history: false });
    await startTraders(db, mixedTraders(10));
    await using desk = await tradingDay(database);
    const faults: string[] = [];
    const look = async () => void faults.push(...(await holdFaults(db)));
    await desk.pass(at(open), at(flatten, -600), gridSec, look);
    await desk.pass(at(flatten, -60), at(flatten, -2), 58, look);
    await desk.pass(at(flatten, -1), at(flatten, 6), 1, look);
    await desk.pass(at(flatten, 10), at(flatten, 40), 10, look);
    await desk.pass(at(close, -300), at(close, 60), 180, look);

    const view = deskView(db);
    const orders = await view.orders();
    const entered = orders.filter(({ side, state }) => side === 'buy' && state === 'filled');
    expect(entered.length).toBeGreaterThan(5);
    expect(faults).toEqual([]);
    expect(await playbackFaults(db)).toEqual([]);
    expect(await booksDiffer(db)).toEqual([]);
    const first = orders.filter(({ side }) => side === 'buy').at(0);
    expect(first?.at.getTime()).toBeGreaterThanOrEqual(at(open).getTime());
    const late = orders.filter(({ side, at: when }) => side === 'buy' && when >= at(flatten));
    expect(late).toEqual([]);
    for (const { id, phase, state } of await view.traders()) {
      if (phase === 'IDLE') continue;
      // Halted or locked at its limit: carried, and somebody was called.
      expect(state).toMatchObject({ exit: { carried: { plan: 'exit_at_open' } } });
      const called = (await view.alerts()).filter((alert) => alert.trader === id);
      expect(called.map(({ reason }) => reason.code)).toContain('carried');
    }
  },
  240_000,
);
