import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '#domain/access/access.ts';
import { Problem } from '#domain/core/errors.ts';
import { type SymbolHold, answerTo, mayWrite, reconcile, untouched } from '#domain/locks/symbol.ts';
import { perform } from '#db/core/operation.ts';
import { testDatabase, type TestDatabase } from '#db/testing/database.ts';
import { until } from '#db/testing/locks.ts';
import { listSymbolLocks } from './queries.ts';
import { markReconciled, reconcileSymbol, releaseSymbolLock } from './reconcile.ts';
import { symbolLocks } from './schema.ts';
import {
  acquireFirst,
  acquireSymbol,
  checkFence,
  markPosition,
  releaseSymbol,
  renewSymbols,
  sweepSymbols,
} from './symbols.ts';

let database: TestDatabase;
const scope = 'mock';
const dealer: Actor = { kind: 'user', id: 'u1', name: 'Park', grants: [{ role: 'dealer', scope }] };
const operator: Actor = { kind: 'user', id: 'u2', name: 'Kim', grants: [{ role: 'operator', scope }] };

beforeAll(async () => {
  database = await testDatabase();
  await database.db.execute(
    sql`create table written (id bigserial primary key, symbol text, token bigint, trader text)`,
  );
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await database.db.execute(sql`delete from symbol_locks`);
});

const acquire = (symbol: string, trader: string) =>
  database.db.transaction((tx) => acquireSymbol(tx, scope, symbol, trader));
const held = async (symbol: string, trader: string) => {
  const answer = await acquire(symbol, trader);
  if (!answer.taken) throw new Error(`${trader} did not get ${symbol}: ${answer.why}`);
  return { symbol, trader, token: answer.token };
};
const lapse = (symbol: string) =>
  database.db
    .update(symbolLocks)
    .set({ until: sql`clock_timestamp()` })
    .where(and(eq(symbolLocks.scope, scope), eq(symbolLocks.symbol, symbol), isNotNull(symbolLocks.trader)));
const fence = (symbol: string, token: number) =>
  database.db
    .transaction((tx) => checkFence(tx, scope, symbol, token))
    .then(
      () => 'yes',
      (error: unknown) => (error instanceof Problem ? error.code : Promise.reject(error)),
    );
const events = async (symbol: string) => {
  const rows = await database.db.execute<{ operation: string }>(
    sql`select operation from audit where entity_id = ${`${scope}/${symbol}`} order by id`,
  );
  return [...rows].map((row) => row.operation);
};

describe('a hold', () => {
  test('is taken once, renewed by its token only, and let go', async () => {
    const mine = await held('005930', 'a');
    expect(await acquire('005930', 'b')).toMatchObject({ taken: false, why: 'held', trader: 'a' });
    expect([...(await renewSymbols(database.db, scope, [mine]))]).toEqual(['005930']);
    const forged = { ...mine, token: mine.token + 1 };
    const others = [forged, { ...mine, trader: 'b' }, { ...mine, symbol: '000660' }];
    expect(await renewSymbols(database.db, scope, others)).toEqual(new Set());
    const release = (hold: typeof mine) => database.db.transaction((tx) => releaseSymbol(tx, scope, hold));
    expect(await release(forged)).toBe('stale');
    expect(await release(mine)).toBe('released');
    expect(await release(mine)).toBe('stale');
    expect((await held('005930', 'b')).token).toBeGreaterThan(mine.token);
  });

  test('is not given away when its transaction fails: nothing leaks', async () => {
    const failing = database.db.transaction(async (tx) => {
      await acquireSymbol(tx, scope, '005930', 'a');
      throw new Error('the buy failed');
    });
    await expect(failing).rejects.toThrow('the buy failed');
    expect(await acquire('005930', 'b')).toMatchObject({ taken: true });
  });

  test('asked for again by its own trader fences the older process out, and the position stays', async () => {
    const old = await held('005930', 'a');
    await database.db.transaction((tx) => markPosition(tx, scope, old, true));
    const young = await held('005930', 'a');
    expect(await fence('005930', old.token)).toBe('symbol_lock_stale');
    expect(await fence('005930', young.token)).toBe('yes');
    const { items } = await listSymbolLocks(database.db, scope, { limit: 10 });
    expect(items).toMatchObject([{ has_position: true, state: 'held', token: young.token }]);
  });

  test('lasts 60 s by the clock of the database', async () => {
    await held('005930', 'a');
    const [row] = await database.db.execute<{ left: string }>(
      sql`select extract(epoch from until - heartbeat_at) as left from symbol_locks`,
    );
    expect(Number(row?.left)).toBeCloseTo(60, 1);
  });

  test('in real and in mock are two', async () => {
    await held('005930', 'a');
    const real = await database.db.transaction((tx) => acquireSymbol(tx, 'real', '005930', 'b'));
    expect(real.taken).toBe(true);
  });
});

