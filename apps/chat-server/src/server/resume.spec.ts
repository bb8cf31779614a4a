import { SendDestination, type ChatEntry, type SyncedSignal } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatSync } = SendDestination;

let server: TestServer;
let alice: TestUser;
let bob: TestUser;
let carol: TestUser;
let fromAlice: StompClient;

beforeAll(async () => {
  server = await startSingleServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob, carol] = await Promise.all([server.newUser('alice'), server.newUser('bob'), server.newUser('carol')]);
  fromAlice = await server.client(alice);
});

const withAlice = (): string => `direct:${alice.id}:${bob.id}`;
const withCarol = (): string => `direct:${bob.id}:${carol.id}`;

async function say(client: StompClient, to: TestUser, ...messages: string[]): Promise<void> {
  for (const message of messages) await client.say(to.id, message);
}

/** Everything of the subscription that has come by now, without waiting for more. */
async function textsSoFar(client: StompClient, subscription = 'm'): Promise<string[]> {
  await client.fence();
  return client.unreadOf(subscription, 'CHAT').map((message) => (message as ChatEntry).message);
}

/** Waits until the server knows that this device has everything up to there, and goes. */
async function leaveAfterProof(client: StompClient, user: TestUser, conversationId: string, seq: number): Promise<void> {
  await expect.poll(async () => {
    const { body } = await server.get('/api/conversations', conversationId.includes(`:${alice.id}`) ? alice : carol);
    const { conversations } = body as { conversations: { conversationId: string; cursors: { userId: string; deliveredSeq: number }[] }[] };
    const cursors = conversations.find((one) => one.conversationId === conversationId)?.cursors;
    return cursors?.find((cursor) => cursor.userId === user.id)?.deliveredSeq;
  }, { timeout: 10_000 }).toBe(seq);
  client.vanish();
}

describe('offline', () => {
  it('[OFF-1] who was away gets it all on return, in order, before anything newer', async () => {
    const fromCarol = await server.client(carol);
    await say(fromAlice, bob, 'a1', 'a2');
    await say(fromCarol, bob, 'c1');
    await say(fromAlice, bob, 'a3');
    await say(fromCarol, bob, 'c2');
    const client = await server.chatting(bob);
    await say(fromAlice, bob, 'a4');
    const all = (await client.messages('m', 6, 'CHAT')) as ChatEntry[]; // by the type that was asked for
    expect(all.filter((entry) => entry.conversationId === withAlice()).map((entry) => entry.message)).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(all.filter((entry) => entry.conversationId === withCarol()).map((entry) => entry.message)).toEqual(['c1', 'c2']);
    expect(await textsSoFar(client)).toEqual([]);
  });

  it('[OFF-1] the RECEIPT of the subscription comes after what was missed', async () => {
    await say(fromAlice, bob, 'one', 'two');
    const client = await server.client(bob);
    await client.subscribeToMessages();
    expect(client.unreadOf('m', 'CHAT')).toHaveLength(2);
  });

  it('[OFF-2] a thousand missed entries come, each once, while more are being sent', async () => {
    const body = (i: number): string => JSON.stringify({ to: bob.id, message: String(i) });
    for (let i = 0; i < 1_000; i++) fromAlice.frame('SEND', { destination: SendDestination.chatSend, receipt: i === 999 ? 'last' : undefined }, body(i));
    await fromAlice.receipt('last');
    const client = await server.client(bob);
    client.frame('SUBSCRIBE', { destination: '/user/queue/messages', id: 'm' });
    for (let i = 1_000; i < 1_300; i++) fromAlice.frame('SEND', { destination: SendDestination.chatSend }, body(i));
    const messages = await client.messages('m', 1_300, 'CHAT');
    expect(messages.map((message) => (message as ChatEntry).seq)).toEqual(Array.from({ length: 1_300 }, (_, i) => i + 1));
    expect(await textsSoFar(client)).toEqual([]);
  });
});

