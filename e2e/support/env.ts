import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const baseUrl = process.env.E2E_URL ?? 'http://127.0.0.1:3000';

/** The person made owner by the environment of the application's first start. */
export const owner = {
  email: process.env.E2E_EMAIL ?? 'owner@example.com',
  password: process.env.E2E_PASSWORD ?? '',
};

/** What the set-up leaves for the tests: the owner's cookies, and an API key of all permissions. */
export const signedIn = join(import.meta.dirname, '../../test-results/signed-in.json');
export const keyFile = join(import.meta.dirname, '../../test-results/key.txt');

/** The key made by sign-in.setup.ts. */
export function savedKey(): string {
  return readFileSync(keyFile, 'utf8').trim();
}

/** A closed network asks for the first ones; Chromium's sandbox refuses to work for root. */
export const browserFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
  '--disable-dev-shm-usage',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];