describe('silence', () => {
  test('without a position: reconciled first, then taken over under a higher token', async () => {
    const gone = await held('000660', 'a');
    await lapse('000660');
    expect(await fence('000660', gone.token)).toBe('symbol_lock_expired');
    expect(await acquire('000660', 'b')).toMatchObject({ taken: false, why: 'reconcile_first', trader: 'a' });
    expect(await acquire('000660', 'b')).toMatchObject({ taken: false, why: 'reconcile_first' });
    expect(await database.db.transaction((tx) => markReconciled(tx, scope, '000660', false))).toBe('freed');
    expect((await held('000660', 'b')).token).toBeGreaterThan(gone.token);
    expect(await fence('000660', gone.token)).toBe('symbol_lock_stale');
    expect(await renewSymbols(database.db, scope, [gone])).toEqual(new Set());
    expect(await database.db.transaction((tx) => markPosition(tx, scope, gone, true))).toBe(false);
    expect(await events('000660')).toEqual(['symbol_lock_expired']);
  });

  test('with a position: nobody takes it, its trader may still get out, and it is told once', async () => {
    const mine = await held('035420', 'a');
    await database.db.transaction((tx) => markPosition(tx, scope, mine, true));
    await lapse('035420');
    expect(await acquire('035420', 'b')).toMatchObject({ taken: false, why: 'overdue' });
    expect(await fence('035420', mine.token)).toBe('yes');
    expect(await database.db.transaction((tx) => releaseSymbol(tx, scope, mine))).toBe('has_position');
    expect(await database.db.transaction(sweepSymbols)).toBe(1);
    expect(await database.db.transaction(sweepSymbols)).toBe(0);
    expect(await database.db.transaction((tx) => markReconciled(tx, scope, '035420', true))).toBe('kept');
    expect(await acquire('035420', 'b')).toMatchObject({ taken: false, why: 'overdue' });
    expect((await renewSymbols(database.db, scope, [mine])).size).toBe(1);
    expect(await events('035420')).toEqual(['symbol_lock_overdue', 'symbol_lock_reclaimed']);
    await lapse('035420');
    expect(await database.db.transaction(sweepSymbols)).toBe(1);
  });
});

describe('candidates', () => {
  test('a symbol locked by another is passed over, without waiting', async () => {
    await held('005930', 'x');
    const pick = (...symbols: string[]) =>
      database.db.transaction((tx) => acquireFirst(tx, scope, symbols, 'a'));
    expect(await pick('005930', '000660', '035420')).toMatchObject({ symbol: '000660' });
    expect(await pick('005930')).toBeNull();
    expect(await pick()).toBeNull();
    await database.db.transaction(async (busy) => {
      // Not committed yet: others pass it over rather than wait.
      await acquireSymbol(busy, scope, '000660', 'a');
      const other = await database.db.transaction((tx) =>
        acquireFirst(tx, scope, ['005930', '000660', '051910'], 'b'),
      );
      expect(other).toMatchObject({ symbol: '051910' });
    });
  });

  test('twenty traders with the same list get one symbol each', async () => {
    const symbols = Array.from({ length: 20 }, (_, index) => `S${String(index).padStart(2, '0')}`);
    const picks = await Promise.all(
      symbols.map((_, index) => {
        const order = index % 2 === 0 ? symbols : symbols.toReversed();
        return database.db.transaction((tx) => acquireFirst(tx, scope, order, `t${index}`));
      }),
    );
    const got = picks.flatMap((pick) => (pick === null ? [] : [pick.symbol]));
    expect(new Set(got).size).toBe(got.length);
    expect(got.length).toBe(20);
  });
});

const force = (symbol: string, actor = dealer) =>
  perform(database.db, actor, releaseSymbolLock, scope, { symbol, body: { reason: 'trader hangs' } });
const settle = (symbol: string, position = false, actor = dealer) =>
  perform(database.db, actor, reconcileSymbol, scope, {
    symbol,
    body: { reason: 'compared with the broker', position },
  });
const code = (act: Promise<unknown>) =>
  act.then(
    () => null,
    (error: unknown) => (error instanceof Problem ? error.code : Promise.reject(error)),
  );