describe('devices', () => {
  it('[DEV-1] a device gets what came after what is known to have arrived there, and no more', async () => {
    const phone = await server.chatting(bob, { device: 'phone' });
    await say(fromAlice, bob, 'one', 'two');
    await phone.messages('m', 2, 'CHAT');
    await leaveAfterProof(phone, bob, withAlice(), 2);
    await say(fromAlice, bob, 'three');
    const again = await server.chatting(bob, { device: 'phone' });
    expect(await textsSoFar(again)).toEqual(['three']);
  });

  it('[DEV-1] what was on its way when the connection broke comes again', async () => {
    const phone = await server.chatting(bob, { device: 'phone' }, { autoPong: false });
    await say(fromAlice, bob, 'one', 'two');
    await phone.messages('m', 2, 'CHAT');
    phone.vanish();
    await phone.closed;
    const again = await server.chatting(bob, { device: 'phone' });
    expect(await textsSoFar(again)).toEqual(['one', 'two']);
  });

  it('[DEV-2] each device has cursors of its own: one that was away gets what another has had', async () => {
    // One after the other: what is waited for is the furthest of all of bob's devices.
    const laptop = await server.chatting(bob, { device: 'laptop' });
    await say(fromAlice, bob, 'one');
    await leaveAfterProof(laptop, bob, withAlice(), 1);
    const phone = await server.chatting(bob, { device: 'phone' });
    await say(fromAlice, bob, 'two');
    await leaveAfterProof(phone, bob, withAlice(), 2);
    await say(fromAlice, bob, 'three');
    expect(await textsSoFar(await server.chatting(bob, { device: 'laptop' }))).toEqual(['two', 'three']);
    expect(await textsSoFar(await server.chatting(bob, { device: 'phone' }))).toEqual(['three']);
  });

  it('[DEV-3] a new device starts after the furthest that any device of the user has had', async () => {
    const phone = await server.chatting(bob, { device: 'phone' });
    await say(fromAlice, bob, 'one', 'two');
    await leaveAfterProof(phone, bob, withAlice(), 2);
    await say(fromAlice, bob, 'three');
    expect(await textsSoFar(await server.chatting(bob, { device: 'new' }))).toEqual(['three']);
  });

  it('[DEV-4] two sessions of one device at once both get everything', async () => {
    const sessions = await Promise.all([1, 2].map(() => server.chatting(bob, { device: 'phone' })));
    await say(fromAlice, bob, 'one', 'two');
    for (const session of sessions) expect(await textsSoFar(session)).toEqual(['one', 'two']);
  });
});

