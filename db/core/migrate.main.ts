import { readConfig } from '#config';
import { migrate } from './migrate.ts';

const config = readConfig();
const named = process.env['SCHEDULER_TIMEZONE'];
await migrate(config.databaseUrl('owner'), {
  defaultTimeZone: named === undefined || named === '' ? undefined : config.timeZone,
});