describe('by hand', () => {
  test('a lock is forced open, reconciled, and taken by another', async () => {
    const mine = await held('005930', 'a');
    await database.db.transaction((tx) => markPosition(tx, scope, mine, true));
    expect(await code(settle('005930'))).toBe('symbol_lock_held');
    expect(await force('005930')).toMatchObject({
      state: 'reconcile',
      trader: null,
      last_trader: 'a',
      has_position: true,
      ended_why: 'forced by Park: trader hangs',
    });
    expect(await fence('005930', mine.token)).toBe('symbol_lock_stale');
    expect(await acquire('005930', 'a')).toMatchObject({ taken: false, why: 'reconcile_first' });
    expect(await code(force('005930'))).toBe('symbol_lock_not_held');
    expect(await settle('005930', true)).toMatchObject({ state: 'reconcile' });
    expect(await settle('005930')).toMatchObject({
      state: 'free',
      last_trader: 'a',
      ended_why: 'reconciled',
    });
    expect((await held('005930', 'b')).token).toBeGreaterThan(mine.token);
    expect(await events('005930')).toEqual([
      'release_symbol_lock',
      'reconcile_symbol_lock',
      'reconcile_symbol_lock',
    ]);
  });

  test('is for dealers, and for symbols that were held', async () => {
    await held('005930', 'a');
    expect(await code(force('005930', operator))).toBe('forbidden');
    expect(await code(settle('005930', false, operator))).toBe('forbidden');
    expect(await code(force('NONE'))).toBe('symbol_lock_not_found');
    expect(await code(settle('NONE'))).toBe('symbol_lock_not_found');
  });
});

describe('against a model', () => {
  const traders = ['a', 'b', 'c'] as const;
  const symbols = ['X', 'Y'] as const;
  const act = fc.record({
    kind: fc.constantFrom(
      'acquire',
      'renew',
      'lapse',
      'release',
      'force',
      'mark',
      'unmark',
      'reconcile',
      'sweep',
    ),
    symbol: fc.constantFrom(...symbols),
    trader: fc.constantFrom(...traders),
    /** 0: the newest token this trader was given; more: an older one. */
    age: fc.nat(2),
  });

  test('two tokens are never good at once, tokens only rise, and no symbol is ever stuck', async () => {
    const past = new Date(0);
    const future = new Date('9999-01-01T00:00:00Z');
    const now = new Date();
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 25 }), async (acts) => {
        await database.db.execute(sql`delete from symbol_locks`);
        const model = new Map<string, SymbolHold>();
        const given = new Map<string, number[]>();
        let highest = new Map<string, number>();
        for (const { kind, symbol, trader, age } of acts) {
          const hold = model.get(symbol) ?? untouched;
          const token = (given.get(`${symbol} ${trader}`) ?? []).at(-1 - age) ?? 0;
          const mine = hold.trader === trader && hold.fencing === token;
          const key = { symbol, trader, token };
          const put = (change: Partial<SymbolHold>) => model.set(symbol, { ...hold, ...change });
          const ended = { trader: null, until: null, hasPosition: false, needsReconcile: false };
          if (kind === 'acquire') {
            const expected = answerTo(hold, trader, now);
            const answer = await acquire(symbol, trader);
            expect(answer.taken).toBe(expected.taken);
            if (answer.taken && expected.taken) {
              expect(answer.token).toBeGreaterThan(highest.get(symbol) ?? 0);
              highest = new Map(highest).set(symbol, answer.token);
              given.set(`${symbol} ${trader}`, [...(given.get(`${symbol} ${trader}`) ?? []), answer.token]);
              put({
                trader,
                fencing: answer.token,
                until: future,
                needsReconcile: false,
                hasPosition: hold.trader === trader && hold.hasPosition,
              });
            } else {
              const why = expected.taken ? null : expected.why;
              expect(answer).toMatchObject({ why });
              put({ needsReconcile: hold.needsReconcile || why === 'reconcile_first' });
            }
          } else if (kind === 'renew') {
            expect((await renewSymbols(database.db, scope, [key])).has(symbol)).toBe(mine);
            if (mine) put({ until: future, needsReconcile: false });
          } else if (kind === 'lapse') {
            if (hold.trader === null) continue;
            await lapse(symbol);
            put({ until: past });
          } else if (kind === 'release') {
            const result = await database.db.transaction((tx) => releaseSymbol(tx, scope, key));
            expect(result).toBe(!mine ? 'stale' : hold.hasPosition ? 'has_position' : 'released');
            if (result === 'released') put(ended);
          } else if (kind === 'force') {
            if (hold.trader === null) continue;
            const body = { reason: 'test' };
            const view = await perform(database.db, dealer, releaseSymbolLock, scope, { symbol, body });
            expect(view.token).toBeGreaterThan(hold.fencing);
            put({ ...ended, fencing: view.token, needsReconcile: true, hasPosition: hold.hasPosition });
          } else if (kind === 'mark' || kind === 'unmark') {
            const position = kind === 'mark';
            expect(await database.db.transaction((tx) => markPosition(tx, scope, key, position))).toBe(mine);
            if (mine) put({ hasPosition: position });
          } else if (kind === 'reconcile') {
            const expected = model.has(symbol) ? reconcile(hold, false, now) : null;
            expect(await database.db.transaction((tx) => markReconciled(tx, scope, symbol, false))).toBe(
              expected,
            );
            if (expected === 'freed') put({ ...ended, fencing: hold.fencing + 1 });
          } else {
            await database.db.transaction(sweepSymbols);
            for (const [name, each] of model)
              if (each.until !== null && each.until <= now)
                model.set(name, { ...each, needsReconcile: true });
          }
          for (const name of symbols) {
            const tokens = traders.flatMap((each) => given.get(`${name} ${each}`) ?? []);
            const good: number[] = [];
            for (const each of tokens) {
              const may = await fence(name, each);
              const said = mayWrite(model.get(name) ?? untouched, each, now);
              expect(may === 'yes' ? 'yes' : may.replace('symbol_lock_', '')).toBe(said);
              if (may === 'yes') good.push(each);
            }
            expect(good.length).toBeLessThanOrEqual(1);
          }
        }
        for (const symbol of symbols) {
          await lapse(symbol);
          await database.db.transaction((tx) => markReconciled(tx, scope, symbol, false));
          expect((await acquire(symbol, 'somebody else')).taken).toBe(true);
        }
      }),
      { numRuns: 80 },
    );
  });
});

