import type { Control } from '#domain/accounts/control.ts';
import type { BrokerName } from '#domain/accounts/account.ts';
import { contextOf } from '#domain/traders/context.ts';
import type { TraderDefinition } from '#domain/traders/definition.ts';
import type { TraderState } from '#domain/traders/state.ts';
import type { TraderContext } from '#domain/traders/step-types.ts';
import type { ContextOf } from '#db/traders/step.ts';
import { symbolOf, workOf } from '#db/traders/rows.ts';
import type { World, WorldTrader } from '#db/traders/world.ts';

/** Whether a broker changes an open order's price in place. */
const revisesAt: Readonly<Record<BrokerName, boolean>> = { simulated: true, kis: true, upbit: false };

interface Seen {
  readonly definition: TraderDefinition;
  readonly started: boolean;
  readonly state: TraderState;
  readonly symbol: string | null;
  readonly control: Control;
}

/** What a trader sees, of the symbol that its next step is about. */
export function contextIn(world: World, trader: WorldTrader, seen: Seen): TraderContext | null {
  const account = world.accounts.get(trader.account);
  if (account === undefined) return null;
  const { definition, started, state, symbol, control } = seen;
  const work = workOf(state);
  return contextOf({
    now: world.now,
    definition,
    started,
    control,
    protections: trader.protections,
    account: {
      calendar: account.calendar,
      day: account.day,
      ready: account.row.ready,
      stoppedDay: account.row.stoppedDay,
      revises: revisesAt[account.row.broker],
    },
    symbol,
    instrument: symbol === null ? null : (account.instruments.get(symbol) ?? null),
    quote: symbol === null ? null : (account.quotes.get(symbol) ?? null),
    // The broker's word counts while it is of this symbol and nothing has been placed since.
    sellable: symbol !== null && symbol === trader.symbol ? (trader.broker?.sellable ?? null) : null,
    side: work.phase === 'HOLDING' || work.phase === 'EXITING' ? 'sell' : 'buy',
  });
}

/** What a trader sees before anything is locked. */
export function contextNow(world: World, trader: WorldTrader): TraderContext | null {
  const { definition, started, state, control } = trader;
  return contextIn(world, trader, { definition, started, state, control, symbol: symbolOf(state) });
}

/** The same for the step transaction: row and switches are as they are once locked. */
export function contextLocked(world: World, trader: WorldTrader): ContextOf {
  return ({ row, state, symbol, control }) => {
    const context = contextIn(world, trader, {
      definition: row.definition,
      started: row.started,
      state,
      symbol,
      control,
    });
    if (context === null) throw new Error(`The account ${trader.account} of ${trader.id} is gone.`);
    return context;
  };
}
