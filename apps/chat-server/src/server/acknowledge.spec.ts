import { SendDestination, type ChatEntry } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ServerFrame, StompClient } from '../testing/stomp-client.ts';
import { RoomActs } from '../testing/test-rooms.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const WINDOW = 10;

let server: TestServer;
let rooms: RoomActs;
let alice: TestUser;
let bob: TestUser;
let fromAlice: StompClient;

beforeAll(async () => {
  server = await startSingleServer({ UNACKNOWLEDGED_ENTRIES: String(WINDOW) });
  rooms = new RoomActs(server);
});
afterAll(() => server.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([server.newUser('alice'), server.newUser('bob')]);
  fromAlice = await server.client(alice);
});

async function say(count: number, to = bob): Promise<void> {
  const texts = Array.from({ length: count }, (_, i) => `t${i}`);
  await Promise.all(texts.map((text) => fromAlice.say(to.id, text)));
}

/** The next entry on a subscription, as its frame. */
function entry(client: StompClient, subscription = 'm'): Promise<ServerFrame> {
  return client.next((frame) => frame.headers.get('subscription') === subscription && frame.text.includes('"type":"CHAT"'));
}

async function entries(client: StompClient, count: number, subscription = 'm'): Promise<ServerFrame[]> {
  const frames: ServerFrame[] = [];
  while (frames.length < count) frames.push(await entry(client, subscription));
  return frames;
}

function seqOf(frame: ServerFrame | undefined): number {
  return (JSON.parse(frame?.text ?? '{}') as ChatEntry).seq;
}

let receipts = 0;

/** Answers an entry, and waits until what that proves is stored. */
async function answer(client: StompClient, frame: ServerFrame | undefined, command: 'ACK' | 'NACK' = 'ACK'): Promise<void> {
  const receipt = `a${++receipts}`;
  client.frame(command, { id: frame?.headers.get('ack'), receipt });
  await client.receipt(receipt);
}

/** The seqs that have come and were not taken. */
async function unread(client: StompClient, subscription = 'm'): Promise<number[]> {
  await client.fence();
  return client.unreadOf(subscription, 'CHAT').map((message) => (message as ChatEntry).seq);
}

async function comesAgain(device: string, headers: Record<string, string> = {}): Promise<number[]> {
  const client = await server.client(bob, { device });
  await client.subscribeToMessages(headers);
  const seqs = await unread(client);
  await client.disconnect();
  return seqs;
}

