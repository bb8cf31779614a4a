import { SendDestination, type ChatEntry, type MessagesPage } from '@chat/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame, StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSend, chatTyping } = SendDestination;

let server: TestServer;
let alice: TestUser;
let bob: TestUser;
let client: StompClient;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([server.newUser('alice'), server.newUser('bob')]);
  client = await server.chatting(alice);
});

function texts(messages: readonly unknown[]): string[] {
  return messages.map((message) => (message as ChatEntry).message);
}

describe('RECEIPT', () => {
  it('[RCPT-1] of a stored entry it names conversation, place and id', async () => {
    const receipt = await client.request(chatSend, { to: bob.id, message: 'hello' });
    const entry = (await client.message('m')) as ChatEntry;
    expect(Object.fromEntries(receipt.headers)).toEqual({
      'receipt-id': expect.any(String) as string,
      'conversation-id': entry.conversationId,
      seq: '1',
      id: entry.id,
    });
  });

  it('[RCPT-1] its receipt-id is the one that was asked for, whatever stands in it', async () => {
    const id = 'a:b\\c\nd\r é';
    await client.request(chatSend, { to: bob.id, message: 'hello' }, { receipt: id });
  });

  it('[RCPT-2] it comes after the commit and not before, and so does the echo', async () => {
    await client.say(bob.id, 'first');
    await client.message('m', 'CHAT');
    const blocker = new Client({ connectionString: server.databaseUrl });
    await blocker.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select 1 from conversations where id = $1 for update', [`direct:${alice.id}:${bob.id}`]);
      client.send(chatSend, { to: bob.id, message: 'waits' }, { receipt: 'waits' });
      await expect.poll(() => waitsForLock(blocker), { timeout: 10_000 }).toBe(true);
      await client.fence();
      expect(client.unread).toEqual([]);
      await blocker.query('commit');
      expect((await client.receipt('waits')).headers.get('seq')).toBe('2');
      expect(texts([await client.message('m', 'CHAT')])).toEqual(['waits']);
    } finally {
      await blocker.end();
    }
  });

  it('[RCPT-3] exactly one for each frame that asked, none for those that did not', async () => {
    client.send(chatSend, { to: bob.id, message: 'without' });
    client.send(chatSend, { to: bob.id, message: 'with' }, { receipt: 'one' });
    client.send(chatTyping, { to: bob.id, typing: true }, { receipt: 'two' });
    const ids = [(await client.receipt('one')), (await client.receipt('two'))].map((frame) => frame.headers.get('receipt-id'));
    expect(ids).toEqual(['one', 'two']);
    await client.messages('m', 2, 'CHAT');
    await client.fence();
    expect(client.unread.filter((frame) => frame.command === 'RECEIPT')).toEqual([]);
  });
});

