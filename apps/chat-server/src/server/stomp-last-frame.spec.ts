import { SendDestination } from '@chat/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

// A socket that is closed with bytes in it that nobody has read is reset, and a client that still writes then learns of that
// and of nothing else. So the server has to linger: its last frame is the one that says why.

const { chatSend } = SendDestination;

let server: TestServer;
let alice: TestUser;

beforeAll(async () => {
  server = await startSingleServer();
  alice = await server.newUser('alice');
});
afterAll(() => server.stop());

describe('the last frame of the server', () => {
  const large = JSON.stringify({ to: 'alice', message: 'x', padding: 'x'.repeat(60_000) });

  it.each([
    ['ERROR', 'a broken frame', 1002, 'HELLO\n\n\0'],
    ['ERROR', 'a frame that is too large', 1009, `SEND\ndestination:${chatSend}\ncontent-length:70000\n\n`],
    ['RECEIPT', 'DISCONNECT', 1000, 'DISCONNECT\nreceipt:bye\n\n\0'],
  ])('[STOMP-13] %s after %s, with close code %i, comes to a client that goes on sending before it reads', async (last, _what, code, cause) => {
    const [client, neighbour] = await Promise.all([server.client(alice), server.client(alice)]);
    const send = (): void => client.frame('SEND', { destination: chatSend }, large);
    client.webSocket.pause();
    client.raw(cause);
    for (let i = 0; i < 10; i++) {
      for (let j = 0; j < 10; j++) send();
      await neighbour.fence(); // the server has had a turn for what came before
    }
    const written = await new Promise((resolve) => client.webSocket.send('\n', resolve));
    expect(written).not.toBeInstanceOf(Error); // which says that the socket was reset
    client.webSocket.resume();
    expect(await client.closed).toMatchObject({ code });
    expect(client.unread.map(({ command }) => command)).toEqual([last]);
  });
});
