import { and, eq } from 'drizzle-orm';
import { accounts } from '#db/accounts/schema.ts';
import { type Database, connect } from '#db/core/client.ts';
import { seedTraders } from '#db/testing/traders.ts';
import { databaseUrls } from '../../bin/lib/database.mjs';
import type { Api } from './api.ts';

/** Traders of `real` with a day behind them: its account has a broker that nobody here sends to. */
export const seededDay = { scope: 'real', day: '2026-11-20', until: 141 } as const;

function database(): Database {
  const urls = databaseUrls(process.env, process.env['E2E_HOME'] ?? '.bellkeeper');
  if (urls === null) throw new Error('The application under test has no database here: set E2E_HOME.');
  return connect(urls.DATABASE_URL, { max: 2, applicationName: 'bellkeeper:e2e' });
}

let made: Promise<void> | null = null;

/** Writes the day once, whoever asks first. */
export function seedTradersDay(): Promise<void> {
  made ??= seed();
  return made;
}

async function seed(): Promise<void> {
  const db = database();
  try {
    const [known] = await db
      .select({ id: accounts.id })
      .from(accounts)
      .where(and(eq(accounts.scope, seededDay.scope), eq(accounts.id, 'main')));
    if (known === undefined) await seedTraders(db, { ...seededDay, broker: 'kis' });
  } finally {
    await db.$client.end({ timeout: 5 });
  }
}

/** An account of the mock scope to make traders on; made over the API, once. */
export async function ensureAccount(api: Api): Promise<void> {
  const answer = await api.try('POST', '/api/v1/mock/accounts', {
    account_id: 'of-traders',
    name: 'Of traders',
    broker: 'kis',
    venue: 'KRX',
    calendar: 'XKRX',
    feed: 'import:nothing',
  });
  if (answer.status !== 201 && answer.status !== 409)
    throw new Error(`No account: ${answer.status} ${JSON.stringify(answer.body)}`);
}
