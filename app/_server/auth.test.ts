import { describe, expect, test } from 'vitest';
import { clientAddress } from './auth-address.ts';
import { outliving, signInCookie } from './auth-cookie.ts';
import { requireOwnOrigin } from './auth-origin.ts';

const origins = ['https://desk.example.com', 'http://127.0.0.1:3000'];

const send =
  (headers: Record<string, string>, method = 'POST') =>
  () =>
    requireOwnOrigin(new Request('http://127.0.0.1:3000/api/v1/real/jobs', { method, headers }), origins);

describe('requireOwnOrigin', () => {
  test('lets through what our own pages send, and programs without a cookie', () => {
    for (const headers of [
      { origin: 'https://desk.example.com', cookie: 'a=b' },
      { 'sec-fetch-site': 'same-origin', cookie: 'a=b' },
      {},
    ]) {
      expect(send(headers)).not.toThrow();
    }
    expect(send({ origin: 'https://evil.test', cookie: 'a=b' }, 'GET')).not.toThrow();
  });

  test('refuses changes from elsewhere', () => {
    const elsewhere = [
      { origin: 'https://evil.test' },
      { origin: 'null', 'sec-fetch-site': 'same-origin' },
      { origin: 'https://desk.example.com.evil.test' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { cookie: 'a=b' },
    ];
    for (const headers of elsewhere)
      expect(send(headers), JSON.stringify(headers)).toThrow(
        expect.objectContaining({ code: 'origin_refused' }),
      );
  });
});

describe('clientAddress', () => {
  const headers = new Headers({ 'x-forwarded-for': '198.51.100.1, 203.0.113.9' });

  test("believes the header only behind a configured proxy, and only the proxy's own entry", () => {
    expect(clientAddress(headers, { host: '0.0.0.0', trustProxy: true })).toBe('203.0.113.9');
    expect(clientAddress(headers, { host: '0.0.0.0', trustProxy: false })).toBeNull();
    expect(clientAddress(headers, { host: '127.0.0.1', trustProxy: false })).toBe('127.0.0.1');
    expect(
      clientAddress(new Headers({ 'x-forwarded-for': 'unknown' }), { host: '127.0.0.1', trustProxy: true }),
    ).toBeNull();
  });
});

describe('the cookie', () => {
  test('is bound to the host over https and plain over http', () => {
    expect(signInCookie('https://desk.example.com')).toEqual({
      name: '__Host-bellkeeper.sign_in',
      secure: true,
    });
    expect(signInCookie('http://127.0.0.1:3000')).toEqual({ name: 'bellkeeper.sign_in', secure: false });
  });

  test('outlives its row, but a cleared one stays cleared', () => {
    expect(outliving('bellkeeper.sign_in=x; Max-Age=604800; Path=/; HttpOnly')).toBe(
      'bellkeeper.sign_in=x; Max-Age=34560000; Path=/; HttpOnly',
    );
    expect(outliving('bellkeeper.sign_in=; Max-Age=0; Path=/')).toBe(
      'bellkeeper.sign_in=; Max-Age=0; Path=/',
    );
  });
});
