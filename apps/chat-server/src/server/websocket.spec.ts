import { once } from 'node:events';
import { SendDestination, type ChatEntry } from '@chat/protocol';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenOptions } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const EMOJI = '😀';

let server: TestServer;
let alice: TestUser;

beforeAll(async () => {
  server = await startSingleServer({ ALLOWED_ORIGINS: 'https://chat.example.org' });
  alice = await server.newUser('alice');
});
afterAll(() => server.stop());

/** The status with which an opening was refused. */
async function refusal(path: string, options: OpenOptions = {}): Promise<number | undefined> {
  const webSocket = new WebSocket(server.url.replace('http', 'ws') + path, options);
  webSocket.on('error', () => undefined); // says the same as the answer
  const [, response] = (await once(webSocket, 'unexpected-response')) as [unknown, { statusCode?: number; resume(): void }]; // by the docs of ws
  response.resume();
  return response.statusCode;
}

describe('opening', () => {
  it.each([
    [['v12.stomp', 'v11.stomp', 'v10.stomp'], 'v12.stomp'],
    [['v10.stomp', 'v11.stomp', 'v12.stomp'], 'v12.stomp'],
    [['v10.stomp', 'v11.stomp'], 'v11.stomp'],
    [['v10.stomp'], 'v10.stomp'],
    [['mqtt', 'v11.stomp'], 'v11.stomp'],
    [[], ''],
  ])('[OPEN-1] of the sub-protocols %j the answer names %j', async (protocols, chosen) => {
    const client = await server.open({ protocols });
    expect(client.webSocket.protocol).toBe(chosen);
  });

  it('[OPEN-1] where only others are offered, none is named, as strict clients see for themselves', async () => {
    await expect(server.open({ protocols: ['mqtt'] })).rejects.toThrow(/subprotocol/);
  });

  it('[OPEN-2] both paths of the endpoint are the same, and nothing else is one', async () => {
    const client = await server.open({}, '/websocket');
    const connected = await client.connect({ Authorization: `Bearer ${alice.token}` });
    expect(connected.headers.get('user-name')).toBe(alice.id);
    expect(await Promise.all(['/', '/api/me', '/ws-chat/nowhere', '/ws-chat2'].map((path) => refusal(path)))).not.toContain(101);
  });

  it('[OPEN-3] no Origin, the origin of the server itself and a listed one are let in', async () => {
    const host = new URL(server.url).host;
    for (const origin of [undefined, `http://${host}`, `https://${host}`, 'https://chat.example.org']) {
      await (await server.open({ origin })).connect({ Authorization: `Bearer ${alice.token}` });
    }
  });

  it.each([
    'null',
    '',
    'https://evil.example',
    'https://chat.example.org.evil.example',
    'https://evilchat.example.org',
    'http://chat.example.org',
    'https://chat.example.org:8443',
    'https://chat.example.org@evil.example',
    'https://chat.example.org/path',
    'http://127.0.0.1',
    'http://127.0.0.1:1',
    'file://',
    '*',
  ])('[OPEN-3] Origin %j gets 403 on both paths', async (origin) => {
    expect(await refusal('/ws-chat', { headers: { origin } })).toBe(403);
    expect(await refusal('/ws-chat/websocket', { headers: { origin } })).toBe(403);
  });

  it('[OPEN-3] an origin that has the server\'s own address before or after something else gets 403', async () => {
    const host = new URL(server.url).host;
    for (const origin of [`http://${host}.evil.example`, `http://evil.example/${host}`, `http://${host}@evil.example`]) {
      expect(await refusal('/ws-chat', { headers: { origin } })).toBe(403);
    }
  });
});

