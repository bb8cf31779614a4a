import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LightMyRequestResponse } from 'fastify';
import type { SignedIn } from '@chat/protocol';
import { bearer, errorOf, HttpFixture, type TestApp } from './http.fixture.ts';

let fixture: HttpFixture;
let server: TestApp;

beforeAll(async () => {
  fixture = await HttpFixture.start();
  server = await fixture.app();
});
afterAll(() => fixture.stop());

const password = 'correct horse';

function post(
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  to = server,
): Promise<LightMyRequestResponse> {
  return to.app.inject({
    method: 'POST',
    url: `/api/auth/${path}`,
    headers,
    ...(body === undefined ? {} : { payload: body as object }),
  });
}

function get(url: string, accessToken: string): Promise<LightMyRequestResponse> {
  return server.app.inject({ url, headers: bearer(accessToken) });
}

async function registered(id: string, displayName?: string): Promise<SignedIn> {
  const response = await post('register', { id, password, displayName });
  expect([response.statusCode, response.headers['cache-control']]).toEqual([201, 'no-store']);
  return response.json<SignedIn>();
}

describe('accounts over HTTP', () => {
  test('register, me, refresh, logout', async () => {
    const signedIn = await registered('anna', 'Anna');
    expect(Object.keys(signedIn).sort()).toEqual(['accessToken', 'expiresIn', 'refreshToken', 'user']);
    expect((await get('/api/me', signedIn.accessToken)).json()).toEqual({ id: 'anna', displayName: 'Anna', readReceipts: true });

    const refreshed = await post('refresh', { refreshToken: signedIn.refreshToken });
    expect(refreshed.statusCode).toBe(200);
    const { accessToken } = refreshed.json<SignedIn>();

    const out = await post('logout', undefined, { ...bearer(accessToken), 'content-type': 'application/json' });
    expect([out.statusCode, out.body]).toEqual([204, '']);
    for (const token of [accessToken, signedIn.accessToken]) expect((await get('/api/me', token)).statusCode).toBe(401);
    expect((await post('refresh', { refreshToken: refreshed.json<SignedIn>().refreshToken })).statusCode).toBe(401);
  });

  test('a taken id gives 409', async () => {
    await registered('ben');
    const response = await post('register', { id: 'BEN', password });
    expect(errorOf(response)).toMatchObject({ status: 409, code: 'conflict' });
  });

  test('a wrong password and an unknown id give the same answer to the last byte', async () => {
    await registered('carl');
    const [wrong, unknown] = await Promise.all([
      post('login', { id: 'carl', password: 'wrong horse' }),
      post('login', { id: 'nobody', password: 'wrong horse' }),
    ]);
    expect(errorOf(wrong)).toEqual({ status: 401, code: 'unauthorized', message: 'The id or the password is wrong.' });
    expect(unknown.body).toBe(wrong.body);
    expect({ ...unknown.headers, date: '' }).toEqual({ ...wrong.headers, date: '' });
    expect((await post('login', { id: ' Carl', password })).statusCode).toBe(200);
  });

  test.each<[string, unknown, string]>([
    ['register', {}, 'Send id, password too.'],
    ['register', { id: 'dora' }, 'Send password too.'],
    ['register', [], 'The body must be a JSON object.'],
    ['register', undefined, 'The body must be a JSON object.'],
    ['register', { id: 5, password }, 'id must be a text.'],
    ['register', { id: 'd', password }, 'id must be 2 to 64 of a-z 0-9 . _ -, its first and last a letter or digit.'],
    ['register', { id: 'dora', password: 'short' }, 'password must have at least 8 characters.'],
    ['register', { id: 'dora', password: 'x'.repeat(129) }, 'password must have at most 128 characters.'],
    ['register', { id: 'dora', password, displayName: '' }, 'displayName must have at least 1 character.'],
    [
      'register',
      { id: 'dora', password, displayName: '👍'.repeat(65) },
      'displayName must have at most 64 characters.',
    ],
    ['login', { id: 'dora' }, 'Send password too.'],
    ['login', { id: { $ne: '' }, password }, 'id must be a text.'],
    ['refresh', { refreshToken: '' }, 'refreshToken must have at least 1 character.'],
  ])('%s with %j says what to send', async (path, body, message) => {
    expect(errorOf(await post(path, body))).toEqual({ status: 400, code: 'bad-request', message });
  });

  test('lengths count code points, and fields that nobody knows are let through', async () => {
    const displayName = '👍'.repeat(64);
    const response = await post('register', {
      id: 'emoji',
      password: '👍'.repeat(8),
      displayName,
      plan: 'gold',
      admin: true,
    });
    expect(response.statusCode).toBe(201);
    expect(response.json<SignedIn>().user).toEqual({ id: 'emoji', displayName });
  });

  test('a closed server takes no registrations', async () => {
    const closed = await fixture.app({ REGISTRATION: 'closed' });
    expect(errorOf(await post('register', { id: 'eve', password }, {}, closed))).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  });
});

