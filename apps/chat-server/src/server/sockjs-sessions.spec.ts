import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { HttpStream} from '../testing/sockjs-http.ts';
import { SockJsRequests } from '../testing/sockjs-http.ts';
import { chatTexts, connectFrame, pollingSession, sayFrame, stompFrame, stompFrames, subscribeFrame } from '../testing/sockjs-stomp.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

// What a session owes to the requests that receive and send for it, and its bounds.

const RESPONSE_BYTES = 128 * 1024;

let server: TestServer;
let base: string;
let alice: TestUser;
let bob: TestUser;
let session: SockJsRequests;

beforeAll(async () => {
  server = await startSingleServer();
  base = `${server.url}/ws-chat`;
});
beforeEach(async () => {
  session = new SockJsRequests(base);
  [alice, bob] = await Promise.all([server.newUser('alice'), server.newUser('bob')]);
});
afterAll(() => server.stop());

async function streaming(transport: 'xhr_streaming' | 'eventsource' = 'xhr_streaming', user = bob): Promise<HttpStream> {
  const stream = await session.stream(transport);
  await stream.until(({ text }) => text.includes('o\n') || text.includes('data: o\r\n'));
  await session.send(connectFrame(user, { device: 'stream' }), subscribeFrame());
  await stream.until(({ text }) => text.includes('receipt-id:subscribed'));
  return stream;
}

async function say(count: number, text: (n: number) => string): Promise<void> {
  const writer = await server.client(alice);
  for (let n = 0; n < count; n++) await writer.say(bob.id, text(n));
  writer.vanish();
}

describe('receiving', () => {
  it('[SOCKJS-6] a second request to receive is told so, and the first goes on', async () => {
    const stream = await streaming();
    expect(await session.poll()).toBe('c[2010,"Another connection still open"]\n');
    const second = await session.stream('xhr_streaming');
    expect(await second.ended).toBe('whole');
    expect(second.lines.slice(1)).toEqual(['c[2010,"Another connection still open"]']);
    await say(1, () => 'to the first');
    await stream.until(({ text }) => text.includes('to the first'));
    stream.destroy();
  });

  it.each(['xhr_streaming', 'eventsource'] as const)('[SOCKJS-10] a response of %s ends at 128 KiB, and the next goes on from there', async (transport) => {
    let stream = await streaming(transport);
    await say(40, (n) => `${n} ${'x'.repeat(7_900)}`);
    const responses: string[] = [];
    const texts = (): string[] => [...responses, stream.text].flatMap(chatTexts);
    while (texts().length < 40) {
      // Either all are there, or this response has ended.
      await stream.until(() => texts().length === 40).catch(() => undefined);
      if (texts().length === 40) break;
      expect(await stream.ended).toBe('whole');
      expect(stream.text.length).toBeLessThan(RESPONSE_BYTES + 4_096);
      responses.push(stream.text);
      stream = await session.stream(transport);
    }
    expect(responses.length).toBeGreaterThanOrEqual(2);
    expect(texts()).toEqual(Array.from({ length: 40 }, (_, n) => `${n} ${'x'.repeat(7_900)}`));
    stream.destroy();
  });

  it('[SOCKJS-10] a poll carries no more either', async () => {
    await pollingSession(session, bob);
    await say(40, (n) => `${n} ${'x'.repeat(7_900)}`);
    const texts: string[] = [];
    while (texts.length < 40) {
      const answer = await session.poll();
      expect(answer.length).toBeLessThan(RESPONSE_BYTES + 2_048);
      texts.push(...chatTexts(answer));
    }
    expect(texts).toEqual(Array.from({ length: 40 }, (_, n) => `${n} ${'x'.repeat(7_900)}`));
  });

  it('[SOCKJS-13] its end is told behind all that came before, and again to who asks a moment later', async () => {
    await pollingSession(session, alice);
    await session.send(sayFrame(alice, 'before'), 'HELLO\n\n\0');
    let answer = '';
    while (!answer.includes('c[')) answer += await session.poll();
    expect(stompFrames(answer).at(-1)).toMatch(/^ERROR\n/);
    const end = answer.split('\n').at(-2) ?? '';
    expect(end).toMatch(/^c\[1002,".+"\]$/);
    expect([await session.poll(), await session.poll()]).toEqual([`${end}\n`, `${end}\n`]);
    const stream = await session.stream('eventsource');
    expect([await stream.ended, stream.text]).toEqual(['whole', `\r\ndata: ${end}\r\n\r\n`]);
    expect(await session.send('\n')).toBe(404);
  });

  it('[SOCKJS-13] DISCONNECT gets its RECEIPT and the end in one answer', async () => {
    await pollingSession(session, alice);
    const poll = session.poll();
    expect(await session.send(stompFrame('DISCONNECT', { receipt: 'bye' }))).toBe(204);
    expect(await poll).toMatch(/^a\["RECEIPT\\nreceipt-id:bye\\n\\n\\u0000"\]\nc\[1000,""\]\n$/);
  });

  it('[SOCKJS-14] a response that breaks off ends the session, and what it carried comes again to its device', async () => {
    const stream = await streaming();
    await say(3, (n) => `text ${n}`);
    await stream.until(({ text }) => chatTexts(text).length === 3);
    stream.destroy();
    await expect.poll(() => session.poll()).toBe('c[1002,"Connection interrupted"]\n');
    session = new SockJsRequests(base);
    const again = await streaming();
    await again.until(({ text }) => chatTexts(text).length === 3);
    expect(chatTexts(again.text)).toEqual(['text 0', 'text 1', 'text 2']);
    again.destroy();
  });

  it('[SOCKJS-14] so does a poll that is broken off', async () => {
    await pollingSession(session, bob, { device: 'poll' });
    const poll = request(`${session.url}/xhr`, { method: 'POST', agent: false });
    poll.on('error', () => undefined); // it is broken off here
    poll.end();
    await expect.poll(() => session.poll()).toBe('c[2010,"Another connection still open"]\n');
    poll.destroy();
    await expect.poll(() => session.poll()).toBe('c[1002,"Connection interrupted"]\n');
  });

  it('[SOCKJS-15] the poll after the one that carried it proves that it arrived: the sender is told', async () => {
    const writer = await server.chatting(alice);
    await pollingSession(session, bob);
    await writer.say(bob.id, 'hello');
    let text = '';
    while (chatTexts(text).length === 0) text += await session.poll();
    await writer.fence();
    // Sending proves nothing.
    await session.send('\n');
    const next = session.poll();
    expect(await writer.message('m', 'DELIVERED')).toMatchObject({ from: bob.id, seq: 1 });
    await session.send(stompFrame('DISCONNECT', {}));
    await next;
  });
});

