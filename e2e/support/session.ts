import { type APIRequestContext, type Page, expect, request } from '@playwright/test';
import { createdKey, userView } from '#domain/access/view.ts';
import { baseUrl, signedIn } from './env.ts';

/** Requests as the browser's page would send them, with the owner's sign-in. Dispose of it. */
export function ownerSession(): Promise<APIRequestContext> {
  return request.newContext({
    baseURL: baseUrl,
    storageState: signedIn,
    extraHTTPHeaders: { origin: new URL(baseUrl).origin },
  });
}

export interface Held {
  readonly role: 'viewer' | 'operator' | 'dealer' | 'admin';
  readonly scope: string;
}

/** Makes a key through the signed-in session. */
export async function createKey(session: APIRequestContext, name: string, grants: readonly Held[]) {
  const answer = await session.post('/api/v1/instance/keys', { data: { name, grants } });
  expect(answer.status(), await answer.text()).toBe(201);
  return createdKey.parse(await answer.json());
}

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

let people = 0;

/** A person of their own for one test, so that signing out or being locked out touches nobody else. */
export async function createPerson(name: string, grants: readonly Held[]): Promise<Person> {
  people += 1;
  const person = {
    name,
    email: `person-${Date.now()}-${people}@example.com`,
    password: 'four unrelated words',
  };
  const session = await ownerSession();
  const answer = await session.post('/api/v1/instance/users', { data: { ...person, grants } });
  expect(answer.status(), await answer.text()).toBe(201);
  userView.parse(await answer.json());
  await session.dispose();
  return person;
}

/** Fills in and sends the sign-in form that is open. */
export async function fillSignIn(page: Page, person: Pick<Person, 'email' | 'password'>): Promise<void> {
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs this person in, in a window where nobody is. */
export async function signInAs(page: Page, person: Person): Promise<Page> {
  await page.goto('/sign-in');
  await fillSignIn(page, person);
  await expect(page.getByRole('button', { name: `Account: ${person.name}` })).toBeVisible();
  return page;
}
