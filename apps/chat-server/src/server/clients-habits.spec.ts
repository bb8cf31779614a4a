import { SendDestination, type ChatEntry } from '@chat/protocol';
import { Client, type StompConfig } from '@stomp/stompjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerFrame, StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

// What clients do that nobody wrote for this server, where no other test shows it.

const { chatSend } = SendDestination;

let server: TestServer;
let alice: TestUser;

beforeAll(async () => {
  server = await startSingleServer();
  alice = await server.newUser('alice');
});
afterAll(() => server.stop());

describe('stompjs', () => {
  const splits: StompConfig = { splitLargeFrames: true, maxWebSocketChunkSize: 999 };

  /** Sends a text to its own user; what comes back, of the sub-protocol that was agreed on. */
  async function sayByStompjs(text: string, config: StompConfig): Promise<{ readonly message: string; readonly protocol: string | undefined }> {
    const user = await server.newUser('user');
    return new Promise((resolve, reject) => {
      let socket: WebSocket | undefined;
      const client = new Client({
        ...config,
        webSocketFactory: () => (socket = new WebSocket(server.webSocketUrl, ['v12.stomp', 'v11.stomp', 'v10.stomp'])),
        connectHeaders: { Authorization: `Bearer ${user.token}` },
        reconnectDelay: 0,
        onConnect: () => {
          client.subscribe('/user/queue/messages', ({ body }) => {
            const { type, message } = JSON.parse(body) as ChatEntry; // entries, as nothing else is sent
            if (type === 'CHAT') void client.deactivate().then(() => resolve({ message, protocol: socket?.protocol }));
          });
          client.publish({ destination: chatSend, body: JSON.stringify({ to: user.id, message: text }) });
        },
        onStompError: ({ headers }) => reject(new Error(headers['message'])),
      });
      client.activate();
    });
  }

  const EURO_TEXT = '€ and \u2028 '.repeat(700);
  const EMOJI_TEXT = '😀'.repeat(2_000);

  it.each<readonly [string, StompConfig, string]>([
    ['as it comes', {}, EMOJI_TEXT],
    ['with large frames split', splits, EURO_TEXT],
    ['with binary messages, as for React Native', { forceBinaryWSFrames: true, appendMissingNULLonIncoming: true }, EMOJI_TEXT],
    ['with binary messages split', { forceBinaryWSFrames: true, ...splits }, EMOJI_TEXT],
  ])('[INTEROP-1] %s: gets one of its sub-protocols, and its large message back as it was', async (_what, config, text) => {
    expect(await sayByStompjs(text, config)).toEqual({ message: text, protocol: 'v12.stomp' });
  });

  it('[INTEROP-1] where it splits text in the middle of a character, a WebSocket sends two others: ERROR, and not another text', async () => {
    await expect(sayByStompjs(EMOJI_TEXT, splits)).rejects.toThrow(/content-length/);
  });
});

describe('values of headers', () => {
  it.each(['1.0', '1.1', '1.2'])('[INTEROP-2] in %s are taken as they stand: spaces kept, and colons that should have been escaped', async (version) => {
    const client = await server.client(alice, { 'accept-version': version });
    for (const value of [' a', 'a ', '  ', '', 'a:b', ':', '\ta\t']) {
      client.raw(`SUBSCRIBE\ndestination:/user/queue/errors\nid:${value}\nreceipt:${value}\n\n\0`);
      await client.receipt(value);
    }
  });

  it('[INTEROP-2] a destination with a space around it is another one', async () => {
    const client = await server.client(alice);
    client.raw('SUBSCRIBE\ndestination: /user/queue/errors\nid:e\n\n\0');
    await client.error();
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[INTEROP-3] that the server makes to name things have nothing that any version escapes, or clients trim or split', async () => {
    const client = await server.open();
    const connected = await client.connect({ Authorization: `Bearer ${alice.token}` });
    await client.subscribeToErrors();
    await client.subscribeToMessages();
    const receipt = await client.request(chatSend, { to: alice.id, message: 'Hello' });
    const refused = await refusedFrame(client);
    const message = await client.next((frame) => frame.text.includes('"Hello"'));
    const ids = [connected.headers.get('session'), connected.headers.get('server'), receipt.headers.get('id'), ...[refused, message].map(messageIdOf)];
    for (const id of ids) expect(id).toMatch(/^[\w.-]+$/);
  });

  async function refusedFrame(client: StompClient): Promise<ServerFrame> {
    client.send(chatSend, { to: 'nobody-at-all', message: 'Hello' });
    return client.next((frame) => frame.headers.get('destination') === '/user/queue/errors');
  }

  /** The server's part of it; what follows is the client's name of its subscription. */
  function messageIdOf(frame: ServerFrame): string | undefined {
    return frame.headers.get('message-id')?.replace(/\/[em]$/, '');
  }
});

