import { SendDestination, type ChatEntry } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { RoomActs } from '../testing/test-rooms.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSend, chatEdit, chatReact, chatTyping, chatJoin } = SendDestination;
const BURST = 20;

let server: TestServer;
let rooms: RoomActs;
let alice: TestUser;
let bob: TestUser;
let client: StompClient;

beforeAll(async () => {
  server = await startSingleServer({ RATE_LIMITS: 'on', RATE_SEND_BURST: String(BURST), RATE_SENDS_PER_MINUTE: '1', LIMIT_BYTES_IN_TRANSACTIONS: '40000' });
  rooms = new RoomActs(server);
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([server.newUser('alice'), server.newUser('bob')]);
  client = await server.chatting(alice);
});

let receipts = 0;

/** Sends in a transaction; answers the receipt that it asks for. */
function keep(body: object, transaction = 't', destination: string = chatSend, of = client): string {
  const receipt = `s${++receipts}`;
  of.send(destination, body, { transaction, receipt });
  return receipt;
}

function end(command: 'BEGIN' | 'COMMIT' | 'ABORT', transaction = 't', of = client): string {
  const receipt = `${command}${++receipts}`;
  of.frame(command, { transaction, receipt });
  return receipt;
}

async function receiptsUpTo(last: string): Promise<(string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  do ids.push((await client.next(({ command }) => command === 'RECEIPT')).headers.get('receipt-id'));
  while (ids.at(-1) !== last);
  return ids;
}

async function textsOf(user: TestUser, peer: TestUser): Promise<unknown[]> {
  const { body } = await server.get(`/api/conversations/direct:${[user.id, peer.id].sort().join(':')}/messages?limit=200`, user);
  return ((body as { messages?: ChatEntry[] }).messages ?? []).map((entry) => ('message' in entry ? entry.message : undefined));
}

describe('COMMIT and ABORT', () => {
  it('[TX-1] nothing is stored before COMMIT, then everything in order; receipts in order, the one of COMMIT last', async () => {
    const receiver = await server.chatting(bob);
    await client.receipt(end('BEGIN'));
    const kept = ['one', 'two', 'three'].map((message) => keep({ to: bob.id, message }));
    await client.say(bob.id, 'not in it');
    expect(await receiver.message('m')).toMatchObject({ seq: 1, message: 'not in it' });
    const commit = end('COMMIT');
    expect(await receiptsUpTo(commit)).toEqual([...kept, commit]);
    expect(await receiver.messages('m', 3)).toMatchObject([{ seq: 2, message: 'one' }, { seq: 3, message: 'two' }, { seq: 4, message: 'three' }]);
  });

  it('[TX-1] each RECEIPT carries the place of its entry, in several conversations; what is sent after COMMIT comes after it', async () => {
    const carol = await server.newUser('carol');
    end('BEGIN');
    const [first, second] = [keep({ to: bob.id, message: 'to bob' }), keep({ to: carol.id, message: 'to carol' })];
    end('COMMIT');
    const after = client.say(bob.id, 'after');
    expect(Object.fromEntries((await client.receipt(first)).headers)).toMatchObject({ seq: '1', 'conversation-id': `direct:${alice.id}:${bob.id}` });
    expect(Object.fromEntries((await client.receipt(second)).headers)).toMatchObject({ seq: '1', 'conversation-id': `direct:${alice.id}:${carol.id}` });
    expect(await after).toBe(2);
  });

  it('[TX-2] ABORT drops what the transaction holds, and its frames get no RECEIPT; its name may be used again', async () => {
    end('BEGIN');
    const dropped = keep({ to: bob.id, message: 'dropped' });
    await client.receipt(end('ABORT'));
    end('BEGIN');
    keep({ to: bob.id, message: 'kept' });
    await client.receipt(end('COMMIT'));
    expect(client.unread.some((frame) => frame.headers.get('receipt-id') === dropped)).toBe(false);
    expect(await textsOf(alice, bob)).toEqual(['kept']);
  });

  it.each(['disconnect', 'vanish'] as const)('[TX-2] a session that ends (%s) drops its open transactions', async (how) => {
    end('BEGIN');
    keep({ to: bob.id, message: 'dropped' });
    await client.fence();
    await client[how]();
    expect(await textsOf(alice, bob)).toEqual([]);
  });

  it('[TX-3] several are open beside each other, each with its own', async () => {
    for (const name of ['a', 'b']) end('BEGIN', name);
    keep({ to: bob.id, message: 'in a' }, 'a');
    keep({ to: bob.id, message: 'in b' }, 'b');
    await client.receipt(end('COMMIT', 'b'));
    await client.receipt(end('ABORT', 'a'));
    expect(await textsOf(alice, bob)).toEqual(['in b']);
  });

  it('[TX-1] edits and reactions belong to it as well; an empty one is no fault', async () => {
    const seq = await client.say(bob.id, 'first text');
    end('BEGIN');
    const conversationId = `direct:${alice.id}:${bob.id}`;
    keep({ conversationId, target: seq, message: 'second text' }, 't', chatEdit);
    keep({ conversationId, target: seq, emoji: '👍', on: true }, 't', chatReact);
    await client.receipt(end('COMMIT'));
    expect(await textsOf(alice, bob)).toEqual(['second text']);
    await client.receipt(end('BEGIN', 'empty'));
    await client.receipt(end('COMMIT', 'empty'));
  });
});

