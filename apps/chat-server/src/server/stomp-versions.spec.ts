import { randomUUID } from 'node:crypto';
import { SendDestination, type ChatEntry } from '@chat/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Headers, StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

// Each version of STOMP to a whole server, by the bytes.

const VERSIONS = ['1.0', '1.1', '1.2'] as const;
const { chatSend } = SendDestination;

let server: TestServer;
let alice: TestUser;

beforeAll(async () => {
  server = await startSingleServer();
  alice = await server.newUser('alice');
});
afterAll(() => server.stop());

/** What comes from now on, message by message, as it stands on the wire. */
function wireOf(client: StompClient): string[] {
  const messages: string[] = [];
  client.webSocket.on('message', (data: Buffer) => messages.push(data.toString()));
  return messages;
}

/** The lines of one header in what came. */
function linesOf(messages: readonly string[], name: string): string[] {
  return messages.flatMap((message) => message.split('\n\n')[0]?.split('\n') ?? []).filter((line) => line.startsWith(`${name}:`));
}

function own(message: string): string {
  return JSON.stringify({ to: alice.id, message });
}

function eachVersion(version: string): Promise<StompClient> {
  return server.client(alice, { 'accept-version': version });
}

describe('headers that the server writes', () => {
  it.each([
    // Sent as they stand in the version, and expected to come back as they stand in it.
    ['1.0', 'a:b\\c d', 'direct:'],
    ['1.1', 'a\\cb\\\\c\\nd', 'direct\\c'],
    ['1.2', 'a\\cb\\\\c\\nd\\re', 'direct\\c'],
  ])('[STOMP-1] in %s %j comes back as it was escaped: in RECEIPT, MESSAGE and ERROR', async (version, id, conversation) => {
    const client = await eachVersion(version);
    const wire = wireOf(client);
    client.raw(`SUBSCRIBE\ndestination:/user/queue/messages\nid:${id}\nack:client\nreceipt:${id}\n\n\0`);
    await client.next((frame) => frame.command === 'RECEIPT');
    client.raw(`SEND\ndestination:${chatSend}\nreceipt:second\n\n${own('Hello')}\0`);
    await client.receipt('second');
    const message = await client.next((frame) => frame.command === 'MESSAGE' && frame.text.includes('"Hello"'));
    const entryId = (JSON.parse(message.text) as ChatEntry).id; // a CHAT
    client.raw(`SUBSCRIBE\ndestination:/nowhere\nid:1\nreceipt:${id}\n\n\0`);
    await client.error();
    expect(linesOf(wire, 'receipt-id')).toEqual([`receipt-id:${id}`, 'receipt-id:second', `receipt-id:${id}`]);
    expect(new Set(linesOf(wire, 'subscription'))).toEqual(new Set([`subscription:${id}`]));
    expect(linesOf(wire, 'message-id')).toContain(`message-id:${entryId}/${id}`);
    expect(linesOf(wire, 'ack').includes(`ack:${entryId}/${id}`)).toBe(version === '1.2');
    expect(linesOf(wire, 'conversation-id')[0]).toMatch(new RegExp(`^conversation-id:${conversation.replace('\\', '\\\\')}`));
  });

  it.each([
    ['1.1', '\\r'],
    ['1.1', '\\t'],
    ['1.2', '\\t'],
    ['1.2', '\\'],
    ['1.2', '\\C'],
  ])('[STOMP-1] in %s the escape %j is none, and ends the session', async (version, escape) => {
    const client = await eachVersion(version);
    client.raw(`SUBSCRIBE\ndestination:/user/queue/errors\nid:a${escape}\n\n\0`);
    expect((await client.error()).headers.get('message')).toContain('escape');
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[STOMP-2] CONNECTED has the same headers in each version, and nothing in it is escaped', async () => {
    const heads = await Promise.all(VERSIONS.map(async (version) => {
      const client = await server.open();
      const wire = wireOf(client);
      await client.connect({ Authorization: `Bearer ${alice.token}`, 'accept-version': version });
      return wire[0]?.replace(/^session:[\w-]+$/m, 'session:-');
    }));
    expect(heads).toEqual(VERSIONS.map((version) => (
      `CONNECTED\nversion:${version}\nheart-beat:10000,10000\nsession:-\nserver:single\nuser-name:${alice.id}\n\n\0`
    )));
  });
});

describe('lines', () => {
  it.each(VERSIONS)('[STOMP-3] in %s they may end with CRLF, and line ends may stand before CONNECT and behind each frame', async (version) => {
    const user = await server.newUser('user');
    const client = await server.open();
    const crlf = (...lines: string[]): string => lines.map((line) => `${line}\r\n`).join('');
    client.raw('\n\r\n');
    client.raw(`\r\n${crlf('CONNECT', `accept-version:${version}`, `Authorization:Bearer ${user.token}`, '')}\0\r\n\n`);
    const connected = await client.next((frame) => frame.command === 'CONNECTED');
    expect(connected.headers.get('user-name')).toBe(user.id);
    client.raw(`${crlf('SUBSCRIBE', 'destination:/user/queue/messages', 'id:m', 'receipt:live', '')}\0\r\n`);
    await client.receipt('live');
    const body = JSON.stringify({ to: user.id, message: 'a\r\nb' });
    client.raw(`${crlf('SEND', `destination:${chatSend}`, `content-length:${body.length}`, '')}${body}\0\n\n`);
    expect(await client.message('m', 'CHAT')).toMatchObject({ message: 'a\r\nb' });
    client.raw(`${crlf('DISCONNECT', 'receipt:bye', '')}\0\n`);
    await client.receipt('bye');
    expect(await client.closed).toMatchObject({ code: 1000 });
  });
});

