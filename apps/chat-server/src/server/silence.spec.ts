import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

let server: TestServer;
let user: TestUser;
let ahead = 0;

beforeAll(async () => {
  server = await startSingleServer();
  user = await server.newUser('user');
});
afterAll(() => server.stop());
beforeEach(() => {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ahead);
});
afterEach(() => vi.restoreAllMocks());

/** The server's clock goes on by that much; what is due then is done within the next second. */
function letPass(seconds: number): void {
  ahead += seconds * 1000;
}

function counting(client: StompClient): { pings: number; beats: number } {
  const seen = { pings: 0, beats: 0 };
  client.webSocket.on('ping', () => seen.pings++);
  client.webSocket.on('message', (data: Buffer) => (seen.beats += data.toString() === '\n' ? 1 : 0));
  return seen;
}

it('[LIFE-1] a client that is silent is pinged after 20 s, and lives as long as it answers, whatever beats it promised', async () => {
  const client = await server.client(user, { 'heart-beat': '1000,0' });
  const seen = counting(client);
  for (const pings of [1, 2, 3]) {
    letPass(21);
    await expect.poll(() => seen.pings, { timeout: 5_000 }).toBe(pings);
  }
  await client.fence();
});

it('[LIFE-2] one that does not answer ends: 45 s after its last sign of life it is gone', async () => {
  const client = await server.client(user, {}, { autoPong: false });
  const seen = counting(client);
  letPass(21);
  await expect.poll(() => seen.pings, { timeout: 5_000 }).toBe(1);
  letPass(21);
  expect(await client.closed).toMatchObject({ code: 1006 });
});

it('[LIFE-2] any data is a sign of life, a beat too', async () => {
  const client = await server.client(user, {}, { autoPong: false });
  const seen = counting(client);
  for (const pings of [1, 2]) {
    letPass(21);
    await expect.poll(() => seen.pings, { timeout: 5_000 }).toBe(pings);
    client.raw('\n');
    await client.fence();
  }
  letPass(15);
  await client.fence();
});

it('[LIFE-3] the server sends beats every ten seconds to who asked for some, however often they were asked for', async () => {
  const [none, some, many] = await Promise.all(['0,0', '0,10000', '0,1'].map((heartBeat) => server.client(user, { 'heart-beat': heartBeat })));
  if (none === undefined || some === undefined || many === undefined) throw new Error('three clients');
  const seen = [none, some, many].map(counting);
  for (const beats of [1, 2]) {
    letPass(9);
    await expect.poll(() => seen[1]?.beats, { timeout: 5_000 }).toBe(beats);
    await Promise.all([none, many].map((client) => client.fence()));
    expect(seen.map((one) => one.beats)).toEqual([0, beats, beats]);
  }
});