describe('what is refused', () => {
  it('[TX-4] of one refused SEND all are refused, each with its own error, COMMIT first, which names the SEND', async () => {
    end('BEGIN');
    const good = keep({ to: bob.id, message: 'good', clientId: 'g' });
    const bad = keep({ to: 'nobody-there', message: 'bad' });
    const commit = end('COMMIT');
    const errors = await Promise.all([commit, bad, good].map((receipt) => client.refusalOf(receipt)));
    expect(errors.map(({ code }) => code)).toEqual(['not-found', 'not-found', 'not-found']);
    expect(errors.map(({ clientId }) => clientId)).toEqual([undefined, undefined, 'g']);
    expect(errors[0]?.message).toMatch(/^Nothing of the transaction was stored\. SEND 2 of it, to \/app\/chat\.send, was refused: /);
    expect(errors[1]?.message).not.toMatch(/transaction/);
    await client.fence();
    expect(client.unread.some(({ headers }) => [good, bad, commit].includes(headers.get('receipt-id') ?? ''))).toBe(false);
    expect(await textsOf(alice, bob)).toEqual([]);
    expect(await client.say(bob.id, 'on we go')).toBe(1);
  });

  it.each([
    ['a body that is wrong', () => ({ to: bob.id }), chatSend, 'bad-request'],
    ['a text that is too long', () => ({ to: bob.id, message: 'x'.repeat(8_001) }), chatSend, 'too-large'],
    ['a signal', () => ({ to: bob.id, typing: true }), chatTyping, 'bad-request'],
    ['joining', () => ({ roomId: 'r' }), chatJoin, 'bad-request'],
    ['a destination that there is not', () => ({}), '/app/nothing', 'not-found'],
    ['an edit of what there is not', () => ({ conversationId: `direct:${alice.id}:${bob.id}`, target: 99, message: 'x' }), chatEdit, 'not-found'],
  ] as const)('[TX-4] %s refuses all', async (_what, body, destination, code) => {
    end('BEGIN');
    const good = keep({ to: bob.id, message: 'good' });
    const bad = keep(body(), 't', destination);
    end('COMMIT');
    expect(await client.refusalOf(bad)).toMatchObject({ code, destination });
    expect(await client.refusalOf(good)).toMatchObject({ code, destination: chatSend });
    expect(await textsOf(alice, bob)).toEqual([]);
  });

  it('[TX-4] whoever has left a room while the transaction was open stores nothing in it, nor anywhere else', async () => {
    const room = await rooms.make(bob);
    await rooms.add(room.id, bob, alice);
    end('BEGIN');
    const [first, second] = [keep({ to: bob.id, message: 'direct' }), keep({ roomId: room.id, message: 'in the room' })];
    await client.request(SendDestination.chatLeave, { roomId: room.id });
    end('COMMIT');
    expect((await client.refusalOf(second)).code).toMatch(/^(forbidden|not-found)$/);
    expect(await client.refusalOf(first)).toHaveProperty('code');
    expect(await textsOf(alice, bob)).toEqual([]);
  });

  it('[TX-4] a session without error messages gets ERROR with the receipt of COMMIT', async () => {
    const plain = await server.client(alice);
    end('BEGIN', 't', plain);
    keep({ to: 'nobody-there', message: 'bad' }, 't', chatSend, plain);
    const commit = end('COMMIT', 't', plain);
    expect((await plain.error()).headers.get('receipt-id')).toBe(commit);
    await plain.closed;
  });

  it('[TX-5] its entries take their tokens together, and more than there can be are refused for good', async () => {
    end('BEGIN', 'more');
    for (let i = 0; i <= BURST; i++) keep({ to: bob.id, message: `${i}` }, 'more');
    expect(await client.refusalOf(end('COMMIT', 'more'))).toMatchObject({ code: 'too-large' });
    end('BEGIN');
    for (let i = 0; i < BURST; i++) keep({ to: bob.id, message: `${i}`, clientId: `${i}` });
    await client.receipt(end('COMMIT'));
    end('BEGIN');
    keep({ to: bob.id, message: 'one more' });
    const refused = await client.refusalOf(end('COMMIT'));
    expect(refused).toMatchObject({ code: 'rate-limited' });
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(await textsOf(alice, bob)).toHaveLength(BURST);
  });

  it('[TX-6] a transaction that comes again gets the first one\'s places, whatever limit was met meanwhile', async () => {
    const messages = Array.from({ length: BURST }, (_, i) => ({ to: bob.id, message: `${i}`, clientId: `c${i}` }));
    const places: (string | undefined)[][] = [];
    for (let round = 0; round < 2; round++) {
      end('BEGIN');
      const kept = messages.map((body) => keep(body));
      await client.receipt(end('COMMIT'));
      places.push(await Promise.all(kept.map(async (receipt) => (await client.receipt(receipt)).headers.get('seq'))));
    }
    expect(places[1]).toEqual(places[0]);
    expect(await textsOf(alice, bob)).toHaveLength(BURST);
  });

  it('[TX-6] a clientId with other content is a conflict for all of it', async () => {
    await client.request(chatSend, { to: bob.id, message: 'said', clientId: 'c' });
    end('BEGIN');
    const [fresh, other] = [keep({ to: bob.id, message: 'fresh' }), keep({ to: bob.id, message: 'said otherwise', clientId: 'c' })];
    end('COMMIT');
    expect(await client.refusalOf(other)).toMatchObject({ code: 'conflict', clientId: 'c' });
    expect(await client.refusalOf(fresh)).toMatchObject({ code: 'conflict' });
    expect(await textsOf(alice, bob)).toEqual(['said']);
  });
});

