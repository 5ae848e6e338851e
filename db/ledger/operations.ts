import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { decimalText, plain, zero } from '#domain/core/decimal.ts';
import { Problem } from '#domain/core/errors.ts';
import { symbolName } from '#domain/locks/symbol.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import { accountTerms } from '#db/accounts/terms.ts';
import type { Transaction } from '#db/core/client.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { BookRefused, type EntryDraft, appendEntries, lockBook } from './append.ts';

const reason = z.string().trim().min(1).max(500);
const amount = decimalText.refine((value) => value.gt(0), 'must be above zero');

interface Dated {
  readonly at: Date;
  readonly trading_day: string;
  readonly settles_on: string;
}

/** The day of an entry that is no trade: its cash is there at once. @throws Problem 404 for an unknown account. */
export async function dated(tx: Transaction, scope: string, account: string, at: Date): Promise<Dated> {
  const terms = await accountTerms(tx, scope, account);
  const day = calendarDay(terms.calendar, at);
  return { at, trading_day: day, settles_on: day };
}

/** Adds one entry by somebody's hand. @throws Problem 422 when the book's rules refuse it. */
async function record(context: ScopedContext, account: string, why: string, draft: EntryDraft) {
  const { tx, scope } = context;
  const locked = await lockBook(tx, scope.name, account);
  try {
    const { added, book } = await appendEntries(tx, locked, [draft]);
    context.audit({
      entityType: 'account',
      entityId: `${scope.name}/${account}`,
      before: { cash: plain(locked.cash) },
      after: { entry: draft.id, kind: draft.kind, cash: plain(book.cash), reason: why },
    });
    context.change('accounts', account);
    return { id: draft.id, seq: added[0]?.seq ?? book.lastSeq, cash: plain(book.cash) };
  } catch (error) {
    if (!(error instanceof BookRefused)) throw error;
    throw new Problem('unprocessable', error.code, error.message, error.params);
  }
}

const cashInput = z.strictObject({ account: z.string().max(40), amount, reason });

/** Money that came in: as the broker's statement says. */
export const recordDeposit = scopedOperation({
  name: 'record_deposit',
  permission: 'orders.control',
  input: cashInput,
  async run(context, { account, amount, reason }) {
    const when = await dated(context.tx, context.scope.name, account, context.now);
    const id = `deposit:${randomUUID()}`;
    return record(context, account, reason, { kind: 'deposit', id, ...when, amount });
  },
});

/** Money that was taken out. */
export const recordWithdrawal = scopedOperation({
  name: 'record_withdrawal',
  permission: 'orders.control',
  input: cashInput,
  async run(context, { account, amount, reason }) {
    const when = await dated(context.tx, context.scope.name, account, context.now);
    const id = `withdrawal:${randomUUID()}`;
    return record(context, account, reason, { kind: 'withdrawal', id, ...when, amount });
  },
});

/** Puts the book right where it differs from the broker's statement; what is there stays, and this says why. */
export const adjustBook = scopedOperation({
  name: 'adjust_book',
  permission: 'orders.control',
  input: z.strictObject({
    account: z.string().max(40),
    symbol: symbolName.nullable().default(null),
    quantity: decimalText.default(zero),
    cost: decimalText.refine((value) => value.gte(0), 'must not be below zero').default(zero),
    cash: decimalText.default(zero),
    reason,
  }),
  async run(context, { account, symbol, quantity, cost, cash, reason }) {
    const when = await dated(context.tx, context.scope.name, account, context.now);
    const id = `adjustment:${randomUUID()}`;
    const actor = context.actor.name;
    const entry = { kind: 'adjustment', id, ...when, symbol, quantity, cost, cash, actor, reason } as const;
    return record(context, account, reason, entry);
  },
});

/** The cash with which an account begins, in the transaction that makes it; a second time changes nothing. */
export async function openBook(
  tx: Transaction,
  scope: string,
  account: string,
  cash: z.output<typeof amount>,
  now: Date,
): Promise<void> {
  const locked = await lockBook(tx, scope, account);
  const when = await dated(tx, scope, account, now);
  await appendEntries(tx, locked, [{ kind: 'deposit', id: 'deposit:opening', ...when, amount: cash }]);
}
