import { SendDestination, type ChatEntry } from '@chat/protocol';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

const { chatRead, chatSend, chatSync, chatTyping } = SendDestination;
const EMOJI = '😀';

let server: TestServer;
let alice: TestUser;
let bob: TestUser;

beforeAll(async () => {
  server = await startSingleServer();
  [alice, bob] = await Promise.all([server.newUser('alice'), server.newUser('bob')]);
});
afterAll(() => server.stop());

describe('size', () => {
  async function endsAsTooLarge(client: StompClient, says: RegExp): Promise<void> {
    expect((await client.error()).headers.get('message')).toMatch(says);
    expect(await client.closed).toMatchObject({ code: 1009 });
  }

  function largeFrame(client: StompClient, bytes: number): string {
    const body = (length: number): string => JSON.stringify({ to: bob.id, message: 'x', padding: 'x'.repeat(length) });
    const frame = (length: number): string => client.encode('SEND', { destination: chatSend, receipt: 'large' }, body(length));
    return frame(bytes - frame(0).length - 4); // its content-length takes four digits more than that of the small one
  }

  it('[SIZE-1] a frame of 64 KiB is taken, in one message or in several', async () => {
    const client = await server.client(alice);
    const frame = largeFrame(client, 64 * 1024);
    expect(frame.length).toBeGreaterThan(64 * 1024 - 10);
    client.raw(frame);
    await client.receipt('large');
    for (let at = 0; at < frame.length; at += 8 * 1024) client.raw(frame.slice(at, at + 8 * 1024));
    await client.receipt('large');
  });

  it.each([65, 100, 200])('[SIZE-1] one of %i KiB gets ERROR that says so, and 1009', async (kib) => {
    const client = await server.client(alice);
    client.raw(largeFrame(client, kib * 1024));
    await endsAsTooLarge(client, /large|65536/);
  });

  it('[SIZE-1] so does one in several messages, and one that never ends', async () => {
    const client = await server.client(alice);
    const frame = largeFrame(client, 70 * 1024);
    for (let at = 0; at < frame.length; at += 8 * 1024) client.raw(frame.slice(at, at + 8 * 1024));
    await endsAsTooLarge(client, /large|65536/);
    const endless = await server.client(alice);
    endless.raw('SEND\ndestination:/app/chat.send\n\n');
    for (let i = 0; i < 20; i++) endless.raw('x'.repeat(4 * 1024));
    await endsAsTooLarge(endless, /large|65536/);
  });

  it('[SIZE-2] several frames in one message may be more than 64 KiB; a message of megabytes closes with 1009', async () => {
    const client = await server.client(alice);
    client.raw(largeFrame(client, 50 * 1024) + largeFrame(client, 50 * 1024));
    await client.receipt('large');
    await client.receipt('large');
    client.raw('\n'.repeat(1024 * 1024));
    expect(await client.closed).toMatchObject({ code: 1009 });
  });

  it('[SIZE-3] before CONNECTED a frame has 16 KiB at most', async () => {
    const header = (n: number): [string, string] => [`x${n}`, 'x'.repeat(3_500)];
    const client = await server.open();
    await client.connect({ Authorization: `Bearer ${alice.token}`, ...Object.fromEntries([1, 2, 3, 4].map(header)) });
    const larger = await server.open();
    larger.frame('CONNECT', { Authorization: `Bearer ${alice.token}`, 'accept-version': '1.2', ...Object.fromEntries([1, 2, 3, 4, 5].map(header)) });
    await endsAsTooLarge(larger, /large|16384/);
  });

  it('[SIZE-5] before CONNECTED no more than 64 KiB of one message are held, in how many fragments it comes', async () => {
    const stranger = await server.open();
    // Less than a STOMP frame may be late, and far from what a message may have later.
    for (let i = 0; i < 20; i++) stranger.webSocket.send('x'.repeat(4 * 1024), { fin: false });
    await endsAsTooLarge(stranger, /before CONNECT/);
    const known = await server.client(alice);
    const frame = largeFrame(known, 50 * 1024).repeat(2);
    for (let at = 0; at < frame.length; at += 4 * 1024) {
      known.webSocket.send(frame.slice(at, at + 4 * 1024), { fin: at + 4 * 1024 >= frame.length });
    }
    await known.receipt('large');
    await known.receipt('large');
  });

  it.each([
    ['33 headers', { ...Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`h${i}`, ''])) }],
    ['a header of more than 4 KiB', { long: 'x'.repeat(4 * 1024) }],
  ])('[SIZE-4] %s: ERROR and 1009', async (_what, headers) => {
    const client = await server.client(alice);
    client.frame('SEND', headers);
    await endsAsTooLarge(client, /header/);
  });
});