describe('bearer tokens', () => {
  test.each([
    [{}],
    [{ authorization: 'Bearer' }],
    [{ authorization: 'Basic YW5uYTpwYXNz' }],
    [{ authorization: 'Bearer a b' }],
    [{ authorization: 'Bearer garbage' }],
  ])('%j is refused, and says how to', async (headers) => {
    for (const url of ['/api/me', '/api/users', '/api/users/anna']) {
      const response = await server.app.inject({ url, headers });
      expect(errorOf(response)).toMatchObject({ status: 401, code: 'unauthorized' });
      expect(response.headers['www-authenticate']).toBe('Bearer');
    }
  });

  test('a token in the address is not read, and stays out of the log', async () => {
    const { accessToken } = await registered('fred');
    const address = `access_token=${accessToken}&token=${accessToken}`;
    expect((await server.app.inject({ url: `/api/me?${address}` })).statusCode).toBe(401);
    expect((await server.app.inject({ url: `/api/nowhere?${address}`, headers: bearer(accessToken) })).statusCode).toBe(
      404,
    );
    expect(server.log()).not.toContain(accessToken);
  });

  test('who is not signed in is told so before the body is read', async () => {
    const response = await server.app.inject({
      method: 'PATCH',
      url: '/api/me',
      headers: { 'content-type': 'application/json' },
      payload: '{broken',
    });
    expect(response.statusCode).toBe(401);
  });
});

describe('users', () => {
  test.each(["'; drop table users; --", '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"\\u0000'])(
    'the name %j stays text',
    async (displayName) => {
      const { accessToken } = (await post('login', { id: 'ben', password })).json<SignedIn>();
      const patched = await server.app.inject({
        method: 'PATCH',
        url: '/api/me',
        headers: bearer(accessToken),
        payload: { displayName },
      });
      expect([patched.statusCode, patched.json()]).toEqual([200, { id: 'ben', displayName, readReceipts: true }]);
      const seen = await get('/api/users/ben', accessToken);
      expect(seen.headers['content-type']).toMatch(/^application\/json/);
      expect(seen.headers['x-content-type-options']).toBe('nosniff');
      expect(seen.json()).toEqual({ id: 'ben', displayName });
      expect((await get('/api/me', accessToken)).json()).toEqual({ id: 'ben', displayName, readReceipts: true });
    },
  );

  test('are looked up and found', async () => {
    const { accessToken } = await registered('gina', 'Gina Kim');
    expect((await get('/api/users/GINA', accessToken)).json()).toEqual({ id: 'gina', displayName: 'Gina Kim' });
    expect(errorOf(await get('/api/users/nobody', accessToken))).toMatchObject({ status: 404, code: 'not-found' });
    expect(errorOf(await get('/api/users/a%00b', accessToken))).toMatchObject({ status: 404, code: 'not-found' });
    expect((await get('/api/users?q=gina%20k', accessToken)).json()).toEqual({
      users: [{ id: 'gina', displayName: 'Gina Kim' }],
    });
    expect((await get('/api/users?q=%25', accessToken)).json()).toEqual({ users: [] });
    expect(errorOf(await get('/api/users', accessToken))).toMatchObject({ status: 400, message: 'Send q too.' });
    expect(errorOf(await get('/api/users?q=a&q=b', accessToken))).toMatchObject({
      status: 400,
      message: 'q must be a text.',
    });
  });

  test('a name that is too long, missing or no text is refused', async () => {
    const { accessToken } = (await post('login', { id: 'gina', password })).json<SignedIn>();
    for (const payload of [
      {},
      { displayName: 'x'.repeat(65) },
      { displayName: null },
      { displayName: ['x'] },
      { displayName: 'a\0b' },
    ]) {
      const response = await server.app.inject({
        method: 'PATCH',
        url: '/api/me',
        headers: bearer(accessToken),
        payload,
      });
      expect(errorOf(response)).toMatchObject({ status: 400, code: 'bad-request' });
    }
  });
});

describe('rates', () => {
  test('registrations from one address are limited, another address is not', async () => {
    const limited = await fixture.app({
      RATE_LIMITS: 'on',
      RATE_REGISTRATIONS_PER_MINUTE: '2',
      TRUST_PROXY: 'loopback',
    });
    const register = (id: string, from: string): Promise<LightMyRequestResponse> =>
      post('register', { id, password }, { 'x-forwarded-for': from }, limited);
    expect((await register('rate1', '192.0.2.1')).statusCode).toBe(201);
    expect((await register('rate2', '192.0.2.1')).statusCode).toBe(201);
    const refused = await register('rate3', '192.0.2.1');
    expect(errorOf(refused)).toMatchObject({ status: 429, code: 'rate-limited' });
    const { retryAfterMs } = refused.json<{ retryAfterMs: number }>();
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
    expect(refused.headers['retry-after']).toBe(String(Math.ceil(retryAfterMs / 1000)));
    expect((await register('rate3', '192.0.2.2')).statusCode).toBe(201);
  });

  test('only failed logins count', async () => {
    const limited = await fixture.app({ RATE_LIMITS: 'on', RATE_FAILED_LOGINS_PER_MINUTE: '3' });
    const login = async (word: string): Promise<number> =>
      (await post('login', { id: 'gina', password: word }, {}, limited)).statusCode;
    for (let n = 0; n < 5; n++) expect(await login(password)).toBe(200);
    for (let n = 0; n < 3; n++) expect(await login('wrong horse')).toBe(401);
    expect(await login('wrong horse')).toBe(429);
    expect(await login(password)).toBe(429);
  });

  test('an address is not what somebody who is no proxy says', async () => {
    const limited = await fixture.app({ RATE_LIMITS: 'on', RATE_FAILED_LOGINS_PER_MINUTE: '1' });
    const statuses: number[] = [];
    for (const from of ['192.0.2.1', '192.0.2.2']) {
      statuses.push(
        (await post('login', { id: 'gina', password: 'wrong horse' }, { 'x-forwarded-for': from }, limited)).statusCode,
      );
    }
    expect(statuses).toEqual([401, 429]);
  });
});
