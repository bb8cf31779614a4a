import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ask, SockJsRequests } from '../testing/sockjs-http.ts';
import { chatTexts, connectFrame, pollingSession, sayFrame, stompFrame } from '../testing/sockjs-stomp.ts';
import { startSingleServer, startTwoServers, type TestServer } from '../testing/test-server.ts';

const endpoint = (server: TestServer): string => `${server.url}/ws-chat`;

describe('a session that is not read', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startSingleServer({ LIMIT_PENDING_SENDS: '50' });
  });
  afterAll(() => server.stop());

  it('[SOCKJS-12] gets no answer to what it sends, and can wait with eight requests; then all of it is done', async () => {
    const session = new SockJsRequests(endpoint(server));
    const [user, friend] = await Promise.all([server.newUser('user'), server.newUser('friend')]);
    const stream = await session.stream('xhr_streaming');
    await session.send(connectFrame(user), sayFrame(friend, 'hello', { receipt: 'hello' }));
    await stream.until(({ text }) => text.includes('receipt-id:hello'));
    const read = (n: number): string => stompFrame('SEND', { destination: '/app/chat.read', receipt: `r${n}` }, JSON.stringify({ to: friend.id, seq: 1 }));
    const blocker = new Client({ connectionString: server.databaseUrl });
    await blocker.connect();
    const waiting: Promise<number>[] = [];
    let answered = 0;
    try {
      await blocker.query('begin');
      await blocker.query('select 1 from conversations where id = $1 for update', [`direct:${friend.id}:${user.id}`]);
      await blocker.query('lock table members in access exclusive mode');
      expect(await session.send(...Array.from({ length: 49 }, (_, n) => read(n)))).toBe(204);
      for (let i = 0; i < 8; i++) waiting.push(session.send(...Array.from({ length: 10 }, (_, n) => read(49 + 10 * i + n))));
      for (const one of waiting) void one.then(() => answered++);
      await expect.poll(() => session.send('\n')).toBe(429);
      expect(answered).toBe(0);
    } finally {
      await blocker.query('rollback');
      await blocker.end();
    }
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => 204));
    await stream.until(({ text }) => text.includes('receipt-id:r128'));
    const receipts = [...stream.text.matchAll(/receipt-id:r(\d+)\\n/g)].map(([, n]) => Number(n));
    expect(receipts).toHaveLength(129);
    expect(new Set(receipts).size).toBe(129);
    stream.destroy();
  });
});

describe('strangers', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startSingleServer({ RATE_LIMITS: 'on' });
  });
  afterAll(() => server.stop());

  it('[SOCKJS-17] a hundred sessions of an address may wait for their CONNECT, and those that have said it count no longer', async () => {
    const user = await server.newUser('user');
    const sessions = Array.from({ length: 101 }, () => new SockJsRequests(endpoint(server)));
    const open = (session: SockJsRequests): Promise<number> => ask(`${session.url}/xhr`, { method: 'POST' }).then(({ status }) => status);
    const [first, last] = [sessions[0], sessions[100]];
    if (first === undefined || last === undefined) throw new Error('There are no sessions.');
    expect(await Promise.all(sessions.slice(0, 100).map(open))).toEqual(Array.from({ length: 100 }, () => 200));
    expect(await open(last)).toBe(503);
    expect(await server.metric('chat_sockjs_refused_total')).toBe(1);
    await first.send(connectFrame(user));
    expect(await first.poll()).toContain('CONNECTED');
    expect(await open(last)).toBe(200);
    // And all of them end by themselves.
    await expect.poll(() => server.metric('chat_sockjs_sessions'), { timeout: 12_000 }).toBe(0);
    expect(await open(new SockJsRequests(endpoint(server)))).toBe(200);
  });
});

describe('a server that ends', () => {
  it('[SOCKJS-16] tells its sessions 1012, refuses new ones, and what it carried last comes on another server', async () => {
    const cluster = await startTwoServers();
    try {
      const [ending, other] = cluster.servers;
      const [alice, bob] = await Promise.all([ending.newUser('alice'), ending.newUser('bob')]);
      const session = new SockJsRequests(endpoint(ending));
      await pollingSession(session, bob, { device: 'phone' });
      const stream = await new SockJsRequests(endpoint(ending)).stream('xhr_streaming');
      const writer = await ending.client(alice);
      const poll = session.poll();
      await writer.say(bob.id, 'one');
      expect(chatTexts(await poll)).toEqual(['one']);
      // Nobody asked for it before the server ends.
      await writer.say(bob.id, 'two');
      const ended = ending.shutDown();
      expect(await stream.ended).toBe('whole');
      expect(stream.lines.at(-1)).toMatch(/^c\[1012,"/);
      expect((await ask(`${new SockJsRequests(endpoint(ending)).url}/xhr`, { method: 'POST' })).status).toBe(503);
      const late = new WebSocket(`${session.url.replace('http', 'ws')}/websocket`);
      expect(await new Promise((resolve) => late.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode)).on('error', () => undefined))).toBe(503);
      // The three sessions are told in any order, 10 ms apart at most, by timers of this process.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const last = await session.poll();
      expect(last).toMatch(/\nc\[1012,"[^"]+"\]\n$/);
      expect(chatTexts(last)).toEqual(['two']);
      await ended;
      // The poll that carried the end was the answer to 'one'; 'two' is proven by nothing.
      const again = new SockJsRequests(endpoint(other));
      let heard = await pollingSession(again, bob, { device: 'phone' });
      while (!heard.includes('two')) heard += await again.poll();
      expect(chatTexts(heard).at(-1)).toBe('two');
    } finally {
      await cluster.stop();
    }
  });
});