describe('sessions of one user', () => {
  it('[MANY-1] the seventeenth ends the oldest with 4409', async () => {
    const user = await server.newUser('many');
    const clients: StompClient[] = [];
    for (let i = 0; i < 17; i++) clients.push(await server.client(user));
    expect(await clients[0]?.closed).toMatchObject({ code: 4409 });
    for (const client of clients.slice(1)) await client.fence();
  });

  it('[MANY-1] also when many come at once, no more than sixteen stay', async () => {
    const user = await server.newUser('many');
    const clients = await Promise.all(Array.from({ length: 50 }, () => server.client(user)));
    const codes: number[] = [];
    for (const client of clients) void client.closed.then(({ code }) => codes.push(code));
    await expect.poll(() => codes.length, { timeout: 10_000 }).toBe(34);
    expect(new Set(codes)).toEqual(new Set([4409]));
    await Promise.all(clients.filter((client) => client.webSocket.readyState === client.webSocket.OPEN).map((client) => client.fence()));
    expect(codes).toHaveLength(34);
  });
});

describe('slow readers', () => {
  it('[SLOW-1] one that does not read is ended with 4408, others notice nothing, and all of it comes on return', async () => {
    const [from, to] = await Promise.all([server.newUser('from'), server.newUser('to')]);
    const [writer, slow, fast] = await Promise.all([server.client(from), server.client(to, { device: 'slow' }), server.client(to, { device: 'fast' })]);
    await Promise.all([slow.subscribeToMessages(), fast.subscribeToMessages()]);
    slow.webSocket.pause();
    let sent = 0;
    // The network's own buffers take some megabytes before the server's fill.
    while ((await server.metric('chat_slow_readers_total')) === 0 && sent < 1_500) {
      await Promise.all(Array.from({ length: 10 }, () => writer.say(to.id, `${EMOJI.repeat(7_990)}${++sent}`)));
    }
    slow.webSocket.resume();
    expect(await slow.closed).toMatchObject({ code: 4408 });
    // What was written before the close may all have arrived; this did not.
    await writer.say(to.id, `${++sent}`);
    const seqs = (messages: readonly unknown[]): number[] => messages.map((message) => (message as ChatEntry).seq);
    expect(seqs(await fast.messages('m', sent, 'CHAT'))).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
    const had = slow.unreadOf('m', 'CHAT');
    expect(had.length).toBeLessThan(sent);
    const back = await server.client(to, { device: 'slow' });
    await back.subscribeToMessages({ resume: 'sync' });
    back.send(SendDestination.chatSync, { cursors: { [`direct:${from.id}:${to.id}`]: had.length } });
    await back.message('m', 'SYNCED');
    expect(seqs([...had, ...back.unreadOf('m', 'CHAT')])).toEqual(Array.from({ length: sent }, (_, i) => i + 1));
  }, 60_000);
});

describe('what has no outcome yet', () => {
  let bounded: TestServer;

  beforeAll(async () => {
    bounded = await startSingleServer({ LIMIT_PENDING_SENDS: '50', LIMIT_CURSORS_PER_SYNC: '3' });
  });
  afterAll(() => bounded.stop());

  it('[PEND-1] while the store is away the socket is not read beyond the bound, and everything is answered once it is back', async () => {
    const [user, friend] = await Promise.all([bounded.newUser('user'), bounded.newUser('friend')]);
    const [client, watcher] = await Promise.all([bounded.chatting(user), bounded.chatting(friend)]);
    await client.say(friend.id, 'hello');
    const read = (from: number, to: number): void => {
      for (let i = from; i < to; i++) client.send(chatRead, { to: friend.id, seq: 1 }, { receipt: `r${i}` });
    };
    const blocker = new Client({ connectionString: bounded.databaseUrl });
    await blocker.connect();
    try {
      await blocker.query('begin');
      await blocker.query('select 1 from conversations where id = $1 for update', [`direct:${friend.id}:${user.id}`]);
      await blocker.query('lock table members in access exclusive mode');
      read(0, 49);
      client.send(chatTyping, { to: friend.id, typing: true });
      expect(await watcher.message('m', 'TYPING')).toMatchObject({ typing: true });
      read(49, 300);
      client.send(chatTyping, { to: friend.id, typing: false });
      await watcher.fence();
      await client.message('m', 'CHAT');
      expect(client.unread.filter((frame) => frame.command === 'RECEIPT')).toEqual([]);
      expect(watcher.unreadOf('m', 'TYPING')).toEqual([]);
    } finally {
      await blocker.query('rollback');
      await blocker.end();
    }
    const receipts: (string | undefined)[] = [];
    while (receipts.length < 300) receipts.push((await client.next((frame) => frame.command === 'RECEIPT')).headers.get('receipt-id'));
    expect(receipts).toEqual(Array.from({ length: 300 }, (_, i) => `r${i}`));
    expect(await watcher.message('m', 'TYPING')).toMatchObject({ typing: false });
  });

  it('[SYNC-8] one frame of a sync names no more cursors than the limit', async () => {
    const client = await bounded.chatting(await bounded.newUser('user'));
    const cursors = (count: number): object => ({ cursors: Object.fromEntries(Array.from({ length: count }, (_, i) => [`direct:a${i}a:b${i}b`, 1])) });
    expect(await client.refusal(chatSync, cursors(4))).toMatchObject({ code: 'too-large' });
    await client.request(chatSync, cursors(3));
  });

  it('[SYNC-9] its RECEIPT follows SYNCED', async () => {
    const client = await bounded.chatting(await bounded.newUser('user'));
    await client.request(chatSync, { cursors: {}, fresh: true });
    expect(client.unreadOf('m', 'SYNCED')).toHaveLength(1);
  });
});