describe('headers that mean nothing here', () => {
  it.each([undefined, 'application/json', 'application/json;charset=UTF-8', 'text/plain', 'text/plain;charset=utf-8', '', 'x'])(
    '[INTEROP-4] content-type %j: a body is JSON whatever it is called',
    async (contentType) => {
      const client = await server.chatting(alice);
      await client.request(chatSend, { to: alice.id, message: 'Grüße' }, { 'content-type': contentType });
    },
  );

  it('[INTEROP-5] are passed over on every frame', async () => {
    const headers = { selector: "type = 'CHAT'", persistent: 'true', 'x-empty': '', 'activemq.prefetchSize': '1', nativeHeaders: '{}', ['__proto__']: 'x', constructor: 'y' };
    const client = await server.client(alice, { host: '/', 'client-id': 'x', ...headers });
    await client.subscribeToErrors(headers);
    await client.subscribeToMessages({ ack: 'client', ...headers });
    await client.request(chatSend, { to: alice.id, message: 'with headers' }, { priority: '9', ...headers });
    const message = await client.next((frame) => frame.text.includes('"with headers"'));
    expect([...message.headers].map(([name]) => name)).not.toContain('selector');
    client.frame('ACK', { id: message.headers.get('ack'), subscription: 'another', receipt: 'acked', ...headers });
    await client.receipt('acked');
    client.frame('UNSUBSCRIBE', { id: 'm', destination: '/topic/another', receipt: 'ended', ...headers });
    await client.receipt('ended');
    client.frame('DISCONNECT', { receipt: 'bye', ...headers });
    await client.receipt('bye');
  });
});

describe('compression', () => {
  it.each(['permessage-deflate', 'permessage-deflate; client_max_window_bits', 'permessage-deflate; server_no_context_takeover, x-webkit-deflate-frame'])(
    '[INTEROP-6] offered as %j is not agreed on',
    async (extensions) => {
      const client = await server.open({ perMessageDeflate: false, headers: { 'sec-websocket-extensions': extensions } });
      expect(client.webSocket.extensions).toBe('');
      await client.connect({ Authorization: `Bearer ${alice.token}` });
    },
  );

  it('[INTEROP-6] that comes all the same ends the connection', async () => {
    const client = await server.client(alice);
    // The first bit after FIN says that the message is compressed.
    rawSocketOf(client).write(Uint8Array.of(0xc1, 0x81, 0, 0, 0, 0, 0x0a));
    expect((await client.closed).code).toBe(1002);
  });
});

describe('WebSocket pings of a client', () => {
  it('[CARRY-6] are answered with what is in them, between the fragments of a message too', async () => {
    const client = await server.client(alice);
    const pongs: string[] = [];
    client.webSocket.on('pong', (payload: Buffer) => pongs.push(payload.toString()));
    const frame = client.encode('SUBSCRIBE', { destination: '/user/queue/errors', id: 'e', receipt: 'live' });
    client.webSocket.send(frame.slice(0, 10), { fin: false });
    client.webSocket.ping('between');
    client.webSocket.send(frame.slice(10), { fin: true });
    client.webSocket.ping('x'.repeat(125));
    await client.receipt('live');
    await client.fence();
    expect(pongs).toEqual(['between', 'x'.repeat(125)]);
  });

  it('[CARRY-6] that come in a flood whose answers nobody reads end the connection, and no other', async () => {
    const neighbour = await server.client(alice);
    const client = await server.client(await server.newUser('flood'));
    const sessions = await server.metric('chat_sessions');
    const socket = rawSocketOf(client);
    socket.pause();
    const ping = Uint8Array.of(0x89, 0xfd, 0, 0, 0, 0, ...new Array<number>(125).fill(0x78)); // masked with zeros
    const pings = Buffer.concat(Array.from({ length: 8_000 }, () => ping));
    // As many megabytes as a loopback socket never holds.
    for (let i = 0; i < 30; i++) socket.write(pings);
    await expect.poll(() => server.metric('chat_sessions'), { timeout: 15_000 }).toBe(sessions - 1);
    await neighbour.fence();
  });
});

/** What is below the WebSocket: there is no public way to be wrong. */
function rawSocketOf(client: StompClient): { write(bytes: Uint8Array): void; pause(): void } {
  return (client.webSocket as unknown as { _socket: { write(bytes: Uint8Array): void; pause(): void } })._socket;
}