describe('repeats', () => {
  const body = (message = 'once'): object => ({ to: bob.id, message, clientId: 'key' });

  it('[ONCE-1] the same again gets the same RECEIPT and stores nothing', async () => {
    const receiver = await server.chatting(bob);
    const first = await client.request(chatSend, body());
    const again = await (await server.client(alice)).request(chatSend, body());
    expect(placeOf(again)).toEqual(placeOf(first));
    expect(await client.say(bob.id, 'next')).toBe(2);
    await receiver.fence();
    expect(texts(receiver.unreadOf('m', 'CHAT'))).toEqual(['once', 'next']);
    expect(texts(client.unreadOf('m', 'CHAT'))).toEqual(['once', 'next']);
  });

  it('[ONCE-1] also many times at once, over several sessions', async () => {
    const sessions = await Promise.all([1, 2, 3, 4].map(() => server.client(alice)));
    const receipts = await Promise.all(sessions.flatMap((session) => [1, 2, 3, 4, 5].map(() => session.request(chatSend, body()))));
    expect(new Set(receipts.map((receipt) => JSON.stringify(placeOf(receipt)))).size).toBe(1);
    expect(await client.say(bob.id, 'next')).toBe(2);
  });

  it('[ONCE-2] without a receipt the stored entry comes again, on that session alone', async () => {
    const [other, receiver] = await Promise.all([server.chatting(alice), server.chatting(bob)]);
    const first = await client.request(chatSend, body());
    client.send(chatSend, body());
    const [entry, again] = await client.messages('m', 2, 'CHAT');
    expect(again).toEqual(entry);
    expect(again).toMatchObject({ seq: Number(first.headers.get('seq')), clientId: 'key' });
    await client.say(bob.id, 'next');
    for (const session of [other, receiver]) {
      await session.fence();
      expect(texts(session.unreadOf('m', 'CHAT'))).toEqual(['once', 'next']);
    }
  });

  it('[ONCE-2] a repeat that comes along with its first does not come before what stands between them', async () => {
    const send = (message: string, clientId: string): string =>
      client.encode('SEND', { destination: chatSend }, JSON.stringify({ to: bob.id, message, clientId }));
    client.raw(send('a', '1') + send('b', '2') + send('b', '2') + send('c', '3'));
    await client.say(bob.id, 'end');
    await client.fence();
    const seqs = client.unreadOf('m', 'CHAT').map((message) => (message as ChatEntry).seq);
    const firsts = seqs.filter((seq, i) => seqs.indexOf(seq) === i);
    expect(firsts).toEqual([1, 2, 3, 4]);
  });

  it('[ONCE-3] the same key with other content gets conflict and stores nothing', async () => {
    await client.request(chatSend, body());
    expect(await client.refusal(chatSend, body('twice'))).toMatchObject({ code: 'conflict', clientId: 'key' });
    expect(await client.refusal(chatSend, { ...body(), replyTo: 1 })).toMatchObject({ code: 'conflict' });
    expect(await client.say(bob.id, 'next')).toBe(2);
  });

  it('[ONCE-4] a key counts for its sender and conversation only', async () => {
    const carol = await server.newUser('carol');
    await client.request(chatSend, body());
    await client.request(chatSend, { to: carol.id, message: 'other', clientId: 'key' });
    await (await server.client(bob)).request(chatSend, { to: alice.id, message: 'also other', clientId: 'key' });
    await client.fence();
    expect(texts(client.unreadOf('m', 'CHAT')).sort()).toEqual(['also other', 'once', 'other']);
  });

  it('[ONCE-4] without a key each send is one of its own', async () => {
    await Promise.all([1, 2, 3].map(() => client.request(chatSend, { to: bob.id, message: 'same' })));
    const messages = await client.messages('m', 3, 'CHAT');
    expect(messages.map((message) => (message as ChatEntry).seq)).toEqual([1, 2, 3]);
  });
});

describe('order', () => {
  it('[ORDER-1] a thousand sends in one go are stored and delivered in the order in which they were sent', async () => {
    const receiver = await server.chatting(bob);
    const numbers = Array.from({ length: 1_000 }, (_, i) => String(i));
    for (const number of numbers) client.send(chatSend, { to: bob.id, message: number }, { receipt: `r${number}` });
    const receipts: (string | undefined)[] = [];
    while (receipts.length < numbers.length) receipts.push((await client.next((frame) => frame.command === 'RECEIPT')).headers.get('seq'));
    expect(receipts).toEqual(numbers.map((_, i) => String(i + 1)));
    for (const session of [client, receiver]) {
      const messages = await session.messages('m', numbers.length, 'CHAT');
      expect(texts(messages)).toEqual(numbers);
      expect(messages.map((message) => (message as ChatEntry).seq)).toEqual(numbers.map((_, i) => i + 1));
    }
    const stored: string[] = [];
    for (let after = 0; after < numbers.length; after += 200) {
      const { body } = await server.get(`/api/conversations/direct:${alice.id}:${bob.id}/messages?after=${after}&limit=200`, bob);
      stored.push(...texts((body as MessagesPage).messages)); // as the route promises
    }
    expect(stored).toEqual(numbers);
  });

  it('[ORDER-2] both sides and all their sessions see one order of what both send at once', async () => {
    const sessions = await Promise.all([server.chatting(alice), server.chatting(bob), server.chatting(bob)]);
    for (let i = 0; i < 100; i++) {
      client.send(chatSend, { to: bob.id, message: `a${i}` });
      sessions[1]?.send(chatSend, { to: alice.id, message: `b${i}` });
    }
    const seen = await Promise.all([client, ...sessions].map(async (session) => texts(await session.messages('m', 200, 'CHAT'))));
    for (const one of seen) expect(one).toEqual(seen[0]);
    for (const side of ['a', 'b']) {
      expect(seen[0]?.filter((text) => text.startsWith(side))).toEqual(Array.from({ length: 100 }, (_, i) => `${side}${i}`));
    }
  });

  it('[ECHO-1] the echo comes to every session of the sender, the sending one included, whether or not it asked for a receipt', async () => {
    const others = await Promise.all([server.chatting(alice), server.chatting(alice)]);
    client.send(chatSend, { to: bob.id, message: 'echo' });
    for (const session of [client, ...others]) {
      expect(texts([await session.message('m', 'CHAT')])).toEqual(['echo']);
      await session.fence();
      expect(session.unreadOf('m', 'CHAT')).toEqual([]);
    }
  });
});