describe('chat.sync', () => {
  async function waiting(headers = {}): Promise<StompClient> {
    const client = await server.client(bob, headers);
    await client.subscribeToErrors();
    await client.subscribeToMessages({ resume: 'sync' });
    return client;
  }

  it('[SYNC-1] with resume: sync nothing comes before the sync, then what it asks for, then SYNCED, then what is live', async () => {
    const fromCarol = await server.client(carol);
    await say(fromAlice, bob, 'a1', 'a2', 'a3');
    await say(fromCarol, bob, 'c1', 'c2');
    const client = await waiting();
    await say(fromAlice, bob, 'a4');
    expect(await textsSoFar(client)).toEqual([]);
    await client.request(chatSync, { cursors: { [withAlice()]: 2, [withCarol()]: 2 } });
    await client.message('m', 'SYNCED').then((synced) => expect(synced).toEqual({ type: 'SYNCED', cursors: { [withAlice()]: 4, [withCarol()]: 2 } }));
    await say(fromAlice, bob, 'a5');
    expect(await textsSoFar(client)).toEqual(['a3', 'a4', 'a5']);
  });

  it('[SYNC-1] entries of a conversation come by rising seq, and SYNCED after them', async () => {
    await say(fromAlice, bob, 'a1', 'a2', 'a3');
    const client = await waiting();
    client.send(chatSync, { cursors: {} });
    const types = (await client.messages('m', 4)).map((message) => [message.type, 'seq' in message ? message.seq : undefined]);
    expect(types).toEqual([['CHAT', 1], ['CHAT', 2], ['CHAT', 3], ['SYNCED', undefined]]);
  });

  it('[SYNC-2] cursors of conversations that one is not in, or that there are not, and cursors past the end count for nothing', async () => {
    await say(await server.client(carol), alice, 'private');
    await say(fromAlice, bob, 'a1');
    const client = await waiting();
    const cursors = { [`direct:${alice.id}:${carol.id}`]: 0, 'direct:no-one:nowhere': 0, 'room:abcdefgh1234': 0, [withAlice()]: 99 };
    await client.request(chatSync, { cursors });
    const synced = (await client.message('m', 'SYNCED')) as SyncedSignal;
    expect(synced.cursors).toEqual({ [withAlice()]: 1 });
    await say(fromAlice, bob, 'a2');
    expect(await textsSoFar(client)).toEqual(['a2']);
  });

  it('[SYNC-3] fresh: SYNCED at once, nothing of the past, and all that comes', async () => {
    await say(fromAlice, bob, 'a1', 'a2');
    const client = await waiting();
    client.send(chatSync, { cursors: {}, fresh: true });
    expect(await client.message('m')).toEqual({ type: 'SYNCED', cursors: { [withAlice()]: 2 } });
    await say(fromAlice, bob, 'a3');
    expect(await textsSoFar(client)).toEqual(['a3']);
  });

  it('[SYNC-4] with a limit only the newest of a longer gap come, and SYNCED names the rest', async () => {
    await say(fromAlice, bob, 'a1', 'a2', 'a3', 'a4', 'a5');
    await say(await server.client(carol), bob, 'c1', 'c2');
    const client = await waiting();
    client.send(chatSync, { cursors: { [withAlice()]: 1 }, limit: 2 });
    const synced = (await client.message('m', 'SYNCED')) as SyncedSignal;
    expect(synced).toEqual({
      type: 'SYNCED',
      cursors: { [withAlice()]: 5, [withCarol()]: 2 },
      truncated: [{ conversationId: withAlice(), from: 2, to: 3 }],
    });
    expect((await textsSoFar(client)).sort()).toEqual(['a4', 'a5', 'c1', 'c2']);
  });

  it('[SYNC-5] cursors may come in several frames; only the last starts it', async () => {
    await say(fromAlice, bob, 'a1', 'a2');
    await say(await server.client(carol), bob, 'c1', 'c2');
    const client = await waiting();
    await client.request(chatSync, { cursors: { [withAlice()]: 1 }, more: true });
    await client.request(chatSync, { cursors: {}, more: true });
    expect(await textsSoFar(client)).toEqual([]);
    await client.request(chatSync, { cursors: { [withCarol()]: 1 } });
    await client.message('m', 'SYNCED');
    expect((await textsSoFar(client)).sort()).toEqual(['a2', 'c2']);
  });

  it('[SYNC-6] a sync on an open subscription brings again what its cursors lack', async () => {
    const client = await server.chatting(bob);
    await say(fromAlice, bob, 'a1', 'a2', 'a3');
    await client.messages('m', 3, 'CHAT');
    client.send(chatSync, { cursors: { [withAlice()]: 1 } });
    const types = (await client.messages('m', 3)).map((message) => message.type);
    expect(types).toEqual(['CHAT', 'CHAT', 'SYNCED']);
    await say(fromAlice, bob, 'a4');
    expect(await textsSoFar(client)).toEqual(['a4']);
  });

  it('[SYNC-6] of two syncs in a row the second counts: one SYNCED at least, and no entry missing after its cursors', async () => {
    await say(fromAlice, bob, 'a1', 'a2', 'a3');
    const client = await waiting();
    client.send(chatSync, { cursors: {} });
    client.send(chatSync, { cursors: { [withAlice()]: 2 } });
    await client.message('m', 'SYNCED');
    await say(fromAlice, bob, 'a4');
    const texts = await textsSoFar(client);
    expect(texts.slice(-2)).toEqual(['a3', 'a4']);
  });

  it('[SYNC-7] without a subscription to messages it is bad-request', async () => {
    const client = await server.client(bob);
    await client.subscribeToErrors();
    expect(await client.refusal(chatSync, { cursors: {} })).toMatchObject({ code: 'bad-request' });
  });
});