describe('rates', () => {
  let limited: TestServer;

  beforeAll(async () => {
    // So slow a refill that none comes while a test runs.
    limited = await startSingleServer({ RATE_LIMITS: 'on', RATE_SENDS_PER_MINUTE: '1', RATE_SUBSCRIBES_PER_MINUTE: '1', RATE_FAILED_CONNECTS_PER_MINUTE: '5' });
  });
  afterAll(() => limited.stop());

  it('[RATE-1] a hundred sends at once pass, the next are rate-limited with the time to wait, and the connection lives', async () => {
    const [user, friend] = await Promise.all([limited.newUser('quick'), limited.newUser('friend')]);
    const client = await limited.chatting(user);
    const body = (i: number): object => ({ to: friend.id, message: String(i), clientId: `c${i}` });
    for (let i = 0; i < 110; i++) client.send(chatSend, body(i), { receipt: `r${i}` });
    for (let i = 0; i < 100; i++) await client.receipt(`r${i}`);
    for (let i = 100; i < 110; i++) {
      const refused = await client.refusalOf(`r${i}`);
      expect(refused).toMatchObject({ code: 'rate-limited', clientId: `c${i}`, receipt: `r${i}` });
      expect(refused.retryAfterMs).toBeGreaterThan(50_000);
    }
    // Another session does not help; typing is not counted; the repeat of what is stored gets its RECEIPT; others may.
    const other = await limited.chatting(user);
    expect(await other.refusal(chatSend, body(200))).toMatchObject({ code: 'rate-limited' });
    await other.request(chatTyping, { to: friend.id, typing: true });
    expect((await other.request(chatSend, body(42))).headers.get('seq')).toBe('43');
    await (await limited.client(friend)).say(user.id, 'hello');
  });

  it('[RATE-2] without a subscription to errors it is ERROR and 1013', async () => {
    const [user, friend] = await Promise.all([limited.newUser('quick'), limited.newUser('friend')]);
    const client = await limited.client(user);
    for (let i = 0; i < 101; i++) client.send(chatSend, { to: friend.id, message: 'x' }, { receipt: `r${i}` });
    expect((await client.error()).headers.get('receipt-id')).toBe('r100');
    expect(await client.closed).toMatchObject({ code: 1013 });
  });

  it('[RATE-4] SUBSCRIBE and chat.sync of one session share a bucket; what is too much is rate-limited, and the connection lives', async () => {
    const user = await limited.newUser('quick');
    const client = await limited.chatting(user);
    // These two and 97 make 99.
    for (let i = 0; i < 97; i++) {
      client.frame('SUBSCRIBE', { destination: '/user/queue/presence', id: 'p', receipt: `s${i}` });
      client.frame('UNSUBSCRIBE', { id: 'p' });
    }
    await client.receipt('s96');
    await client.request(chatSync, { cursors: {}, fresh: true });
    client.frame('SUBSCRIBE', { destination: '/user/queue/presence', id: 'p', receipt: 'refused' });
    const refused = await client.refusalOf('refused');
    expect(refused).toMatchObject({ code: 'rate-limited', destination: '/user/queue/presence' });
    expect(refused.retryAfterMs).toBeGreaterThan(30_000);
    expect(await client.refusal(chatSync, { cursors: {}, fresh: true })).toMatchObject({ code: 'rate-limited' });
    client.frame('UNSUBSCRIBE', { id: 'p', receipt: 'still here' });
    await client.receipt('still here');
    expect(client.unread.filter((frame) => frame.command === 'ERROR')).toEqual([]);
    // Another session has a bucket of its own.
    await limited.chatting(user);
  });

  it('[RATE-3] an address that failed to connect too often is refused with 1013 for a while, with a good token too', async () => {
    const user = await limited.newUser('user');
    const connectWith = async (token: string): Promise<number> => {
      const client = await limited.open();
      client.frame('CONNECT', { 'accept-version': '1.2', Authorization: `Bearer ${token}` });
      await client.error();
      return (await client.closed).code;
    };
    for (let i = 0; i < 10; i++) await limited.client(user);
    const codes: number[] = [];
    for (let i = 0; i < 6; i++) codes.push(await connectWith('x.y.z'));
    expect(codes).toEqual([4401, 4401, 4401, 4401, 4401, 1013]);
    expect(await connectWith(user.token)).toBe(1013);
  });
});
