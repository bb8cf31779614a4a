import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ForwardClock } from '../testing/forward-clock.ts';
import { ask, SockJsRequests } from '../testing/sockjs-http.ts';
import { chatTexts, connectFrame, pollingSession, stompFrames, subscribeFrame } from '../testing/sockjs-stomp.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

let clock: ForwardClock;
let server: TestServer;
let base: string;
let session: SockJsRequests;
let user: TestUser;

beforeAll(async () => {
  clock = new ForwardClock();
  server = await startSingleServer();
  base = `${server.url}/ws-chat`;
});
beforeEach(async () => {
  session = new SockJsRequests(base);
  user = await server.newUser('user');
});
afterAll(() => server.stop());

const sessions = (): Promise<number> => server.metric('chat_sockjs_sessions');

/** Lets seconds pass by and by, with time for the server to tick in between, until it holds. Answers how many. */
async function passesUntil(seconds: number, holds: () => Promise<boolean>, step = 1): Promise<number> {
  let passed = 0;
  const next = async (): Promise<boolean> => {
    if (await holds()) return true;
    clock.letPass(step);
    passed += step;
    return false;
  };
  await expect.poll(next, { interval: 550, timeout: seconds * 600 }).toBe(true);
  expect(passed).toBeLessThanOrEqual(seconds);
  return passed;
}

describe('time', () => {
  it('[SOCKJS-7] a session without a request to receive ends after 5 s, and its id begins anew', async () => {
    await pollingSession(session, user);
    expect(await sessions()).toBe(1);
    expect(await server.metric('chat_sessions')).toBe(1);
    clock.letPass(4);
    expect(await session.send('\n')).toBe(204);
    clock.letPass(2);
    await expect.poll(sessions).toBe(0);
    expect(await session.send('\n')).toBe(404);
    expect(await session.poll()).toBe('o\n');
  });

  it.each(['xhr', 'xhr_streaming', 'eventsource'] as const)('[SOCKJS-7] over %s `h` comes where nothing else does', async (transport) => {
    await pollingSession(session, user);
    // What goes on being sent is no reason to be asked for a sign of life.
    const beating = setInterval(() => void session.send('\n'), 100);
    try {
      const waiting = session.stream(transport);
      const stream = transport === 'xhr' ? undefined : await waiting;
      await expect.poll(() => session.poll()).toBe('c[2010,"Another connection still open"]\n');
      for (let s = 0; s < 26; s += 13) {
        clock.letPass(13);
        await session.send('\n');
      }
      await (stream ?? (await waiting)).until(({ text }) => /(^|\n)(data: )?h\r?\n/.test(text));
      stream?.destroy();
    } finally {
      clearInterval(beating);
    }
  });

  it('[SOCKJS-7] over websocket too', async () => {
    const socket = new WebSocket(`${session.url.replace('http', 'ws')}/websocket`);
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    await expect.poll(() => heard).toEqual(['o']);
    socket.send(JSON.stringify([connectFrame(user)]));
    await expect.poll(() => heard.length).toBe(2);
    clock.letPass(26);
    await expect.poll(() => heard[2], { timeout: 5_000 }).toBe('h');
    socket.terminate();
  });

  it('[SOCKJS-13] the end of a session is told for 5 s', async () => {
    await session.poll();
    await session.send('HELLO\n\n\0');
    expect(await session.poll()).toMatch(/\nc\[1002,/);
    expect(await session.poll()).toMatch(/^c\[1002,/);
    clock.letPass(6);
    await expect.poll(() => session.poll()).toBe('o\n');
  });

  it('[TIME-1] who makes a session and sends no CONNECT is told so after 5 s', async () => {
    const stream = await session.stream('xhr_streaming');
    await stream.until(({ lines }) => lines.includes('o'));
    clock.letPass(6);
    expect(await stream.ended).toBe('whole');
    expect(stompFrames(stream.text)).toEqual([expect.stringMatching(/^ERROR\nmessage:No CONNECT/)]);
    expect(stream.lines.at(-1)).toMatch(/^c\[1002,/);
  });
});

describe('proof of delivery', () => {
  it.each(['xhr_streaming', 'eventsource'] as const)('[SOCKJS-15] a response of %s ends soon after a ping, and the next request is the answer', async (transport) => {
    const friend = await server.newUser('friend');
    const writer = await server.chatting(friend);
    const stream = await session.stream(transport);
    await session.send(connectFrame(user), subscribeFrame());
    await stream.until(({ text }) => text.includes('receipt-id:subscribed'));
    await writer.say(user.id, 'hello');
    await stream.until(({ text }) => chatTexts(text).length === 1);
    // The ping follows within a second. What is sent meanwhile proves nothing.
    const passed = await passesUntil(12, async () => (await session.send('\n')) === 204 && stream.over);
    expect(passed).toBeGreaterThan(5);
    expect(await stream.ended).toBe('whole');
    await writer.fence();
    expect(writer.unreadOf('m', 'DELIVERED')).toEqual([]);
    const next = await session.stream(transport);
    expect(await writer.message('m', 'DELIVERED')).toMatchObject({ from: user.id, seq: 1 });
    next.destroy();
  });

  it('[SOCKJS-15] an event source that asks again late may have lost the last response: its session ends', async () => {
    const stream = await session.stream('eventsource');
    await session.send(connectFrame(user));
    await stream.until(({ text }) => text.includes('CONNECTED'));
    // After a silence it is pinged, and so ended.
    await passesUntil(36, () => Promise.resolve(stream.over), 2);
    expect(await stream.ended).toBe('whole');
    clock.letPass(3);
    const next = await session.stream('eventsource');
    expect([await next.ended, next.text]).toEqual(['whole', '\r\ndata: c[1002,"Connection interrupted"]\r\n\r\n']);
  }, 60_000);

  it('[LIFE-2] a stream whose client is gone without a word ends within 45 s', async () => {
    const stream = await session.stream('xhr_streaming');
    await session.send(connectFrame(user));
    await stream.until(({ text }) => text.includes('CONNECTED'));
    stream.pause();
    await passesUntil(45, async () => (await sessions()) === 0, 2);
    stream.destroy();
  }, 60_000);

  it('[LIFE-1] a poll that waits is answered after 20 s of silence, and the next is a sign of life', async () => {
    await pollingSession(session, user);
    for (let i = 0; i < 3; i++) {
      const poll = session.poll();
      await expect.poll(async () => (await ask(`${session.url}/xhr`, { method: 'POST' })).text).toMatch(/2010/);
      clock.letPass(21);
      expect(await poll).toBe('h\n');
    }
    expect(await session.send('\n')).toBe(204);
  });
});