describe('processes', () => {
  const kit = fileURLToPath(new URL('trader.test-kit.ts', import.meta.url));
  const start = (...given: string[]) =>
    spawn(process.execPath, [kit, database.url, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });

  test('a killed holder keeps the symbol until it is silent and reconciled', async () => {
    const child = start('dead', '1', '005930', 'hold');
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(async () => said.includes('\n'));
    expect(JSON.parse(said)).toEqual({ taken: true, token: 1 });
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(await acquire('005930', 'b')).toMatchObject({ taken: false, why: 'held', trader: 'dead' });
    await lapse('005930');
    expect(await acquire('005930', 'b')).toMatchObject({ taken: false, why: 'reconcile_first' });
    await database.db.transaction((tx) => markReconciled(tx, scope, '005930', false));
    expect((await held('005930', 'b')).token).toBeGreaterThan(1);
    expect(await fence('005930', 1)).toBe('symbol_lock_stale');
  });

  test('two processes of eight traders, with lapses and forced releases: no write under an older token', async () => {
    const symbols = ['A', 'B', 'C', 'D'];
    await database.db.execute(sql`truncate written`);
    const children = ['p', 'q'].map((name) => start(name, '8', symbols.join(','), '25'));
    const codes = Promise.all(children.map((child) => once(child, 'exit')));
    const meddle = async () => {
      for (let turn = 0; children.some((child) => child.exitCode === null); turn += 1) {
        const symbol = symbols[turn % symbols.length] ?? 'A';
        await lapse(symbol);
        await database.db.transaction((tx) => markReconciled(tx, scope, symbol, false));
        const other = symbols[(turn + 1) % symbols.length] ?? 'A';
        const body = { reason: 'test' };
        await perform(database.db, dealer, releaseSymbolLock, scope, { symbol: other, body }).catch(
          (error: unknown) => (error instanceof Problem ? undefined : Promise.reject(error)),
        );
        await database.db.transaction((tx) => markReconciled(tx, scope, other, false));
      }
    };
    await meddle();
    expect((await codes).map(([exit]) => Number(exit))).toEqual([0, 0]);
    const rows = await database.db.execute<{ symbol: string; token: string; trader: string }>(
      sql`select symbol, token, trader from written order by id`,
    );
    expect(rows.length).toBeGreaterThan(50);
    const owners = new Map<string, string>();
    const newest = new Map<string, number>();
    for (const { symbol, token, trader } of rows) {
      expect(owners.get(`${symbol} ${token}`) ?? trader).toBe(trader);
      owners.set(`${symbol} ${token}`, trader);
      expect(Number(token)).toBeGreaterThanOrEqual(newest.get(symbol) ?? 0);
      newest.set(symbol, Number(token));
    }
  });
});
