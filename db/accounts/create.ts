import { eq, and } from 'drizzle-orm';
import { accountDefinition } from '#domain/accounts/account.ts';
import { zero } from '#domain/core/decimal.ts';
import { conflict } from '#domain/core/errors.ts';
import { requireCalendar } from '#db/calendars/load.ts';
import { scopedOperation } from '#db/core/operation.ts';
import { books } from '#db/ledger/schema.ts';
import { makeControl } from './controls.ts';
import { getAccount } from './queries.ts';
import { accounts, gateways } from './schema.ts';
import { wakeGateway } from '#db/orders/signals.ts';

/** Makes an account of the scope, with an empty book and its own switch. */
export const createAccount = scopedOperation({
  name: 'create_account',
  permission: 'settings.manage',
  input: accountDefinition,
  async run(context, input) {
    const { tx, scope, now } = context;
    const { account_id: id, fees, ...rest } = input;
    await requireCalendar(tx, scope.name, input.calendar);
    const [taken] = await tx
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(eq(accounts.scope, scope.name), eq(accounts.id, id)));
    if (taken !== undefined)
      throw conflict('account_exists', `There is an account "${id}" here: choose another id.`, { id });
    await tx.insert(accounts).values({
      ...rest,
      scope: scope.name,
      id,
      fees: fees.map((contract) => ({
        since: contract.since,
        commission: contract.commission.toFixed(),
        exchange: contract.exchange.toFixed(),
        minimum: contract.minimum.toFixed(),
        step: contract.step?.toFixed() ?? null,
      })),
      readyReason: { code: 'not_reconciled', params: {} },
      createdAt: now,
    });
    await tx.insert(books).values({ scope: scope.name, account: id, cash: zero });
    await tx.insert(gateways).values({ scope: scope.name, account: id });
    await makeControl(tx, scope.name, 'account', id);
    context.audit({
      entityType: 'account',
      entityId: `${scope.name}/${id}`,
      before: null,
      after: { ...rest, account_id: id },
    });
    context.change('accounts', id);
    await wakeGateway(tx, scope.name, id);
    return getAccount(tx, scope.name, id);
  },
});
