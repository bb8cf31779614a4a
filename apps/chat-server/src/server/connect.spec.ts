import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Headers } from '../testing/stomp-client.ts';
import { startSingleServer, tokenOf, type TestServer, type TestUser } from '../testing/test-server.ts';

let server: TestServer;
let alice: TestUser;
const password = 'correct horse battery';

beforeAll(async () => {
  server = await startSingleServer();
  alice = await server.newUser('alice');
  await server.post('/api/auth/register', { id: 'paula', password });
});
afterAll(() => server.stop());

describe('CONNECT', () => {
  it('[CONN-1] CONNECTED says who one is, which server it is, and which version and beats are agreed on', async () => {
    const client = await server.open();
    const connected = await client.connect({ Authorization: `Bearer ${alice.token}`, 'heart-beat': '0,0' });
    expect(Object.fromEntries(connected.headers)).toEqual({
      version: '1.2',
      'heart-beat': '10000,10000',
      session: expect.stringMatching(/^[\w-]+$/) as string,
      server: 'single',
      'user-name': alice.id,
    });
    expect(connected.text).toBe('');
  });

  it('[CONN-1] each session has an id of its own', async () => {
    const sessions = await Promise.all([1, 2, 3].map(async () => {
      const client = await server.open();
      return (await client.connect({ Authorization: `Bearer ${alice.token}` })).headers.get('session');
    }));
    expect(new Set(sessions).size).toBe(3);
  });

  it.each([
    ['1.2', '1.2'],
    ['1.0,1.1,1.2', '1.2'],
    ['1.2,1.1,1.0', '1.2'],
    ['1.1,1.0', '1.1'],
    ['1.0, 1.1', '1.1'],
    ['1.0', '1.0'],
    ['1.1,2.0', '1.1'],
    [undefined, '1.0'],
  ])('[CONN-2] accept-version %s gives %s', async (acceptVersion, version) => {
    const client = await server.open();
    const connected = await client.connect({ Authorization: `Bearer ${alice.token}`, 'accept-version': acceptVersion });
    expect(connected.headers.get('version')).toBe(version);
  });

  it.each(['2.0', '1.3', '', 'x', '1', '1.20', '1.1.1'])('[CONN-2] accept-version %j has no version in common: ERROR and 1002', async (acceptVersion) => {
    const client = await server.open();
    client.frame('CONNECT', { Authorization: `Bearer ${alice.token}`, 'accept-version': acceptVersion });
    const error = await client.error();
    expect(error.headers.get('message')).toMatch(/1\.0, 1\.1 and 1\.2/);
    expect(error.headers.get('version')).toBe('1.0,1.1,1.2');
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[CONN-3] STOMP means CONNECT, and host may be missing', async () => {
    const client = await server.open();
    client.frame('STOMP', { 'accept-version': '1.2', Authorization: `Bearer ${alice.token}` });
    const connected = await client.next((frame) => frame.command === 'CONNECTED');
    expect(connected.headers.get('user-name')).toBe(alice.id);
  });

  it.each(['0,0', '10000,10000', '1,1', '0,1', '', 'often', '10000', '1,2,3', '-1,5', '1e9,1e9', '99999999999999,1', ',', ' 5 , 5 '])(
    '[CONN-4] heart-beat %j is answered with the server\'s own, and nothing else comes of it',
    async (heartBeat) => {
      const client = await server.open();
      const connected = await client.connect({ Authorization: `Bearer ${alice.token}`, 'heart-beat': heartBeat });
      expect(connected.headers.get('heart-beat')).toBe('10000,10000');
      await client.fence();
    },
  );

  it('[CONN-4] without a heart-beat header there is still one in CONNECTED', async () => {
    const client = await server.open();
    const connected = await client.connect({ Authorization: `Bearer ${alice.token}`, 'heart-beat': undefined });
    expect(connected.headers.get('heart-beat')).toBe('10000,10000');
  });

  it('[CONN-5] a second CONNECT gets ERROR and 1002', async () => {
    const client = await server.client(alice);
    client.frame('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${alice.token}` });
    expect((await client.error()).headers.get('message')).toMatch(/second CONNECT/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[CONN-5] two CONNECTs in one message make one session, which ends', async () => {
    const client = await server.open();
    const connect = client.encode('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${alice.token}` });
    client.raw(connect + connect);
    await client.error();
    expect(client.unread.map((frame) => frame.command)).toEqual(['CONNECTED']);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it.each([
    ['SEND', { destination: '/app/chat.send' }],
    ['SUBSCRIBE', { destination: '/user/queue/messages', id: '1' }],
    ['UNSUBSCRIBE', { id: '1' }],
    ['DISCONNECT', { receipt: '1' }],
    ['ACK', { id: '1' }],
    ['BEGIN', { transaction: '1' }],
  ] as const)('[CONN-6] %s before CONNECT gets ERROR and 1002', async (command, headers) => {
    const client = await server.open();
    client.frame(command, headers);
    expect((await client.error()).headers.get('message')).toContain(command);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[CONN-7] headers of CONNECT are not escaped, and a device name may be any printable ASCII', async () => {
    const client = await server.open();
    client.raw(`CONNECT\naccept-version:1.2\nAuthorization:Bearer ${alice.token}\ndevice:a\\b c:d\n\n\0`);
    const connected = await client.next((frame) => frame.command === 'CONNECTED');
    expect(connected.headers.get('user-name')).toBe(alice.id);
  });

  it.each([['empty', ''], ['65 characters', 'd'.repeat(65)], ['not ASCII', 'Gerät']])(
    '[CONN-7] a device name that is %s gets ERROR and 1002',
    async (_what, device) => {
      const client = await server.open();
      client.frame('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${alice.token}`, device });
      expect((await client.error()).headers.get('message')).toMatch(/device/);
      expect(await client.closed).toMatchObject({ code: 1002 });
    },
  );
});

describe('who connects', () => {
  const ways: readonly (readonly [string, () => Headers, () => string])[] = [
    ['Authorization: Bearer <token>', () => ({ Authorization: `Bearer ${alice.token}` }), () => alice.id],
    ['authorization in lower case, bearer too', () => ({ authorization: `bearer ${alice.token}` }), () => alice.id],
    ['the token as passcode, with login', () => ({ login: alice.id, passcode: alice.token }), () => alice.id],
    ['login and password', () => ({ login: 'paula', passcode: password }), () => 'paula'],
    ['login as a person types it, and password', () => ({ login: 'Paula', passcode: password }), () => 'paula'],
  ];
  it.each(ways)('[AUTH-1] %s', async (_what, headers, userId) => {
    const client = await server.open();
    const connected = await client.connect(headers());
    expect(connected.headers.get('user-name')).toBe(userId());
  });

  const wrong: readonly (readonly [string, () => Headers | Promise<Headers>, RegExp])[] = [
    ['nothing', () => ({}), /no token/],
    ['login alone', () => ({ login: alice.id }), /no token/],
    ['an empty Authorization', () => ({ Authorization: '' }), /Authorization/],
    ['a token without Bearer', () => ({ Authorization: alice.token }), /Authorization/],
    ['Basic', () => ({ Authorization: 'Basic YTpi' }), /Authorization/],
    ['a token that is none', () => ({ Authorization: 'Bearer x.y.z' }), /not valid/],
    ['a token with a byte changed', () => ({ Authorization: `Bearer ${changed(alice.token)}` }), /not valid/],
    ['a token with alg none', () => ({ Authorization: `Bearer ${unsigned('alice')}` }), /not valid/],
    ['a token that has expired', async () => ({ Authorization: `Bearer ${await tokenOf(alice.id, { exp: 1 })}` }), /expired/],
    ['a token without an end', async () => ({ Authorization: `Bearer ${await tokenOf(alice.id, { exp: undefined })}` }), /not valid/],
    ['a token of no valid id', async () => ({ Authorization: `Bearer ${await tokenOf('Not An Id')}` }), /user id/],
    ['the token of another user than login names', () => ({ login: 'paula', passcode: alice.token }), /another user/],
    ['a wrong password', () => ({ login: 'paula', passcode: 'wrong password' }), /password/],
    ['the password of nobody', () => ({ login: 'nobody', passcode: 'wrong password' }), /password/],
  ];
  it.each(wrong)('[AUTH-2] %s gets ERROR that says so, and 4401', async (_what, headers, says) => {
    const client = await server.open();
    client.frame('CONNECT', { 'accept-version': '1.2', ...(await headers()) });
    const error = await client.error();
    expect(error.headers.get('message')).toMatch(says);
    expect(await client.closed).toMatchObject({ code: 4401 });
    expect(client.unread).toEqual([]);
  });

  it('[AUTH-2] a wrong password and an unknown user are told the same', async () => {
    const texts = await Promise.all(['paula', 'nobody'].map(async (login) => {
      const client = await server.open();
      client.frame('CONNECT', { 'accept-version': '1.2', login, passcode: 'wrong password' });
      return (await client.error()).headers.get('message');
    }));
    expect(texts[0]).toBe(texts[1]);
  });

  it('[AUTH-3] a token in the address counts for nothing', async () => {
    const client = await server.open();
    const inAddress = await server.open({}, `?access_token=${alice.token}&Authorization=Bearer%20${alice.token}`);
    for (const one of [client, inAddress]) {
      one.frame('CONNECT', { 'accept-version': '1.2' });
      expect((await one.error()).headers.get('message')).toMatch(/no token/);
      expect(await one.closed).toMatchObject({ code: 4401 });
    }
  });

  it('[AUTH-4] no token and no password is ever logged', async () => {
    const canary = 'canary-canary-canary';
    await server.open({}, `?token=${canary}`);
    for (const headers of [{ login: 'paula', passcode: canary }, { Authorization: `Bearer ${canary}` }, { Authorization: canary }]) {
      const client = await server.open();
      client.frame('CONNECT', { 'accept-version': '1.2', ...headers });
      await client.closed;
    }
    expect(server.log).not.toContain(canary);
    expect(server.log).not.toContain(alice.token);
  });
});

/** A character in the middle of the signature: the last ones have bits that do not count. */
function changed(token: string): string {
  const at = token.length - 20;
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

function unsigned(sub: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub, exp: 4_000_000_000 })}.`;
}