describe('acknowledging', () => {
  it('[ACK-1] the frames of a subscription that acknowledges carry ack, others do not', async () => {
    const client = await server.client(bob);
    await client.subscribeToMessages({ ack: 'client' });
    await client.subscribe('/user/queue/messages', { id: 'plain' });
    await say(1);
    const [frame, plain] = [await entry(client), await entry(client, 'plain')];
    expect(frame.headers.get('ack')).toBe(frame.headers.get('message-id'));
    expect(plain.headers.get('ack')).toBeUndefined();
  });

  it('[ACK-1] an unknown ack mode ends the session', async () => {
    const client = await server.client(bob);
    client.frame('SUBSCRIBE', { id: 'm', destination: '/user/queue/messages', ack: 'maybe' });
    expect((await client.error()).headers.get('message')).toContain('ack');
    expect((await client.closed).code).toBe(1002);
  });

  it('[ACK-2] client is cumulative: an ACK counts for all that came before on the subscription', async () => {
    const client = await server.client(bob, { device: 'phone' });
    await client.subscribeToMessages({ ack: 'client' });
    await say(5);
    const frames = await entries(client, 5);
    await answer(client, frames[2]);
    client.vanish();
    expect(await comesAgain('phone')).toEqual([4, 5]);
  });

  it('[ACK-3] client-individual is not: the cursor moves over the unbroken run', async () => {
    const client = await server.client(bob, { device: 'phone' });
    await client.subscribeToMessages({ ack: 'client-individual' });
    await say(5);
    const frames = await entries(client, 5);
    for (const i of [0, 3, 4]) await answer(client, frames[i]);
    client.vanish();
    expect(await comesAgain('phone', { ack: 'client' })).toEqual([2, 3, 4, 5]);
  });

  it('[ACK-4] what was refused comes again, and with it what is behind it', async () => {
    const client = await server.client(bob, { device: 'phone' });
    await client.subscribeToMessages({ ack: 'client-individual' });
    await say(4);
    const frames = await entries(client, 4);
    await answer(client, frames[0]);
    await answer(client, frames[1], 'NACK');
    await answer(client, frames[2]);
    await answer(client, frames[3]);
    await client.disconnect();
    expect(await comesAgain('phone', { ack: 'client' })).toEqual([2, 3, 4]);
  });

  it('[ACK-5] what was never acknowledged comes again five times, and then counts as delivered', async () => {
    await say(3);
    for (let times = 0; times < 6; times++) expect(await comesAgain('tablet', { ack: 'client' }), `time ${times}`).toEqual(times === 0 ? [1, 2, 3] : [1, 2, 3]);
    await expect.poll(() => comesAgain('tablet', { ack: 'client' }), { timeout: 5_000 }).toEqual([]);
    expect(await server.metric('chat_redeliveries_given_up_total')).toBeGreaterThanOrEqual(1);
    await say(1);
    expect(await comesAgain('tablet', { ack: 'client' })).toEqual([4]);
  });

  it('[ACK-6] so many entries wait for acknowledgement at most, the rest in the log', async () => {
    const client = await server.client(bob);
    await client.subscribeToMessages({ ack: 'client' });
    await say(3 * WINDOW + 5);
    const seen = await entries(client, WINDOW);
    expect(await unread(client)).toEqual([]);
    while (seen.length < 3 * WINDOW + 5) {
      await answer(client, seen.at(-1));
      seen.push(await entry(client));
      await client.fence();
      const more = client.unreadOf('m', 'CHAT').length;
      expect(more).toBeLessThan(WINDOW);
      seen.push(...(await entries(client, more)));
    }
    expect(seen.map(seqOf)).toEqual(Array.from({ length: 3 * WINDOW + 5 }, (_, i) => i + 1));
    expect(await unread(client)).toEqual([]);
  });

  it('[ACK-6] so it is with what was missed, and other subscriptions do not wait for it', async () => {
    await say(2 * WINDOW + 1);
    const client = await server.client(bob, { device: 'missed' });
    await client.subscribeToMessages({ ack: 'client-individual', resume: 'sync' });
    client.send(SendDestination.chatSync, { cursors: {} });
    const first = await entries(client, WINDOW);
    expect(await unread(client)).toEqual([]);
    expect(client.unreadOf('m', 'SYNCED')).toEqual([]);
    await client.subscribe('/user/queue/messages', { id: 'plain' });
    await say(1);
    expect(seqOf(await entry(client, 'plain'))).toBeGreaterThan(0);
    const seen = [...first];
    for (let i = 0; i < seen.length; i++) {
      await answer(client, seen[i]);
      const left = 2 * WINDOW + 2 - seen.length;
      if (left > 0) seen.push(...(await entries(client, Math.min(left, (await unread(client)).length))));
    }
    expect(seen.map(seqOf)).toEqual(Array.from({ length: 2 * WINDOW + 2 }, (_, i) => i + 1));
    await client.message('m', 'SYNCED');
  });

  it('[ACK-6] so it is with the topic of a room, up to the LEAVE', async () => {
    const room = await rooms.make(alice, { visibility: 'private' });
    await rooms.add(room.id, alice, bob);
    const client = await server.client(bob);
    await client.subscribe(`/topic/rooms.${room.id}`, { id: 't', ack: 'client', after: '0' });
    const write = (text: string): Promise<ServerFrame> => fromAlice.request(SendDestination.chatSend, { roomId: room.id, message: text });
    for (let i = 0; i < 2 * WINDOW; i++) await write(`m${i}`);
    await rooms.remove(room.id, alice, bob);
    await write('not for bob');
    const topic: ServerFrame[] = [];
    for (;;) {
      const frame = await client.next((one) => one.headers.get('subscription') === 't');
      topic.push(frame);
      expect(client.unreadOf('t').length).toBeLessThan(WINDOW);
      if (frame.text.includes('"type":"LEAVE"')) break;
      client.frame('ACK', { id: frame.headers.get('ack') });
    }
    const seqs = topic.map(seqOf);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => (seqs[0] ?? 0) + i));
    expect(topic.at(-2)?.text).toContain(`m${2 * WINDOW - 1}`);
    await client.fence();
    expect(client.unreadOf('t')).toEqual([]);
  });

  it('[ACK-7] what waits for nothing may be acknowledged: once more, a signal, of an ended or an auto subscription', async () => {
    const client = await server.client(bob);
    await client.subscribeToMessages({ ack: 'client-individual' });
    await client.subscribe('/user/queue/messages', { id: 'plain' });
    await client.subscribe('/user/queue/presence', { id: 'p', ack: 'client' });
    await say(1);
    const frame = await entry(client);
    const plain = await entry(client, 'plain');
    const presence = await client.next((one) => one.headers.get('subscription') === 'p');
    await answer(client, frame);
    await answer(client, frame);
    await answer(client, frame, 'NACK');
    await answer(client, presence);
    client.frame('ACK', { id: plain.headers.get('message-id'), receipt: 'plain' });
    await client.receipt('plain');
    client.frame('UNSUBSCRIBE', { id: 'm' });
    await answer(client, frame);
  });

  it('[ACK-8] without the id of a message of this server it ends the session', async () => {
    for (const headers of [{}, { id: 'nonsense' }, { id: '/m' }]) {
      const client = await server.client(bob);
      await client.subscribeToMessages({ ack: 'client' });
      client.frame('ACK', { ...headers, receipt: 'r' });
      expect((await client.error()).headers.get('receipt-id')).toBe('r');
      expect((await client.closed).code).toBe(1002);
    }
  });

  it('[ACK-8] before 1.2 message-id names the message, and 1.0 has no NACK', async () => {
    for (const version of ['1.0', '1.1']) {
      const client = await server.client(bob, { 'accept-version': version, device: `v${version}` });
      await client.subscribeToMessages({ ack: 'client' });
      await say(2);
      const frames = await entries(client, 2);
      expect(frames[0]?.headers.get('ack')).toBeUndefined();
      client.frame('ACK', { subscription: 'm', 'message-id': frames[1]?.headers.get('message-id'), receipt: 'r' });
      await client.receipt('r');
      client.frame('NACK', { subscription: 'm', 'message-id': frames[1]?.headers.get('message-id'), receipt: 'n' });
      if (version === '1.0') expect((await client.closed).code).toBe(1002);
      else await client.receipt('n');
      client.vanish();
      expect(await comesAgain(`v${version}`)).toEqual([]);
    }
  });

  it('[ACK-9] others are told what was delivered when it is acknowledged, and not before', async () => {
    await fromAlice.subscribeToMessages();
    const client = await server.client(bob, { device: 'slow' });
    await client.subscribeToMessages({ ack: 'client' });
    await say(2);
    const frames = await entries(client, 2);
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // more than a ping and its pong take
    await fromAlice.fence();
    expect(fromAlice.unreadOf('m', 'DELIVERED')).toEqual([]);
    await answer(client, frames[0]);
    expect(await fromAlice.message('m', 'DELIVERED')).toMatchObject({ from: bob.id, seq: 1 });
  });
});
