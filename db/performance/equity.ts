import { netTally, tallyOf } from '#domain/performance/fold.ts';
import { type Valuation, addValuations, lotsOf, valueAccount, valueTrader } from '#domain/performance/day.ts';
import { calendarDay } from '#domain/time/calendar/calendar.ts';
import { writeChanges } from '#db/core/changes.ts';
import type { Queryable } from '#db/core/client.ts';
import { type TraderFacts, accountFacts, symbolsHeld, traderFacts } from './book.ts';
import { type NewPoint, type Subject, baseOf, pointsBefore, subjectKey, writePoints } from './points.ts';
import { currentPrices } from './prices.ts';

interface Valued extends Subject {
  readonly tradingDay: string;
  readonly valuation: Valuation;
}

const always = () => true;

/**
 * Marks everything to market: an equity point of the scope, its accounts and its traders at this instant (scope time),
 * from the ledger and the newest prices of each account's feed. Whoever holds something without any price gets no
 * point, and neither does what contains it: a gap says less than a wrong value.
 * @returns how many points were written.
 */
export async function markEquity(q: Queryable, scope: string, now: Date): Promise<number> {
  const facts = await accountFacts(q, scope);
  if (facts.length === 0) return 0;
  const all = await traderFacts(q, scope);
  const valued: Valued[] = [];
  const whole: Valuation[] = [];
  for (const account of facts) {
    const { history, id } = account;
    const symbols = symbolsHeld(history);
    const prices = await currentPrices(q, account.source, symbols, now);
    const tradingDay = calendarDay(account.calendar, now);
    const priced = symbols.every((symbol) => prices.has(symbol));
    if (priced) {
      const valuation = valueAccount(history, prices);
      whole.push(valuation);
      valued.push({ level: 'account', subject: id, tradingDay, valuation });
    }
    for (const trader of all.filter((candidate) => candidate.account === id && isThere(candidate, now))) {
      if (lotsOf(history, trader.id).some(({ symbol }) => !prices.has(symbol))) continue;
      const realised = netTally(tallyOf(history, always, trader.id));
      const valuation = valueTrader(history, trader.id, trader.capital, realised, prices);
      valued.push({ level: 'trader', subject: trader.id, tradingDay, valuation });
    }
  }
  const [first] = facts;
  if (whole.length === facts.length && first !== undefined)
    valued.push({
      level: 'scope',
      subject: scope,
      tradingDay: calendarDay(first.calendar, now),
      valuation: addValuations(whole),
    });
  const before = await pointsBefore(q, scope, valued, now);
  const points = valued.map((point): NewPoint => {
    const last = before.get(subjectKey(point.level, point.subject));
    // A trader begins with its capital: nothing came in.
    const first = point.level === 'trader' ? point.valuation.base : null;
    return { ...point, scope, at: now, baseBefore: last === undefined ? first : baseOf(last), close: false };
  });
  await writePoints(q, points);
  if (points.length > 0) await writeChanges(q, [{ topic: 'performance', entity: scope, scope }]);
  return points.length;
}

function isThere(trader: TraderFacts, at: Date): boolean {
  return trader.createdAt <= at && (trader.deletedAt === null || trader.deletedAt > at);
}
