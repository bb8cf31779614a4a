import { SendDestination, type PresenceSignal } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatRead, chatSend, chatTyping } = SendDestination;

let server: TestServer;
let alice: TestUser;
let bob: TestUser;
let carol: TestUser;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob, carol] = await Promise.all([server.newUser('alice'), server.newUser('bob'), server.newUser('carol')]);
});

const conversationId = (): string => `direct:${alice.id}:${bob.id}`;

describe('TYPING', () => {
  it('[TYPE-1] comes to the others who are there, not to who types, and is stored nowhere', async () => {
    const [typist, tab, reader, stranger] = await Promise.all([alice, alice, bob, carol].map((user) => server.chatting(user)));
    if (typist === undefined || tab === undefined || reader === undefined || stranger === undefined) throw new Error('four sessions');
    await typist.request(chatTyping, { to: bob.id, typing: true });
    expect(await reader.message('m')).toEqual({ type: 'TYPING', conversationId: conversationId(), from: alice.id, to: bob.id, typing: true });
    await typist.request(chatTyping, { to: bob.id, typing: false });
    expect(await reader.message('m')).toMatchObject({ type: 'TYPING', typing: false });
    for (const session of [typist, tab, stranger]) {
      await session.fence();
      expect(session.unreadOf('m')).toEqual([]);
    }
    const late = await server.chatting(bob);
    await late.fence();
    expect(late.unreadOf('m')).toEqual([]);
  });

  it('[TYPE-2] a flood of the same is one; each change comes', async () => {
    const [typist, reader] = await Promise.all([server.chatting(alice), server.chatting(bob)]);
    for (let i = 0; i < 50; i++) typist.send(chatTyping, { to: bob.id, typing: true });
    for (let i = 0; i < 50; i++) typist.send(chatTyping, { to: bob.id, typing: false });
    await typist.fence();
    const told = (): boolean[] => reader.unreadOf('m').map((message) => message.type === 'TYPING' && message.typing);
    await expect.poll(() => told().at(-1), { timeout: 5_000 }).toBe(false);
    const seen = told();
    // Once a second at most, and fifty frames may take longer on a busy machine.
    expect(seen.length).toBeLessThan(10);
    expect([seen[0], seen.at(-1)]).toEqual([true, false]);
  });
});

describe('READ', () => {
  let writer: StompClient;
  let reader: StompClient;

  beforeEach(async () => {
    [writer, reader] = await Promise.all([server.chatting(alice), server.chatting(bob)]);
    for (const message of ['one', 'two', 'three']) await writer.say(bob.id, message);
  });

  it('[CUR-1] comes to both sides with the same version, and its RECEIPT when it is stored', async () => {
    const otherTab = await server.chatting(bob);
    await reader.request(chatRead, { to: alice.id, seq: 2 });
    expect(await readSeqOf(bob)).toBe(2);
    const seen = await Promise.all([writer, otherTab].map((session) => session.message('m', 'READ')));
    expect(seen[0]).toEqual({
      type: 'READ', conversationId: conversationId(), from: bob.id, to: alice.id, seq: 2, version: expect.any(Number) as number,
    });
    expect(seen[1]).toEqual(seen[0]);
  });

  it('[CUR-2] moves forward only: going back is done already, and tells nobody', async () => {
    await reader.request(chatRead, { to: alice.id, seq: 3 });
    await writer.message('m', 'READ');
    await reader.request(chatRead, { to: alice.id, seq: 1 });
    expect(await readSeqOf(bob)).toBe(3);
    await writer.fence();
    expect(writer.unreadOf('m', 'READ')).toEqual([]);
  });

  it('[CUR-2] past the end counts as the end', async () => {
    await reader.request(chatRead, { conversationId: conversationId(), seq: Number.MAX_SAFE_INTEGER });
    expect(await writer.message('m', 'READ')).toMatchObject({ seq: 3 });
    expect(await readSeqOf(bob)).toBe(3);
  });

  it('[CUR-3] many moves in a row are few; the furthest wins, and each RECEIPT comes', async () => {
    for (let i = 0; i < 30; i++) reader.send(chatRead, { to: alice.id, seq: (i % 3) + 1 }, { receipt: `r${i}` });
    for (let i = 0; i < 30; i++) await reader.receipt(`r${i}`);
    await writer.fence();
    const reads = writer.unreadOf('m', 'READ');
    expect(reads.at(-1)).toMatchObject({ seq: 3 });
    expect(reads.length).toBeLessThan(10);
  });

  it('[CUR-4] cursors are state: who was away learns them on return, with what was missed', async () => {
    writer.vanish();
    await writer.closed;
    await reader.request(chatRead, { to: alice.id, seq: 3 });
    const back = await server.chatting(alice);
    expect(back.unreadOf('m', 'READ')).toMatchObject([{ from: bob.id, seq: 3 }]);
  });

  async function readSeqOf(user: TestUser): Promise<number | undefined> {
    const { body } = await server.get('/api/conversations', user);
    return (body as { conversations: { readSeq: number }[] }).conversations[0]?.readSeq; // ConversationsPage
  }
});

