import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSingleServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());

it('[DRAIN-1] a server that ends tells its sessions 1012, says that it drains, takes nobody new, and keeps what it took', async () => {
  const user = await server.newUser('user');
  expect([await server.get('/healthz'), await server.get('/readyz')]).toEqual([
    { status: 200, body: { status: 'alive' } },
    { status: 200, body: { status: 'ready', degraded: [] } },
  ]);
  const client = await server.chatting(user);
  await client.say(user.id, 'stored');
  // It answers nothing any more, so that the server has to wait for it.
  const deaf = await server.client(user);
  deaf.webSocket.pause();
  const ended = server.shutDown();

  expect(await client.closed).toMatchObject({ code: 1012 });
  expect([await server.get('/healthz'), await server.get('/readyz')]).toEqual([
    { status: 200, body: { status: 'alive' } },
    { status: 503, body: { status: 'draining', degraded: [] } },
  ]);
  const late = new WebSocket(server.webSocketUrl);
  late.on('error', () => undefined); // says the same as the answer
  const [, response] = (await once(late, 'unexpected-response')) as [unknown, { statusCode?: number }]; // by the docs of ws
  expect(response.statusCode).toBe(503);
  await ended;
  await expect(server.get('/healthz')).rejects.toThrow();
});

it('[DRAIN-1] a connection on which nothing was ever asked does not hold it up', async () => {
  const ending = await startSingleServer();
  const silent = connect(Number(new URL(ending.url).port), '127.0.0.1');
  await once(silent, 'connect');
  const closed = once(silent, 'close');
  silent.resume();
  await ending.stop();
  await closed;
}, 9_000);