describe('DISCONNECT', () => {
  it('[BYE-1] its RECEIPT comes after the outcome of everything before it, then the connection closes with 1000', async () => {
    const order: string[] = [];
    for (let i = 0; i < 50; i++) client.send(chatSend, { to: bob.id, message: `${i}` }, { receipt: `${i}` });
    client.frame('DISCONNECT', { receipt: 'bye' });
    while (order.at(-1) !== 'bye') order.push((await client.next((frame) => frame.command === 'RECEIPT')).headers.get('receipt-id') ?? '');
    expect(order).toEqual([...Array.from({ length: 50 }, (_, i) => String(i)), 'bye']);
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
  });

  it('[BYE-1] without a receipt it closes with 1000 all the same, once everything has its outcome', async () => {
    for (let i = 0; i < 50; i++) client.send(chatSend, { to: bob.id, message: `${i}` }, { receipt: `${i}` });
    client.frame('DISCONNECT');
    expect(await client.closed).toEqual({ code: 1000, reason: '' });
    expect(client.unread.filter((frame) => frame.command === 'RECEIPT')).toHaveLength(50);
  });

  it('[BYE-1] an error is an outcome: it comes before the RECEIPT', async () => {
    client.send(chatSend, { to: bob.id, message: 'one', clientId: 'key' });
    client.send(chatSend, { to: bob.id, message: 'two', clientId: 'key' }, { receipt: 'conflict' });
    client.frame('DISCONNECT', { receipt: 'bye' });
    await client.closed;
    const order = client.unread.filter((frame) => frame.command === 'RECEIPT' || frame.headers.get('subscription') === 'e');
    expect(order.map((frame) => frame.command)).toEqual(['MESSAGE', 'RECEIPT']);
  });

  it('[BYE-2] an error that has nowhere to go ends the session as ever: no RECEIPT says that all went well', async () => {
    const silent = await server.client(alice);
    silent.send(chatSend, { to: bob.id, message: 'one', clientId: 'key' });
    silent.send(chatSend, { to: bob.id, message: 'two', clientId: 'key' }, { receipt: 'conflict' });
    silent.frame('DISCONNECT', { receipt: 'bye' });
    expect((await silent.error()).headers.get('receipt-id')).toBe('conflict');
    expect(await silent.closed).toMatchObject({ code: 1002 });
    expect(silent.unread).toEqual([]);
  });

  it('[BYE-3] what comes after it is not read', async () => {
    const receiver = await server.chatting(bob);
    const disconnect = client.encode('DISCONNECT', { receipt: 'bye' });
    client.raw(disconnect + client.encode('SEND', { destination: chatSend }, JSON.stringify({ to: bob.id, message: 'too late' })));
    await client.closed;
    await (await server.client(alice)).say(bob.id, 'first');
    await receiver.fence();
    expect(texts(receiver.unreadOf('m', 'CHAT'))).toEqual(['first']);
  });
});

function placeOf(receipt: ServerFrame): readonly (string | undefined)[] {
  return ['conversation-id', 'seq', 'id'].map((name) => receipt.headers.get(name));
}

async function waitsForLock(database: Client): Promise<boolean> {
  const { rowCount } = await database.query('select 1 from pg_stat_activity where datname = current_database() and wait_event_type = \'Lock\'');
  return (rowCount ?? 0) > 0;
}