describe('DELIVERED', () => {
  it('[CUR-5] comes to the sender once the other side has answered a ping', async () => {
    const [writer] = await Promise.all([server.chatting(alice), server.chatting(bob)]);
    await writer.say(bob.id, 'hello');
    expect(await writer.message('m', 'DELIVERED')).toEqual({
      type: 'DELIVERED', conversationId: conversationId(), from: bob.id, to: alice.id, seq: 1, version: expect.any(Number) as number,
    });
  });

  it('[CUR-6] a client that answers no ping has nothing delivered, whatever else it sends', async () => {
    const writer = await server.chatting(alice);
    const mute = await server.chatting(bob, {}, { autoPong: false });
    let pings = 0;
    mute.webSocket.on('ping', () => pings++);
    await writer.say(bob.id, 'hello');
    await mute.message('m', 'CHAT');
    await expect.poll(() => pings, { timeout: 10_000 }).toBe(1);
    // Data, beats and pongs that nobody asked for are signs of life and prove nothing.
    mute.raw('\n');
    mute.webSocket.pong();
    mute.webSocket.pong('unasked');
    await mute.fence();
    // What another conversation does shows that cursors have been written meanwhile.
    const carols = await server.chatting(carol);
    await writer.say(carol.id, 'marker');
    await carols.message('m', 'CHAT');
    await writer.next((frame) => frame.text.includes('DELIVERED') && frame.text.includes(carol.id));
    expect(writer.unreadOf('m', 'DELIVERED')).toEqual([]);
  });

  it('[CUR-6] nor has one that is connected and subscribed to nothing', async () => {
    const [writer] = await Promise.all([server.chatting(alice), server.client(bob), server.chatting(carol)]);
    await writer.say(bob.id, 'hello');
    await writer.say(carol.id, 'marker');
    await writer.next((frame) => frame.text.includes('DELIVERED') && frame.text.includes(carol.id));
    expect(writer.unreadOf('m', 'DELIVERED')).toEqual([]);
  });
});

describe('PRESENCE', () => {
  it('[PRES-1] first the present state of the people one shares a conversation with, then changes; of others nothing', async () => {
    const writer = await server.client(alice);
    await writer.say(bob.id, 'hello');
    await writer.say(carol.id, 'hello');
    const bobs = await server.client(bob);
    await server.chatting(await server.newUser('dave'));
    await writer.subscribe('/user/queue/presence', { id: 'p' });
    const first = (await writer.messages('p', 2)) as PresenceSignal[]; // the queue carries nothing else
    expect(first.map((one) => [one.type, one.from, one.online]).sort()).toEqual([['PRESENCE', bob.id, true], ['PRESENCE', carol.id, false]]);
    await server.client(carol);
    expect(await writer.message('p')).toEqual({ type: 'PRESENCE', from: carol.id, online: true });
    bobs.vanish();
    expect(await writer.message('p')).toEqual({ type: 'PRESENCE', from: bob.id, online: false, lastSeen: expect.any(Number) as number });
    await writer.fence();
    expect(writer.unreadOf('p')).toEqual([]);
  });

  it('[PRES-2] who is connected with one of several sessions is there; coming back at once is no change', async () => {
    const writer = await server.chatting(alice);
    await writer.say(bob.id, 'hello');
    const sessions = await Promise.all([server.client(bob), server.client(bob)]);
    await writer.subscribe('/user/queue/presence', { id: 'p' });
    expect(await writer.message('p')).toMatchObject({ from: bob.id, online: true });
    sessions[0].vanish();
    await sessions[0].closed;
    const back = await server.open();
    sessions[1].vanish();
    await sessions[1].closed;
    await back.connect({ Authorization: `Bearer ${bob.token}` });
    // Carol's arrival is told in the same way: by then Bob's would have been.
    await writer.say(carol.id, 'hello');
    await writer.next((frame) => frame.headers.get('subscription') === 'p' && frame.text.includes(carol.id));
    await server.client(carol);
    await writer.next((frame) => frame.headers.get('subscription') === 'p' && frame.text.includes('"online":true'));
    expect(writer.unreadOf('p')).toEqual([]);
    back.vanish();
    expect(await writer.message('p')).toMatchObject({ from: bob.id, online: false });
  });

  it('[PRES-3] a conversation that begins makes the two visible to each other', async () => {
    const writer = await server.chatting(alice);
    await writer.subscribe('/user/queue/presence', { id: 'p' });
    const other = await server.chatting(bob);
    await other.subscribe('/user/queue/presence', { id: 'p' });
    await writer.fence();
    expect(writer.unreadOf('p')).toEqual([]);
    await writer.request(chatSend, { to: bob.id, message: 'hello' });
    expect(await writer.message('p')).toMatchObject({ from: bob.id, online: true });
    expect(await other.message('p')).toMatchObject({ from: alice.id, online: true });
  });
});