describe('what breaks STOMP', () => {
  it.each([
    ['BEGIN without a name', () => client.frame('BEGIN')],
    ['COMMIT without a name', () => client.frame('COMMIT')],
    ['a second BEGIN', () => [1, 2].forEach(() => client.frame('BEGIN', { transaction: 't' }))],
    ['COMMIT of what is not open', () => client.frame('COMMIT', { transaction: 'x' })],
    ['ABORT of what is not open', () => client.frame('ABORT', { transaction: 'x' })],
    ['SEND in what is not open', () => keep({ to: bob.id, message: 'x' })],
    ['ACK in what is not open', () => client.frame('ACK', { id: 'a/m', transaction: 'x' })],
    ['a seventeenth open one', () => Array.from({ length: 17 }, (_, i) => client.frame('BEGIN', { transaction: `${i}` }))],
    ['a frame above 100', () => {
      end('BEGIN');
      for (let i = 0; i < 101; i++) keep({ to: bob.id, message: 'x' });
    }],
  ] as const)('[TX-7] %s gets ERROR and 1002', async (_what, act) => {
    act();
    expect((await client.error()).headers.get('message')).toMatch(/transaction/i);
    expect(await client.closed).toMatchObject({ code: 1002 });
    expect(await textsOf(alice, bob)).toEqual([]);
  });

  it('[TX-7] more bytes than may be kept get ERROR and 1009, also over several frames and transactions', async () => {
    for (const name of ['a', 'b']) end('BEGIN', name);
    for (let i = 0; i < 8; i++) keep({ to: bob.id, message: 'x'.repeat(6_000) }, i % 2 === 0 ? 'a' : 'b');
    expect((await client.error()).headers.get('message')).toMatch(/bytes/);
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('[TX-7] what was committed or aborted counts no more', async () => {
    for (let round = 0; round < 3; round++) {
      end('BEGIN');
      for (let i = 0; i < 60; i++) keep({ to: bob.id, message: 'x' });
      await client.receipt(end('ABORT'));
    }
  });
});

describe('acknowledging', () => {
  it('[TX-8] ACK and NACK count at COMMIT, and never after ABORT', async () => {
    const receiver = await server.client(bob, { device: 'phone' });
    await receiver.subscribeToMessages({ ack: 'client-individual' });
    await client.say(bob.id, 'one');
    const message = await receiver.next(({ text }) => text.includes('"CHAT"'));
    const answered = (): void => receiver.frame('ACK', { id: message.headers.get('ack'), transaction: 't' });
    end('BEGIN', 't', receiver);
    answered();
    await receiver.receipt(end('ABORT', 't', receiver));
    await receiver.disconnect();
    const again = await server.client(bob, { device: 'phone' });
    await again.subscribeToMessages({ ack: 'client-individual' });
    const second = await again.next(({ text }) => text.includes('"CHAT"'));
    end('BEGIN', 't', again);
    again.frame('ACK', { id: second.headers.get('ack'), transaction: 't' });
    keep({ to: alice.id, message: 'got it' }, 't', chatSend, again);
    await again.receipt(end('COMMIT', 't', again));
    await again.disconnect();
    const third = await server.client(bob, { device: 'phone' });
    await third.subscribeToMessages({ ack: 'client-individual' });
    await third.fence();
    expect(third.unreadOf('m', 'CHAT').map((entry) => (entry as ChatEntry).seq)).toEqual([2]);
  });
});
