import { sql } from 'drizzle-orm';
import { type Decimal, decimal, zero } from '#domain/core/decimal.ts';
import { builtinCalendar } from '#domain/time/calendar/builtin.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import { traderDefinition } from '#domain/traders/definition.ts';
import { accounts } from '#db/accounts/schema.ts';
import type { Database } from '#db/core/client.ts';
import { ledgerEntries } from '#db/ledger/schema.ts';
import { writeQuotes } from '#db/market/quotes.ts';
import { scopes } from '#db/scopes/schema.ts';
import { traders } from '#db/traders/schema.ts';

const krx = builtinCalendar('XKRX');

/** `2026-11-20 09:30` in Seoul. */
export const seoul = (text: string) => new Date(`${text.replace(' ', 'T')}:00+09:00`);

type Row = typeof ledgerEntries.$inferInsert;

export interface BookKit {
  readonly scope: string;
  deposit(at: string, amount: number): Promise<void>;
  withdraw(at: string, amount: number): Promise<void>;
  /** A fill with its fee and, of a sale, its tax. @param order names the order; its costs are counted to it. */
  trade(of: {
    at: string;
    side: 'buy' | 'sell';
    quantity: number;
    price: number;
    fee?: number;
    tax?: number;
    trader?: string | null;
    symbol?: string;
    order?: string;
    day?: string;
  }): Promise<void>;
  entry(
    row: Omit<Row, 'scope' | 'account' | 'seq' | 'id' | 'tradingDay' | 'settlesOn' | 'at'> & { at: string },
  ): Promise<void>;
  quote(at: string, symbol: string, price: number): Promise<void>;
}

let made = 0;

/** A scope of its own with a KRX account and two traders of 1,000,000, whose ledger is written by hand. */
export async function bookKit(db: Database, created = '2026-11-01 08:00'): Promise<BookKit> {
  made += 1;
  const scope = `kit-${made}`;
  const account = 'paper';
  const feed = `simulator:${scope}`;
  await db.insert(scopes).values({
    name: scope,
    kind: 'rehearsal',
    number: 900 + made,
    clockKind: 'simulated',
    clockAt: seoul('2026-11-20 16:00'),
  });
  await db.insert(accounts).values({
    scope,
    id: account,
    name: 'Paper',
    broker: 'simulated',
    venue: 'KRX',
    calendar: 'XKRX',
    feed,
    limits: {},
    createdAt: seoul(created),
  });
  await db.insert(traders).values(
    ['one', 'two'].map((id) => ({
      scope,
      id,
      account,
      definition: traderDefinition.parse({ name: `Trader ${id}`, strategy: 'SmaCross' }),
      phase: 'IDLE' as const,
      state: { phase: 'IDLE', seq: 0, settled: [] },
      phaseSince: seoul(created),
      createdAt: seoul(created),
    })),
  );
  let seq = 0;
  async function add(
    row: Omit<Row, 'scope' | 'account' | 'seq' | 'id' | 'tradingDay' | 'settlesOn'>,
    day?: string,
  ) {
    seq += 1;
    const tradingDay = day ?? calendarDay(krx, row.at);
    const dated = { tradingDay, settlesOn: tradingDay };
    await db
      .insert(ledgerEntries)
      .values({ scope, account, seq, id: `${row.kind}#${seq}`, ...dated, ...row });
  }
  const money = (kind: 'deposit' | 'withdrawal') => (at: string, amount: number) =>
    add({ kind, at: seoul(at), amount: decimal(amount) });
  return {
    scope,
    deposit: money('deposit'),
    withdraw: money('withdrawal'),
    async trade({
      at,
      side,
      quantity,
      price,
      fee = 0,
      tax = 0,
      trader = 'one',
      symbol = '005930',
      order,
      day,
    }) {
      const placed = { at: seoul(at), trader, symbol, order: order ?? null };
      const amount: Decimal = decimal(quantity).times(price);
      await add({ kind: 'fill', ...placed, side, quantity: decimal(quantity), amount }, day);
      if (fee > 0) await add({ kind: 'fee', ...placed, amount: decimal(fee) }, day);
      if (tax > 0) await add({ kind: 'tax', ...placed, amount: decimal(tax) }, day);
    },
    entry: ({ at, ...row }) => add({ ...row, at: seoul(at) }),
    quote: (at, symbol, price) =>
      writeQuotes(db, [
        {
          venue: 'KRX',
          source: feed,
          symbol,
          at: seoul(at).toISOString(),
          available_at: seoul(at).toISOString(),
          bid: decimal(price),
          ask: decimal(price).plus(100),
          bid_size: null,
          ask_size: null,
          last: decimal(price),
          volume: zero,
        },
      ]),
  };
}

/** Puts the clock of a kit's scope. */
export async function setClock(db: Database, scope: string, at: string): Promise<void> {
  await db.execute(sql`update scopes set clock_at = ${seoul(at).toISOString()} where name = ${scope}`);
}