describe('STOMP 1.0', () => {
  it('[STOMP-4] a subscription may have an id or none: MESSAGE names what it has, and either ends it', async () => {
    const client = await server.client(alice, { 'accept-version': '1.0' });
    const destination = '/user/queue/messages';
    await client.subscribe(destination, { id: 'mine' });
    client.frame('SUBSCRIBE', { destination, receipt: 'live' });
    await client.receipt('live');
    await client.say(alice.id, 'to both');
    for (const id of ['mine', destination]) {
      const came = await client.next((frame) => frame.text.includes('"to both"') && frame.headers.get('subscription') === id);
      expect(came.headers.get('destination')).toBe(destination);
      expect(came.headers.get('message-id')).toMatch(new RegExp(`/${id}$`));
    }
    client.frame('UNSUBSCRIBE', { id: 'mine', receipt: 'one' });
    client.frame('UNSUBSCRIBE', { destination, receipt: 'other' });
    await Promise.all([client.receipt('one'), client.receipt('other')]);
    await client.say(alice.id, 'to nobody');
    await client.fence();
    expect(client.unread.filter((frame) => frame.text.includes('to nobody'))).toEqual([]);
  });

  it('[STOMP-4] with ack:client it acknowledges by message-id alone', async () => {
    const client = await server.client(alice, { 'accept-version': '1.0', device: 'old' });
    client.frame('SUBSCRIBE', { destination: '/user/queue/messages', ack: 'client', receipt: 'live' });
    await client.receipt('live');
    expect(await comesAgainAfter('ACK', client, 'old')).toBe(false);
  });
});

describe('STOMP 1.1', () => {
  it.each([
    ['ACK', undefined, false],
    ['ACK', 'another', false],
    ['NACK', undefined, true],
  ] as const)('[STOMP-14] %s with subscription:%s counts for the message that message-id names', async (command, subscription, comesAgain) => {
    const device = `${command} ${subscription}`;
    const client = await server.client(alice, { 'accept-version': '1.1', device });
    await client.subscribeToMessages({ ack: 'client-individual' });
    expect(await comesAgainAfter(command, client, device, { subscription })).toBe(comesAgain);
  });
});

/** Whether a message that was answered so comes again to its device. */
async function comesAgainAfter(command: 'ACK' | 'NACK', client: StompClient, device: string, headers: Headers = {}): Promise<boolean> {
  const text = `answered ${randomUUID()}`;
  await client.say(alice.id, text);
  const came = await client.next((frame) => frame.text.includes(text));
  expect(came.headers.get('ack')).toBeUndefined();
  client.frame(command, { 'message-id': came.headers.get('message-id'), receipt: 'done', ...headers });
  await client.receipt('done');
  client.vanish();
  const again = await server.client(alice, { device });
  await again.subscribeToMessages();
  await again.fence();
  return again.unread.some((frame) => frame.text.includes(text));
}

describe('a connection', () => {
  it('[STOMP-5] may begin and end at once, hundreds of times', async () => {
    const before = await server.metric('chat_sessions');
    const user = await server.newUser('hasty');
    for (let round = 0; round < 20; round++) {
      const ends = Array.from({ length: 10 }, async (_, i) => {
        const client = await server.open();
        const connect = client.encode('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${user.token}` });
        if (i % 2 === 0) {
          client.raw(connect + client.encode('DISCONNECT', { receipt: 'bye' }));
          await client.receipt('bye');
          return client.closed;
        }
        client.raw(connect);
        client.webSocket.close();
        return client.closed;
      });
      await Promise.all(ends);
    }
    await expect.poll(() => server.metric('chat_sessions'), { timeout: 10_000 }).toBe(before);
  });

  it('[STOMP-6] what it sent before it ended without a word is done', async () => {
    const [from, to] = await Promise.all([server.newUser('from'), server.newUser('to')]);
    const client = await server.client(from);
    const numbers = Array.from({ length: 30 }, (_, i) => i);
    for (const n of numbers) client.send(chatSend, { to: to.id, message: `${n}` });
    client.webSocket.close(); // a WebSocket's own farewell, which comes behind them
    await client.closed;
    const reader = await server.chatting(to);
    await (await server.client(from)).say(to.id, 'after it');
    const texts: string[] = [];
    while (texts.at(-1) !== 'after it') texts.push(((await reader.message('m', 'CHAT')) as ChatEntry).message);
    expect(texts).toEqual([...numbers.map(String), 'after it']);
  });
});