describe('sending', () => {
  it('[SOCKJS-9] over websocket: arrays, one string, nothing; what is none of these ends it with 1002', async () => {
    const socket = new WebSocket(`${session.url.replace('http', 'ws')}/websocket`);
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    await expect.poll(() => heard).toEqual(['o']);
    socket.send('');
    socket.send('[]');
    socket.send(JSON.stringify([connectFrame(alice)]));
    await expect.poll(() => heard.length).toBe(2);
    socket.send(JSON.stringify(stompFrame('UNSUBSCRIBE', { id: 'none', receipt: 'one' })));
    socket.send(JSON.stringify(['\n', stompFrame('UNSUBSCRIBE', { id: 'none', receipt: 'two' })]));
    await expect.poll(() => stompFrames(heard.join('\n')).length).toBe(3);
    socket.send('["a');
    expect(await closed).toBe(1002);
    expect(heard.at(-1)).toBe('c[1002,"Broken framing."]');
  });

  it('[SOCKJS-2] the id of a session over websocket may be used again, also at the same time', async () => {
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(`${session.url.replace('http', 'ws')}/websocket`);
      await new Promise((resolve) => socket.once('message', resolve));
      return socket;
    };
    const sockets = [await open(), await open()];
    const answers = sockets.map((socket) => new Promise<string>((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString()))));
    for (const [i, socket] of sockets.entries()) socket.send(JSON.stringify([connectFrame(i === 0 ? alice : bob)]));
    const [first, second] = await Promise.all(answers);
    expect(first).toContain(`user-name:${alice.id}`);
    expect(second).toContain(`user-name:${bob.id}`);
    for (const socket of sockets) socket.terminate();
  });

  it('[SOCKJS-11] one request has 256 KiB, and one more is too large: 413 and 1009', async () => {
    await pollingSession(session, alice);
    const body = (bytes: number): string => JSON.stringify(['\n', ' '.repeat(bytes)]).replace(/ +/, '').padEnd(bytes, ' ');
    expect(await session.sendRaw(body(256 * 1024))).toMatchObject({ status: 204 });
    const answer = await session.sendRaw(body(256 * 1024 + 1));
    expect([answer.status, answer.headers.connection]).toEqual([413, 'close']);
    expect(await session.poll()).toMatch(/^c\[1009,/);
  });

  it('[SOCKJS-11] of a stranger 64 KiB, also where nobody says how much comes', async () => {
    for (const headers of [{}, { 'transfer-encoding': 'chunked' }]) {
      session = new SockJsRequests(base);
      await session.poll();
      expect(await session.sendRaw('[]'.padEnd(64 * 1024), headers)).toMatchObject({ status: 204 });
      expect(await session.sendRaw('[]'.padEnd(64 * 1024 + 1), headers)).toMatchObject({ status: 413 });
      const answer = await session.poll();
      expect(stompFrames(answer)).toEqual([expect.stringMatching(/^ERROR\n/)]);
      expect(answer).toMatch(/\nc\[1009,.*\]\n$/);
    }
  });

  it('[SLOW-1] one that asks too seldom is ended with 4408, and all of it comes on return', async () => {
    await pollingSession(session, bob, { device: 'slow' });
    const text = (n: number): string => `${n} ${'😀'.repeat(7_900)}`;
    const writer = await server.client(alice);
    let heard = '';
    let sent = 0;
    // It asks too seldom: of ten messages four fit into what it is given.
    while (!heard.includes('\nc[') && sent < 400) {
      await Promise.all(Array.from({ length: 10 }, () => writer.say(bob.id, text(sent++))));
      heard += await session.poll();
      if ((await server.metric('chat_slow_readers_total')) > 0) while (!heard.includes('\nc[')) heard += await session.poll();
    }
    expect(heard).toMatch(/\nc\[4408,".*"\]\n$/);
    session = new SockJsRequests(base);
    const again = chatTexts(await pollingSession(session, bob, { device: 'slow' }));
    while (again.length < sent) again.push(...chatTexts(await session.poll()));
    expect(again.map((one) => one.split(' ')[0]).sort()).toEqual(Array.from({ length: sent }, (_, n) => String(n)).sort());
  }, 60_000);
});
