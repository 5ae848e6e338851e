import { randomUUID } from 'node:crypto';
import { decimal } from '#domain/core/decimal.ts';
import type { Database } from '#db/core/client.ts';
import { books, ledgerEntries, positions } from '#db/ledger/schema.ts';
import { minute, openOf } from './traders-market.ts';

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

  async close(until: number): Promise<void> {
    const rows = this.#rows
      .toSorted((a, b) => a.at.getTime() - b.at.getTime())
      .map((row, index) => ({ ...row, seq: index + 1 }));
    const at = new Date(openOf(this.#day) + until * minute);
    await this.#db.insert(ledgerEntries).values(rows);
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
