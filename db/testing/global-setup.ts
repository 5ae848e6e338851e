import postgres from 'postgres';
import { migrate } from '#db/core/migrate.ts';
import { templateName, testServerUrl, urlOf } from './database.ts';

/** Migrates the template that every test database is cloned from. */
export default async function setup(): Promise<void> {
  const admin = postgres(testServerUrl(), { max: 1, onnotice: () => undefined });
  try {
    await admin.unsafe(`drop database if exists ${templateName} with (force)`);
    await admin.unsafe(`create database ${templateName}`);
  } finally {
    await admin.end();
  }
  await migrate(urlOf(templateName));
}
