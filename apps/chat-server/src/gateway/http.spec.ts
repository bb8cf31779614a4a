import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ChatError } from '@chat/protocol';
import { bearer, errorOf, HttpFixture, type TestApp } from './http.fixture.ts';
import { contentSecurityPolicy } from './http-headers.ts';
import { principalOf, requirePrincipal } from './http-principal.ts';

let fixture: HttpFixture;
let server: TestApp;

beforeAll(async () => {
  fixture = await HttpFixture.startWithPostgres();
  server = await fixture.app({}, (app) => {
    app.get('/api/fails', () => {
      throw new Error('select password_hash from users failed at 10.0.0.1');
    });
    app.get('/api/away', () => {
      throw new ChatError('unavailable', 'Not now.', 1_500);
    });
    app.get('/api/unguarded', (request) => principalOf(request));
    app.get<{ Params: { id: string } }>('/api/conversations/:id/messages', (request) => ({ id: request.params.id }));
  });
});
afterAll(() => fixture.stop());

const json = { 'content-type': 'application/json' };

describe('health', () => {
  test('healthz answers while the process lives, readyz between start and drain', async () => {
    const { app, readiness } = await fixture.app();
    const states = async (): Promise<unknown[]> => {
      const ready = await app.inject('/readyz');
      return [(await app.inject('/healthz')).statusCode, ready.statusCode, ready.json()];
    };
    expect(await states()).toEqual([200, 503, { status: 'starting', degraded: [] }]);
    readiness.enter('ready');
    readiness.setDegraded('rabbitmq', true);
    expect(await states()).toEqual([200, 200, { status: 'ready', degraded: ['rabbitmq'] }]);
    readiness.enter('draining');
    expect(await states()).toEqual([200, 503, { status: 'draining', degraded: ['rabbitmq'] }]);
  });
});

