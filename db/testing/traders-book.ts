import { randomUUID } from 'node:crypto';
import { decimal } from '#domain/core/decimal.ts';
import type { Database } from '#db/core/client.ts';
import { books, ledgerEntries, positions } from '#db/ledger/schema.ts';
import { equityPoints } from '#db/performance/schema.ts';
import { minute, openOf, seededPrice } from './traders-market.ts';

interface Fill {
  readonly at: Date;
  readonly trader: string;
  readonly order: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly price: number;
}

/** The account's book: fills with their costs, in order. */
export class Book {
  readonly #db: Database;
  readonly #scope: string;
  readonly #day: string;
  readonly #rows: (typeof ledgerEntries.$inferInsert)[] = [];
  readonly #held = new Map<string, { trader: string; quantity: number; amount: number; at: Date }>();
  #cash = 50_000_000;

  constructor(db: Database, scope: string, day: string) {
    this.#db = db;
    this.#scope = scope;
    this.#day = day;
    this.#add({ kind: 'deposit', at: new Date(openOf(day) - 60 * minute), amount: decimal(this.#cash) });
  }

  #add(
    row: Pick<typeof ledgerEntries.$inferInsert, 'kind' | 'at'> & Partial<typeof ledgerEntries.$inferInsert>,
  ) {
    this.#rows.push({
      scope: this.#scope,
      account: 'main',
      seq: 0,
      id: randomUUID(),
      tradingDay: this.#day,
      settlesOn: this.#day,
      ...row,
    });
  }

  filled({ side, quantity, price, ...placed }: Fill): void {
    const amount = quantity * price;
    const { at, trader, symbol } = placed;
    this.#add({ kind: 'fill', ...placed, side, quantity: decimal(quantity), amount: decimal(amount) });
    const fee = Math.floor(amount * 0.00015);
    const tax = side === 'sell' ? Math.floor(amount * 0.002) : 0;
    this.#add({ kind: 'fee', ...placed, amount: decimal(fee) });
    if (tax > 0) this.#add({ kind: 'tax', ...placed, amount: decimal(tax) });
    this.#cash += (side === 'buy' ? -amount : amount) - fee - tax;
    if (side === 'sell') this.#held.delete(symbol);
    else this.#held.set(symbol, { trader, quantity, amount, at });
  }

  /** The scope marked to market each minute, and the close of the day before. */
  async #mark(until: number): Promise<void> {
    const open = openOf(this.#day);
    const begun = decimal(50_000_000);
    const point = { scope: this.#scope, level: 'scope' as const, subject: this.#scope, flow: decimal(0) };
    const marks = Array.from({ length: until + 1 }, (_, m) => {
      const at = new Date(open + m * minute);
      let cash = 50_000_000;
      const held = new Map<string, number>();
      for (const { kind, side, symbol, quantity, amount, at: when } of this.#rows) {
        if (when > at || amount === undefined || amount === null || kind === 'deposit') continue;
        cash += amount.toNumber() * (kind === 'fill' && side === 'sell' ? 1 : -1);
        if (kind !== 'fill' || symbol === undefined || symbol === null) continue;
        const moved = (quantity?.toNumber() ?? 0) * (side === 'buy' ? 1 : -1);
        held.set(symbol, (held.get(symbol) ?? 0) + moved);
      }
      let worth = 0;
      for (const [symbol, quantity] of held) worth += quantity * seededPrice(symbol, m);
      return {
        ...point,
        at,
        tradingDay: this.#day,
        equity: decimal(cash + worth),
        cash: decimal(cash),
        positions: decimal(worth),
        realised: decimal(0),
        unrealised: decimal(cash + worth).minus(begun),
      };
    });
    const before = new Date(open - 1_110 * minute);
    await this.#db
      .insert(equityPoints)
      .values([
        {
          ...point,
          at: before,
          tradingDay: before.toISOString().slice(0, 10),
          equity: begun,
          cash: begun,
          positions: decimal(0),
          realised: decimal(0),
          unrealised: decimal(0),
          close: true,
        },
        ...marks,
      ])
      .onConflictDoNothing();
  }

  async close(until: number): Promise<void> {
    const rows = this.#rows
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())
      .map((row, index) => ({ ...row, seq: index + 1 }));
    const at = new Date(openOf(this.#day) + until * minute);
    await this.#db.insert(ledgerEntries).values(rows);
    await this.#mark(until);
    await this.#db.insert(books).values({
      scope: this.#scope,
      account: 'main',
      lastSeq: rows.length,
      cash: decimal(this.#cash),
    });
    for (const [symbol, { trader, quantity, amount, at: openedAt }] of this.#held)
      await this.#db.insert(positions).values({
        scope: this.#scope,
        account: 'main',
        symbol,
        quantity: decimal(quantity),
        basisQuantity: decimal(quantity),
        basisCost: decimal(amount),
        realised: decimal(0),
        trader,
        openedAt,
        seq: rows.length,
        updatedAt: at,
      });
  }
}
