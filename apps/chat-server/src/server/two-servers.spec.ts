import { SendDestination, type ChatEntry, type PresenceSignal } from '@chat/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTwoServers, TestServer, type TestCluster, type TestUser } from '../testing/test-server.ts';

const { chatRead, chatSend, chatTyping } = SendDestination;

let cluster: TestCluster;
let here: TestServer;
let there: TestServer;
let alice: TestUser;
let bob: TestUser;

beforeAll(async () => {
  cluster = await startTwoServers();
  [here, there] = cluster.servers;
});
afterAll(() => cluster.stop());
beforeEach(async () => {
  [alice, bob] = await Promise.all([here.newUser('alice'), there.newUser('bob')]);
});

const texts = (messages: readonly unknown[]): string[] => messages.map((message) => (message as ChatEntry).message);
const numbers = (count: number, prefix = ''): string[] => Array.from({ length: count }, (_, i) => `${prefix}${i}`);

describe('two servers', () => {
  it('[TWO-1] an entry gets to the other server and an answer back, and CONNECTED says where one is', async () => {
    const [client, other] = await Promise.all([here.chatting(alice), there.chatting(bob)]);
    await client.say(bob.id, 'there');
    expect(await other.message('m', 'CHAT')).toMatchObject({ seq: 1, from: alice.id, message: 'there' });
    await other.say(alice.id, 'and back');
    expect(await client.messages('m', 2, 'CHAT')).toMatchObject([{ seq: 1, message: 'there' }, { seq: 2, message: 'and back' }]);
    expect(here.serverId).not.toBe(there.serverId);
  });

  it('[TWO-2] echo and everything else reach all sessions of both, wherever they are, in one order and once', async () => {
    const sessions = await Promise.all([here.chatting(alice), there.chatting(alice), here.chatting(bob), there.chatting(bob)]);
    for (const [n, session] of sessions.entries()) {
      const to = n < 2 ? bob : alice;
      for (const text of numbers(50, `${n}-`)) session.send(chatSend, { to: to.id, message: text });
    }
    const seen = await Promise.all(sessions.map((session) => session.messages('m', 200, 'CHAT')));
    for (const one of seen) {
      expect(one.map((message) => (message as ChatEntry).seq)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
      expect(texts(one)).toEqual(texts(seen[0] ?? []));
    }
    for (const n of sessions.keys()) {
      expect(texts(seen[0] ?? []).filter((text) => text.startsWith(`${n}-`))).toEqual(numbers(50, `${n}-`));
    }
    for (const session of sessions) {
      await session.fence();
      expect(session.unreadOf('m', 'CHAT')).toEqual([]);
    }
  });

  it('[TWO-3] who comes back on the other server gets what was missed, and then what is live', async () => {
    const client = await here.client(alice);
    for (const text of numbers(5)) await client.say(bob.id, text);
    const back = await there.chatting(bob);
    await client.say(bob.id, 'live');
    expect(texts(await back.messages('m', 6, 'CHAT'))).toEqual([...numbers(5), 'live']);
  });

  it('[TWO-3] nothing falls between while one comes and entries are being sent', async () => {
    const client = await here.client(alice);
    let stopped = false;
    const sending = (async () => {
      let sent = 0;
      while (!stopped) await client.say(bob.id, String(sent++));
      return sent;
    })();
    for (let round = 0; round < 10; round++) {
      const session = await there.chatting(bob, { device: `d${round}` });
      const first = (await session.message('m', 'CHAT')) as ChatEntry; // by the type
      const next = await session.messages('m', 5, 'CHAT');
      expect(next.map((message) => (message as ChatEntry).seq)).toEqual([1, 2, 3, 4, 5].map((n) => first.seq + n));
      session.vanish();
    }
    stopped = true;
    const sent = await sending;
    const all = await there.client(bob);
    await all.subscribeToMessages({ resume: 'sync' });
    all.send(SendDestination.chatSync, { cursors: {} });
    expect(texts(await all.messages('m', sent, 'CHAT'))).toEqual(numbers(sent));
  });

  it('[TWO-4] READ gets to the other side and to the reader\'s other sessions, with one version', async () => {
    const [writer, reader, tab] = await Promise.all([here.chatting(alice), there.chatting(bob), here.chatting(bob)]);
    await writer.say(bob.id, 'read me');
    await reader.message('m', 'CHAT');
    await reader.request(chatRead, { to: alice.id, seq: 1 });
    const [atWriter, atTab] = await Promise.all([writer.message('m', 'READ'), tab.message('m', 'READ')]);
    expect(atWriter).toMatchObject({ type: 'READ', from: bob.id, to: alice.id, seq: 1 });
    expect(atTab).toEqual(atWriter);
  });

  it('[TWO-4] so do DELIVERED and TYPING', async () => {
    const [writer, reader] = await Promise.all([here.chatting(alice), there.chatting(bob)]);
    await writer.say(bob.id, 'hello');
    expect(await writer.message('m', 'DELIVERED')).toMatchObject({ from: bob.id, seq: 1 });
    await writer.request(chatTyping, { to: bob.id, typing: true });
    expect(await reader.message('m', 'TYPING')).toMatchObject({ from: alice.id, typing: true });
  });

  it('[TWO-5] a send repeated on the other server gets the same RECEIPT and is stored once', async () => {
    const sessions = await Promise.all([here.client(alice), there.client(alice)]);
    const body = { to: bob.id, message: 'once', clientId: 'key' };
    const receipts = await Promise.all([...sessions, ...sessions].map((session) => session.request(chatSend, body)));
    expect(new Set(receipts.map((receipt) => `${receipt.headers.get('seq')} ${receipt.headers.get('id')}`)).size).toBe(1);
    expect(await sessions[1].say(bob.id, 'next')).toBe(2);
    await sessions[1].subscribeToErrors();
    expect(await sessions[1].refusal(chatSend, { ...body, message: 'twice' })).toMatchObject({ code: 'conflict' });
  });

  it('[TWO-6] presence: first the state, then changes, wherever the people are', async () => {
    const watcher = await here.chatting(alice);
    await watcher.say(bob.id, 'hello');
    await watcher.subscribe('/user/queue/presence', { id: 'p' });
    expect(await watcher.message('p')).toMatchObject({ from: bob.id, online: false });
    const bobs = await there.client(bob);
    expect(await watcher.message('p')).toEqual({ type: 'PRESENCE', from: bob.id, online: true } satisfies PresenceSignal);
    const second = await here.client(bob);
    bobs.vanish();
    await bobs.closed;
    // He is still there with the other: the next that is told is that he has gone for good.
    second.vanish();
    expect(await watcher.message('p')).toMatchObject({ from: bob.id, online: false });
    await watcher.fence();
    expect(watcher.unreadOf('p')).toEqual([]);
  });

  it('[TWO-7] signing out ends the sign-in\'s connections on both servers with 4401', async () => {
    const { body } = await here.post('/api/auth/register', { id: `out-${alice.id}`, password: 'correct horse battery' });
    const user = { id: `out-${alice.id}`, token: (body as { accessToken: string }).accessToken }; // SignedIn
    const clients = await Promise.all([here.chatting(user), there.chatting(user)]);
    await here.post('/api/auth/logout', {}, user);
    for (const client of clients) expect(await client.closed).toMatchObject({ code: 4401 });
    expect(await there.get('/api/me', user)).toMatchObject({ status: 401 });
  });

  it('[TWO-8] an account made on one server is there on the other, and its id is taken', async () => {
    const id = `taken-${bob.id}`;
    expect(await here.post('/api/auth/register', { id, password: 'correct horse battery' })).toMatchObject({ status: 201 });
    expect(await there.post('/api/auth/register', { id, password: 'another horse battery' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const client = await there.open();
    expect((await client.connect({ login: id, passcode: 'correct horse battery' })).headers.get('server')).toBe(there.serverId);
  });

  it('[TWO-9] a second server of the same id is refused while the first one\'s lease lives', async () => {
    await expect(TestServer.start({ ...cluster.env, SERVER_ID: here.serverId })).rejects.toThrow(here.serverId);
    await (await here.client(alice)).say(bob.id, 'undisturbed');
  });
});

describe('one of two servers ends', () => {
  let ending: TestCluster;

  beforeAll(async () => {
    ending = await startTwoServers();
  });
  afterAll(() => ending.stop());

  it('[TWO-10] its sessions get 1012; on the other server they get all of it, and nobody there loses anything', async () => {
    const [first, second] = ending.servers;
    const [anna, ben] = await Promise.all([first.newUser('anna'), second.newUser('ben')]);
    const [annas, bens] = await Promise.all([first.chatting(anna, { device: 'a' }), second.chatting(ben)]);
    const receipts: string[] = [];
    for (let i = 0; i < 300; i++) annas.send(chatSend, { to: ben.id, message: String(i), clientId: `c${i}` }, { receipt: `r${i}` });
    await annas.receipt('r0');
    await first.shutDown();
    expect(await annas.closed).toMatchObject({ code: 1012 });
    for (const frame of annas.unread) if (frame.command === 'RECEIPT') receipts.push(frame.headers.get('receipt-id') ?? '');
    // As a client does: everything again that has no receipt, on the other server.
    const again = await second.client(anna, { device: 'a' });
    for (let i = 0; i < 300; i++) if (!receipts.includes(`r${i}`)) await again.request(chatSend, { to: ben.id, message: String(i), clientId: `c${i}` });
    await again.say(ben.id, 'end');
    expect(texts(await bens.messages('m', 301, 'CHAT')).sort()).toEqual([...numbers(300), 'end'].sort());
    await bens.fence();
    expect(bens.unreadOf('m', 'CHAT')).toEqual([]);
  });
});
