import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForwardClock } from '../testing/forward-clock.ts';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

let clock: ForwardClock;
let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  clock = new ForwardClock();
  server = await startSingleServer();
  user = await server.newUser('user');
});
afterAll(() => server.stop());

/** Everything that comes from now on, a message each. */
function wireOf(client: StompClient): { readonly text: string; readonly binary: boolean }[] {
  const messages: { text: string; binary: boolean }[] = [];
  client.webSocket.on('message', (data: Buffer, binary) => messages.push({ text: data.toString(), binary }));
  return messages;
}

const BEAT = { text: '\n', binary: false };

describe('heart-beats', () => {
  it('[STOMP-12] to the client: as often as the slower of both says, each a line end in a message of its own', async () => {
    const [seldom, often] = [await server.client(user, { 'heart-beat': '0,30000' }), await server.client(user, { 'heart-beat': '0,5000' })];
    const [ofSeldom, ofOften] = [wireOf(seldom), wireOf(often)];
    for (const tens of [1, 2, 3]) {
      clock.letPass(9.5);
      await expect.poll(() => ofOften.length, { timeout: 10_000 }).toBe(tens);
      // One tick of the server told both: who wants them every 30 s has none yet, or its first.
      if (tens < 3) expect(ofSeldom).toEqual([]);
    }
    clock.letPass(1);
    await expect.poll(() => ofSeldom, { timeout: 10_000 }).toEqual([BEAT]);
    expect(ofOften.every(({ text, binary }) => text === BEAT.text && !binary)).toBe(true);
  });

  it('[STOMP-12] none to a client that asks for none, says nothing of them, or says it so that nobody understands', async () => {
    const silent = await Promise.all(['0,0', '30000,0', undefined, 'soon', '1,-1'].map((heartBeat) => server.client(user, { 'heart-beat': heartBeat })));
    const wires = silent.map(wireOf);
    const witness = await server.client(user, { 'heart-beat': '0,10000' });
    const ofWitness = wireOf(witness);
    for (const beats of [1, 2]) {
      clock.letPass(9.5);
      await expect.poll(() => ofWitness.length, { timeout: 10_000 }).toBe(beats);
    }
    expect(wires).toEqual(silent.map(() => []));
  });

  it.each(['1.0', '1.1', '1.2'])('[STOMP-12] of the client in %s: LF and CRLF, in messages of their own or around frames, text or binary', async (version) => {
    const client = await server.client(user, { 'accept-version': version, 'heart-beat': '1000,0' });
    for (const beat of ['\n', '\r\n', Buffer.from('\n'), '\r', '\n', '\n\n']) client.raw(beat);
    await client.fence();
    client.raw(`\n${client.encode('SUBSCRIBE', { destination: '/user/queue/errors', id: 'e', receipt: 'r' })}\n`);
    await client.receipt('r');
  });
});
