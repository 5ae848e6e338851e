import { migrate } from './migrate.ts';

const url = process.env['DATABASE_URL'];
if (url === undefined || url === '') {
  console.error(
    'DATABASE_URL is empty: name the database to migrate, or run `npm start`, which brings its own.',
  );
  process.exit(1);
}
await migrate(url);