describe('errors', () => {
  test.each([
    ['GET', '/api/nowhere', 404, 'not-found'],
    ['POST', '/api/nowhere', 404, 'not-found'],
    ['DELETE', '/api/me', 404, 'not-found'],
    ['GET', '/api', 404, 'not-found'],
    ['GET', '/api/users/%E0%A4%A', 400, 'bad-request'],
    ['GET', '/api/away', 503, 'unavailable'],
    ['GET', '/api/fails', 500, 'internal'],
    ['GET', '/api/unguarded', 500, 'internal'],
    ['GET', `/api/conversations/${'x'.repeat(600)}/messages`, 404, 'not-found'],
  ] as const)('%s %s gives %i as JSON', async (method, url, status, code) => {
    const response = await server.app.inject({ method, url });
    expect(errorOf(response)).toMatchObject({ status, code });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['content-type']).toMatch(/^application\/json/);
  });

  test('what is wrong inside is logged and not shown', async () => {
    const response = await server.app.inject('/api/fails');
    expect(response.json()).toEqual({ code: 'internal', message: 'Something went wrong on this server.' });
    expect(server.log()).toContain('select password_hash from users failed');
  });

  test('Retry-After is in seconds, rounded up', async () => {
    const response = await server.app.inject('/api/away');
    expect([response.headers['retry-after'], response.json()]).toEqual([
      '2',
      { code: 'unavailable', message: 'Not now.', retryAfterMs: 1500 },
    ]);
  });

  test.each([
    ['broken JSON', json, '{"id":', 400, 'bad-request', 'The body is not valid JSON.'],
    [
      'a prototype in JSON',
      json,
      '{"id":"anna","password":"correct horse","__proto__":{"a":1}}',
      400,
      'bad-request',
      'The body is not valid JSON.',
    ],
    [
      'a constructor in JSON',
      json,
      '{"id":"a","password":"p","constructor":{"prototype":{"a":1}}}',
      400,
      'bad-request',
      'The body is not valid JSON.',
    ],
    [
      'another content type',
      { 'content-type': 'text/xml' },
      '<id/>',
      400,
      'bad-request',
      'Send the body as application/json.',
    ],
    [
      'a form',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'id=anna',
      400,
      'bad-request',
      'Send the body as application/json.',
    ],
    [
      'a body that is too large',
      json,
      JSON.stringify({ id: 'anna', password: 'x'.repeat(70_000) }),
      413,
      'too-large',
      'The body is larger than this server takes.',
    ],
    ['no body', json, '', 400, 'bad-request', 'The body must be a JSON object.'],
  ])('%s', async (_what, headers, payload, status, code, message) => {
    const response = await server.app.inject({ method: 'POST', url: '/api/auth/login', headers, payload });
    expect(errorOf(response)).toEqual({ status, code, message });
  });

  test.each([
    ['GET / HTTP/9.9\r\n\r\n', '400', 'bad-request'],
    ['hello\r\n\r\n', '400', 'bad-request'],
    [`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, '413', 'too-large'],
  ])('what is no HTTP: %#', async (request, status, code) => {
    const { app } = await fixture.app();
    const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    const socket = connect(Number(url.port), url.hostname);
    socket.write(request);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    expect(head.split(' ')[1]).toBe(status);
    expect(JSON.parse(body)).toMatchObject({ code });
  });

  test('an error that says the store is away is 503, and it works again afterwards', async () => {
    const { app, identity } = server;
    await identity.register({ id: 'outage', password: 'correct horse' });
    const login = async (): Promise<number> =>
      (
        await app.inject({
          method: 'POST',
          url: '/api/auth/login',
          payload: { id: 'outage', password: 'correct horse' },
        })
      ).statusCode;
    await fixture.postgres.halt();
    expect(await login()).toBe(503);
    await fixture.postgres.start();
    await expect.poll(login, { timeout: 20_000 }).toBe(200);
  }, 60_000);
});

test.each([
  'direct:anna:ben',
  'direct%3Aanna%3Aben',
  'direct%3aanna:ben',
  'room:abcdef0123',
  'room%3Aabcdef0123',
  `direct:${'a'.repeat(64)}:${'b'.repeat(64)}`,
  `direct%3A${'a'.repeat(64)}%3A${'b'.repeat(64)}`,
  'direct:a.b-c_d:%61nna',
])('a conversation id stands in a path as it is, percent-encoded or not: %s', async (written) => {
  const response = await server.app.inject(`/api/conversations/${written}/messages?limit=5`);
  expect(response.json()).toEqual({ id: decodeURIComponent(written) });
});

describe('headers', () => {
  test('every answer keeps a browser from doing more with it', async () => {
    for (const url of ['/', '/api/nowhere', '/api/fails', '/healthz']) {
      const { headers } = await server.app.inject({ url, headers: { host: 'chat.example.org:8080' } });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
      });
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("connect-src 'self' ws://chat.example.org:8080 wss://chat.example.org:8080;");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  test.each(['a;script-src *', 'a b', 'a,b', "'none'", '*', 'a:1:2', '[::1'])(
    'the host %j does not get into the policy',
    async (host) => {
      const { headers } = await server.app.inject({ url: '/healthz', headers: { host } });
      expect(headers['content-security-policy']).toBe(contentSecurityPolicy(''));
    },
  );
});

describe('origins', () => {
  const host = 'chat.example.org';
  const get = (origin: string | undefined, url = '/api/me'): Promise<LightMyRequestResponse> =>
    server.app.inject({ url, headers: { host, ...(origin === undefined ? {} : { origin }) } });

  test('foreign ones are refused before anything is done, however the address is spelled', async () => {
    for (const url of ['/api/me', '/%61pi/me', '/api/users?q=a']) {
      for (const origin of ['https://evil.example', 'null', 'https://chat.example.org.evil.example']) {
        const response = await get(origin, url);
        expect(errorOf(response)).toMatchObject({ status: 403, code: 'forbidden' });
        expect(response.headers['access-control-allow-origin']).toBeUndefined();
      }
    }
  });

  test('the own one and none are let in', async () => {
    for (const origin of ['https://chat.example.org', 'http://chat.example.org', undefined])
      expect((await get(origin)).statusCode).toBe(401);
  });

  test('a listed one may read the answer, after asking first', async () => {
    const origin = 'https://app.example.org';
    const { app } = await fixture.app({ ALLOWED_ORIGINS: origin });
    const answer = await app.inject({ url: '/api/me', headers: { host, origin } });
    expect([answer.statusCode, answer.headers['access-control-allow-origin'], answer.headers['vary']]).toEqual([
      401,
      origin,
      'Origin',
    ]);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    const asked = await app.inject({
      method: 'OPTIONS',
      url: '/api/me',
      headers: { host, origin, 'access-control-request-method': 'PATCH' },
    });
    expect([asked.statusCode, asked.headers['access-control-allow-origin']]).toEqual([204, origin]);
    expect(asked.headers['access-control-allow-methods']).toContain('PATCH');
    expect(
      (await app.inject({ method: 'OPTIONS', url: '/api/me', headers: { host, origin: 'https://evil.example' } }))
        .statusCode,
    ).toBe(403);
  });

  test('behind a proxy the host that counts is the one that it was asked for', async () => {
    const { app } = await fixture.app({ TRUST_PROXY: 'loopback' });
    const headers = {
      host: '10.0.0.5:8080',
      origin: 'https://chat.example.org',
      'x-forwarded-host': 'chat.example.org',
    };
    expect((await app.inject({ url: '/api/me', headers })).statusCode).toBe(401);
    expect((await server.app.inject({ url: '/api/me', headers })).statusCode).toBe(403);
  });
});

test('routes of others get the principal by the same hook', async () => {
  const { app, identity } = await fixture.app({}, (other, identities) => {
    other.get('/api/whoami', { onRequest: requirePrincipal(identities) }, (request) => ({
      id: principalOf(request).userId,
    }));
  });
  const { accessToken } = await identity.register({ id: 'whoami', password: 'correct horse' });
  expect((await app.inject({ url: '/api/whoami', headers: bearer(accessToken) })).json()).toEqual({ id: 'whoami' });
  expect((await app.inject('/api/whoami')).statusCode).toBe(401);
});

test('neither passwords nor tokens are in the log', async () => {
  const canary = 'canary-password-2718';
  const canaryServer = await fixture.app();
  const { app, identity } = canaryServer;
  const { accessToken, refreshToken } = await identity.register({ id: 'canary', password: canary });
  for (const payload of [{ id: 'canary', password: canary }, { id: canary, password: canary }, { password: canary }]) {
    await app.inject({ method: 'POST', url: '/api/auth/login', payload });
  }
  await app.inject({ method: 'POST', url: `/api/auth/refresh?t=${refreshToken}`, payload: { refreshToken } });
  await app.inject({ url: '/api/me', headers: bearer(accessToken) });
  for (const secret of [canary, accessToken, refreshToken]) expect(canaryServer.log()).not.toContain(secret);
});