describe('messages', () => {
  it('[CARRY-1] one frame over many messages, a byte each, text and binary by turns', async () => {
    const client = await server.chatting(alice);
    const body = JSON.stringify({ to: alice.id, message: `split ${EMOJI}` });
    const bytes = Buffer.from(client.encode('SEND', { destination: SendDestination.chatSend, receipt: 'r' }, body));
    for (const [i, byte] of bytes.entries()) {
      // Text messages have to be whole characters.
      if (i % 2 === 0 && byte < 0x80) client.raw(Buffer.of(byte).toString());
      else client.raw(Buffer.of(byte));
    }
    await client.receipt('r');
    expect(((await client.message('m')) as ChatEntry).message).toBe(`split ${EMOJI}`);
  });

  it('[CARRY-2] many frames in one message, with beats between them, are all done, in order', async () => {
    const client = await server.client(alice);
    const send = (n: number): string =>
      client.encode('SEND', { destination: SendDestination.chatSend, receipt: `r${n}` }, JSON.stringify({ to: alice.id, message: `${n}` }));
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    const subscribe = client.encode('SUBSCRIBE', { destination: '/user/queue/messages', id: 'm', receipt: 's' });
    client.raw(subscribe + numbers.map((n) => `\n\r\n${send(n)}\n`).join(''));
    await client.receipt('s');
    for (const n of numbers) await client.receipt(`r${n}`);
    const messages = await client.messages('m', 21);
    expect(messages.slice(-20).map((one) => (one as ChatEntry).message)).toEqual(numbers.map(String));
  });

  it('[CARRY-2] CONNECT and what follows it may come at once', async () => {
    const client = await server.open();
    const connect = client.encode('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${alice.token}` });
    client.raw(connect + client.encode('SUBSCRIBE', { destination: '/user/queue/errors', id: 'e\\', receipt: 'colon:' }));
    await client.next((frame) => frame.command === 'CONNECTED');
    await client.next((frame) => frame.command === 'RECEIPT');
  });

  it('[CARRY-3] binary messages are read like text, and answered in text', async () => {
    const client = await server.open();
    let binary = 0;
    client.webSocket.on('message', (_data, isBinary) => (binary += isBinary ? 1 : 0));
    client.raw(Buffer.from(client.encode('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${alice.token}` })));
    await client.next((frame) => frame.command === 'CONNECTED');
    await client.fence();
    expect(binary).toBe(0);
  });

  it('[CARRY-4] a frame of the server comes in one message, however large it is', async () => {
    const client = await server.chatting(alice);
    const messages: string[] = [];
    client.webSocket.on('message', (data: Buffer) => messages.push(data.toString()));
    const text = EMOJI.repeat(8_000);
    await client.say(alice.id, text);
    await client.fence();
    expect(messages.filter((one) => one.includes(text))).toHaveLength(1);
    expect(messages.every((one) => one.endsWith('\0'))).toBe(true);
  });

  it('[CARRY-5] a frame may be cut into fragments by WebSocket itself, but not into hundreds', async () => {
    const client = await server.client(alice);
    const frame = client.encode('SUBSCRIBE', { destination: '/user/queue/errors', id: 'e', receipt: 'r' });
    for (const [i, character] of [...frame].entries()) client.webSocket.send(character, { fin: i === frame.length - 1 });
    await client.receipt('r');
    for (let i = 0; i < 300; i++) client.webSocket.send('\n', { fin: false });
    expect(await client.closed).toMatchObject({ code: 1008 });
  });
});

describe('frames that break STOMP', () => {
  it.each([
    ['a command that there is not', 'HELLO\n\n\0', /command/i],
    ['a command of the server', 'MESSAGE\n\n\0', /command/i],
    ['a command in lower case', 'send\n\n\0', /command/i],
    ['a header without a colon', 'SEND\ndestination\n\n\0', /colon|header/i],
    ['an escape that there is not', 'SEND\ndestination:a\\tb\n\n\0', /escape/i],
    ['a content-length that is no number', 'SEND\ndestination:/app/chat.send\ncontent-length:0x10\n\n\0', /content-length/i],
    ['a negative content-length', 'SEND\ndestination:/app/chat.send\ncontent-length:-1\n\n\0', /content-length/i],
    ['a content-length that is too small', 'SEND\ndestination:/app/chat.send\ncontent-length:1\n\n{}\0', /body|NUL|content-length/i],
    ['NUL among the headers', 'SEND\ndestination:/app/ch\0at.send\n\n{}\0', /NUL|blank/i],
    ['a flood of line ends', '\n'.repeat(65), /line end/i],
    ['SEND without a destination', 'SEND\n\n{}\0', /destination/],
    ['SUBSCRIBE without a destination', 'SUBSCRIBE\nid:1\n\n\0', /destination/],
  ])('[FAULT-1] %s: ERROR that names it, 1002, and nothing of it is done', async (_what, raw, says) => {
    const client = await server.client(alice);
    client.raw(raw);
    const error = await client.error();
    expect(error.headers.get('message')).toMatch(says);
    expect(await client.closed).toMatchObject({ code: 1002 });
    expect(client.unread).toEqual([]);
  });

  it('[FAULT-1] headers that are not UTF-8 get ERROR and 1002', async () => {
    const client = await server.client(alice);
    client.raw(Buffer.from('SEND\ndestination:\xff\n\n\0', 'latin1'));
    expect((await client.error()).headers.get('message')).toMatch(/UTF-8/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[FAULT-2] what stood before a broken frame is done, what stands after it is not', async () => {
    const watcher = await server.chatting(alice);
    const client = await server.client(alice);
    const send = (message: string): string =>
      client.encode('SEND', { destination: SendDestination.chatSend }, JSON.stringify({ to: alice.id, message }));
    client.raw(`${send('before the fault')}HELLO\n\n\0${send('after the fault')}`);
    expect(await client.closed).toMatchObject({ code: 1002 });
    await watcher.say(alice.id, 'much later');
    const texts: string[] = [];
    while (texts.at(-1) !== 'much later') texts.push(((await watcher.message('m', 'CHAT')) as ChatEntry).message);
    expect(texts).toContain('before the fault');
    expect(texts).not.toContain('after the fault');
  });

  it('[FAULT-3] the ERROR of a frame that asked for a receipt names it', async () => {
    const client = await server.client(alice);
    client.frame('SUBSCRIBE', { destination: '/queue/other', id: '1', receipt: 'mine' });
    expect((await client.error()).headers.get('receipt-id')).toBe('mine');
  });
});
