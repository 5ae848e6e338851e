import { eq } from 'drizzle-orm';
import { registration } from '#domain/jobs/definition.ts';
import { decimal } from '#domain/core/decimal.ts';
import { conflict } from '#domain/core/errors.ts';
import { deskEdges, deskJobs, simulatedCalendar, type TemplateLanguage } from '#domain/template/desk.ts';
import { simulatedDesk, simulatedHours, simulatedTraders } from '#domain/template/simulated-desk.ts';
import { templateInstall, type TemplateView } from '#domain/template/view.ts';
import { calendarDefinition } from '#domain/time/calendar/definition.ts';
import { traderDefinition } from '#domain/traders/definition.ts';
import { accountDefinition } from '#domain/accounts/account.ts';
import { createAccount } from '#db/accounts/create.ts';
import { setCalendar } from '#db/calendars/edit.ts';
import { wake } from '#db/core/changes.ts';
import { type ScopedContext, scopedOperation } from '#db/core/operation.ts';
import { createJob } from '#db/jobs/create.ts';
import { replaceJob } from '#db/jobs/edit.ts';
import { openBook } from '#db/ledger/operations.ts';
import { createSimulatedMarket } from '#db/simulated/create.ts';
import { simulatedMarkets } from '#db/simulated/schema.ts';
import { createTrader, startTrader } from '#db/traders/control.ts';
import { deskTemplate, existingJobs, markTemplate, wireTemplate } from './template.ts';

async function makeMarket(context: ScopedContext, language: TemplateLanguage): Promise<void> {
  const { tx, scope, now } = context;
  const { account, openingCash, seed } = simulatedDesk;
  const { id: calendar } = simulatedCalendar;
  await setCalendar.run(context, {
    calendar,
    definition: calendarDefinition.parse(simulatedHours(language)),
  });
  await createSimulatedMarket(tx, {
    scope: scope.name,
    calendar,
    seed,
    accounts: [{ id: account, openingCash }],
  });
  const definition = accountDefinition.parse({
    account_id: account,
    name: language === 'ko' ? '모의 계좌' : 'Paper account',
    broker: 'simulated',
    venue: 'KRX',
    calendar,
    feed: `simulator:${scope.name}`,
    limits: { positions: 20 },
  });
  await createAccount.run(context, definition);
  await openBook(tx, scope.name, account, decimal(openingCash), now);
}

async function makeTraders(context: ScopedContext, language: TemplateLanguage): Promise<void> {
  for (const { trader_id, definition } of simulatedTraders(language)) {
    await createTrader.run(context, {
      trader_id,
      account: simulatedDesk.account,
      definition: traderDefinition.parse(definition),
    });
    await startTrader.run(context, { trader_id });
  }
}

/** The template's jobs on the simulated hours, running; those that are there already are put on them too. */
async function makeJobs(context: ScopedContext, language: TemplateLanguage): Promise<void> {
  const there = await existingJobs(context.tx, context.scope.name);
  for (const body of deskJobs(language, 'simulated')) {
    const job = registration.parse(body);
    if (!there.has(job.job_id)) await createJob.run(context, job);
    else {
      const { job_id, ...definition } = job;
      await replaceJob.run(context, replaceJob.input.parse({ job_id, definition }));
    }
  }
  await wireTemplate(context, deskEdges('simulated'));
}

/**
 * One click from nothing to a desk that trades: a market that is simulated, an account with play money, traders, and
 * the jobs that drive them, all running. Never with real money.
 * @throws Problem 409 in a real scope, or when its simulated market is there already.
 */
export const startSimulatedDesk = scopedOperation({
  name: 'start_simulated_desk',
  permission: 'jobs.edit',
  input: templateInstall,
  async run(context, { language }): Promise<TemplateView> {
    const { tx, scope } = context;
    if (scope.kind === 'real')
      throw conflict('simulation_not_here', 'A real scope has no simulated market: use mock.', {});
    const [market] = await tx
      .select({ scope: simulatedMarkets.scope })
      .from(simulatedMarkets)
      .where(eq(simulatedMarkets.scope, scope.name));
    if (market !== undefined)
      throw conflict('simulated_market_exists', `There is a simulated market in "${scope.name}".`, {
        scope: scope.name,
      });
    await markTemplate(context, 'installed');
    await makeMarket(context, language);
    await makeTraders(context, language);
    await makeJobs(context, language);
    await wake(tx);
    return deskTemplate(tx, scope.name, language);
  },
});
