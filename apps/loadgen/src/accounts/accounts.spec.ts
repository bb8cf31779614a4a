import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { RegisteredAccounts } from './registered-accounts.ts';
import { SignedAccounts } from './signed-accounts.ts';

type Answer = { readonly status: number; readonly body: unknown };
type Asked = { readonly path: string; readonly body: Readonly<Record<string, string>> };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** An API that gives `answers`, one after the other and the last one for ever, and counts what it does at once. */
async function api(...answers: readonly Answer[]): Promise<{ url: string; asked: Asked[]; mostAtOnce: () => number }> {
  const asked: Asked[] = [];
  let [running, most] = [0, 0];
  const server = createServer((request, response) => {
    most = Math.max(most, ++running);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      asked.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as Asked['body'] }); // strings, as sent below
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      setImmediate(() => {
        running--;
        response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json' }).end(JSON.stringify(answer?.body));
      });
    });
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws-chat`, asked, mostAtOnce: () => most }; // a TCP port's
}

function signedIn(token: string, expiresIn: number): Answer {
  return { status: 201, body: { user: {}, accessToken: token, refreshToken: `refresh-${token}`, expiresIn } };
}

describe('signed accounts', () => {
  it('makes tokens that a server with the same secret takes', async () => {
    const secret = 'a secret of thirty-two bytes and more';
    const token = await new SignedAccounts(secret, 60).accessToken('load-x-1');
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), { algorithms: ['HS256'] });
    expect(payload.sub).toBe('load-x-1');
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  });
});

describe('registered accounts', () => {
  it('registers once, and keeps the token while it is good', async () => {
    const { url, asked } = await api(signedIn('one', 900));
    const accounts = new RegisteredAccounts(url);
    expect([await accounts.accessToken('load-x-1'), await accounts.accessToken('load-x-1')]).toEqual(['one', 'one']);
    expect(asked).toEqual([{ path: '/api/auth/register', body: { id: 'load-x-1', password: expect.stringMatching(/^.{16}$/) as string } }]);
  });

  it('renews a token that is about to end', async () => {
    const { url, asked } = await api(signedIn('one', 30), signedIn('two', 900));
    const accounts = new RegisteredAccounts(url);
    expect([await accounts.accessToken('load-x-1'), await accounts.accessToken('load-x-1')]).toEqual(['one', 'two']);
    expect(asked[1]).toEqual({ path: '/api/auth/refresh', body: { refreshToken: 'refresh-one' } });
  });

  it('asks for a few at once, and again where the server is busy', async () => {
    const { url, asked, mostAtOnce } = await api({ status: 429, body: { code: 'rate-limited' } }, { status: 503, body: {} }, signedIn('one', 900));
    const accounts = new RegisteredAccounts(url);
    await Promise.all(Array.from({ length: 30 }, (_, index) => accounts.accessToken(`load-x-${index}`)));
    expect(asked).toHaveLength(32);
    expect(mostAtOnce()).toBeLessThanOrEqual(4);
  });

  it('says what to do where registration is closed, or nobody answers', async () => {
    const { url } = await api({ status: 403, body: { code: 'forbidden', message: 'Registration is closed.' } });
    await expect(new RegisteredAccounts(url).accessToken('load-x-1')).rejects.toThrow(/403 Registration is closed.*JWT_SECRET/);
    servers.splice(0).forEach((server) => server.close());
    await expect(new RegisteredAccounts(url).accessToken('load-x-1')).rejects.toThrow(/ECONNREFUSED.*start a server/);
  });
});
