import { describe, expect, test } from 'vitest';
import { settle } from '../platform/clock.scripted.ts';
import { onlineClient, scriptedClient } from '../testing/scripted-client.ts';

test('CONNECT carries the token and the device', async () => {
  const { chat, transport } = await scriptedClient();
  chat.start();
  await settle();
  expect(transport.last.headers).toEqual({ Authorization: 'Bearer access-1', device: 'device-1' });
  expect(chat.connection).toEqual({ status: 'connecting' });
  transport.last.connected('server7');
  expect(chat.connection).toEqual({ status: 'online', server: 'server7' });
});

test('failed tries come at growing intervals, and a connection that works starts them anew', async () => {
  const { chat, transport, clock } = await scriptedClient();
  chat.start();
  const waits: number[] = [];
  for (let attempt = 1; attempt <= 4; attempt++) {
    await settle();
    expect(transport.connections).toHaveLength(attempt);
    transport.last.drop(1006);
    const state = chat.connection;
    if (state.status !== 'waiting') throw new Error(`Expected to wait, is ${state.status}.`);
    waits.push(state.nextTryAt - clock.now());
    await clock.advance(waits.at(-1) ?? 0);
  }
  expect(waits).toEqual([500, 1_000, 2_000, 4_000]);
  transport.last.connected();
  transport.last.synced();
  transport.last.drop(1006);
  expect(chat.connection).toMatchObject({ status: 'waiting', nextTryAt: clock.now() + 500 });
});

test('a connection that never comes to CONNECTED is given up', async () => {
  const { chat, transport, clock } = await scriptedClient();
  chat.start();
  await clock.advance(9_999);
  expect(transport.last.ending).toBeUndefined();
  await clock.advance(1);
  expect(transport.last.ending).toBe('aborted');
  expect(chat.connection.status).toBe('waiting');
});

describe('close codes', () => {
  test('1012 and 4408: back at once, on the first occasion', async () => {
    for (const code of [1012, 4408]) {
      const { chat, transport, clock } = await onlineClient();
      transport.last.drop(code);
      await clock.advance(250);
      expect(transport.connections).toHaveLength(2);
      transport.last.drop(code);
      expect(chat.connection).toMatchObject({ status: 'waiting', nextTryAt: clock.now() + 500 });
    }
  });

  test('1013: back-off that goes on from several failures', async () => {
    const { chat, transport, clock } = await onlineClient();
    transport.last.drop(1013);
    expect(chat.connection).toMatchObject({ status: 'waiting', nextTryAt: clock.now() + 4_000 });
  });

  test('4401: the token is renewed once, then the user is signed out', async () => {
    const { chat, account, transport, http } = await onlineClient();
    transport.last.drop(4401);
    await settle();
    expect(http.calls).toEqual(['/api/auth/login', '/api/auth/refresh']);
    expect(transport.last.headers).toMatchObject({ Authorization: 'Bearer access-2' });
    transport.last.drop(4401);
    await settle();
    expect(http.calls).toHaveLength(2);
    expect(chat.connection).toEqual({ status: 'signed-out', reason: 'ended' });
    expect(account.current).toBeUndefined();
  });

  test('4401 with a refresh token that is refused: signed out without another try', async () => {
    const { chat, transport, http } = await onlineClient();
    http.refresh = 'refused';
    transport.last.drop(4401);
    await settle();
    expect(chat.connection).toEqual({ status: 'signed-out', reason: 'ended' });
    expect(transport.connections).toHaveLength(1);
  });

  test('4401 while the refresh cannot be reached: still signed in, and tried again', async () => {
    const { chat, account, transport, http, clock } = await onlineClient();
    http.refresh = 'unreachable';
    transport.last.drop(4401);
    await settle();
    expect(chat.connection.status).toBe('waiting');
    expect(account.current).toBeDefined();
    http.refresh = 'renewed';
    await clock.advance(500);
    expect(transport.connections).toHaveLength(2);
  });

  test('4409: stops and says so, until the user starts it again', async () => {
    const { chat, transport, clock } = await onlineClient();
    transport.last.drop(4409);
    await clock.advance(600_000);
    expect(chat.connection).toEqual({ status: 'replaced' });
    expect(transport.connections).toHaveLength(1);
    chat.start();
    await settle();
    expect(transport.connections).toHaveLength(2);
  });
});

test('without network the state says so; its return is the next try', async () => {
  const { chat, transport, network, clock } = await onlineClient();
  network.become(false);
  await clock.advance(4_000); // the probe has no answer
  expect(transport.last.ending).toBe('aborted');
  expect(chat.connection).toEqual({ status: 'offline' });
  const tries = transport.connections.length;
  network.become(true);
  await settle();
  expect(transport.connections).toHaveLength(tries + 1);
});

test('a connection that answers the probe stays, whatever the device thinks of its network', async () => {
  const { chat, transport, network, clock } = await onlineClient();
  network.become(false);
  const probe = transport.last.sentTo('/app/auth.refresh').at(-1);
  transport.last.receipt(probe?.receipt ?? '');
  await clock.advance(60_000);
  expect(chat.connection.status).toBe('online');
  expect(transport.connections).toHaveLength(1);
});

test('the token is renewed on the open connection before it runs out', async () => {
  const { chat, transport, http, clock } = await onlineClient();
  await clock.advance(3_600_000 * 0.8);
  expect(http.calls).toEqual(['/api/auth/login', '/api/auth/refresh']);
  expect(transport.last.sentTo('/app/auth.refresh').map((frame) => frame.body)).toEqual([{ accessToken: 'access-2' }]);
  await clock.advance(3_600_000 * 0.8);
  expect(transport.last.sentTo('/app/auth.refresh')).toHaveLength(2);
  expect(transport.connections).toHaveLength(1);
  expect(chat.connection.status).toBe('online');
});

test('a renewal that cannot be reached is tried again while the connection lives', async () => {
  const { chat, http, clock } = await onlineClient();
  http.refresh = 'unreachable';
  await clock.advance(3_600_000 * 0.8);
  http.refresh = 'renewed';
  await clock.advance(30_000);
  expect(http.calls).toEqual(['/api/auth/login', '/api/auth/refresh', '/api/auth/refresh']);
  expect(chat.connection.status).toBe('online');
});

test('signing out closes the connection and stays away', async () => {
  const { chat, account, transport, clock } = await onlineClient();
  await account.signOut();
  await clock.advance(600_000);
  expect(chat.connection).toEqual({ status: 'signed-out', reason: 'chosen' });
  expect(transport.connections.map((connection) => connection.ending)).toEqual(['closed']);
});

test('stop closes the connection; nothing more is tried', async () => {
  const { chat, transport, network, clock } = await onlineClient();
  chat.stop();
  network.become(true);
  chat.retryNow();
  await clock.advance(600_000);
  expect(chat.connection).toEqual({ status: 'offline' });
  expect(transport.connections).toHaveLength(1);
});
