import { SendDestination } from '@chat/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForwardClock } from '../testing/forward-clock.ts';
import type { StompClient } from '../testing/stomp-client.ts';
import { startSingleServer, tokenOf, type TestServer, type TestUser } from '../testing/test-server.ts';

const { authRefresh, chatTyping } = SendDestination;

let clock: ForwardClock;
let server: TestServer;
let user: TestUser;

beforeAll(async () => {
  clock = new ForwardClock();
  server = await startSingleServer({ LIMIT_FRAME_WITHIN_MS: '15000' });
  user = await server.newUser('user');
});
afterAll(() => server.stop());

type Seen = { pings: number; beats: number };

function counting(client: StompClient): Seen {
  const seen = { pings: 0, beats: 0 };
  client.webSocket.on('ping', () => seen.pings++);
  client.webSocket.on('message', (data: Buffer) => (seen.beats += data.toString() === '\n' ? 1 : 0));
  return seen;
}

async function comes(count: () => number | undefined, expected: number): Promise<void> {
  await expect.poll(count, { timeout: 10_000 }).toBe(expected);
}

describe('a silent client', () => {
  it('[LIFE-1] is pinged after 20 s, and lives as long as it answers, whatever beats it promised', async () => {
    const client = await server.client(user, { 'heart-beat': '1000,0' });
    const seen = counting(client);
    for (const pings of [1, 2, 3]) {
      clock.letPass(21);
      await comes(() => seen.pings, pings);
    }
    await client.fence();
  });

  it('[LIFE-2] that does not answer is gone within 45 s', async () => {
    const client = await server.client(user, {}, { autoPong: false });
    const seen = counting(client);
    clock.letPass(21);
    await comes(() => seen.pings, 1);
    clock.letPass(21);
    expect(await client.closed).toMatchObject({ code: 1006 });
  });

  it('[LIFE-2] lives if anything else comes from it, a beat too', async () => {
    const client = await server.client(user, {}, { autoPong: false });
    const seen = counting(client);
    for (const pings of [1, 2, 3]) {
      clock.letPass(21);
      await comes(() => seen.pings, pings);
      client.raw('\n');
      await client.fence();
    }
  });

  it('[LIFE-3] gets beats every ten seconds if it asked for some, however often it asked for them', async () => {
    const [none, some, many] = await Promise.all(['0,0', '0,10000', '0,1'].map((heartBeat) => server.client(user, { 'heart-beat': heartBeat })));
    if (none === undefined || some === undefined || many === undefined) throw new Error('three clients');
    const [ofNone, ofSome, ofMany] = [counting(none), counting(some), counting(many)];
    for (const beats of [1, 2]) {
      clock.letPass(9.5);
      await comes(() => ofSome.beats, beats);
      await comes(() => ofMany.beats, beats);
    }
    // The ping for an entry comes with the next tick, which brings no beat so soon.
    await many.subscribeToMessages();
    const { pings } = ofMany;
    await many.say(user.id, 'hello');
    await comes(() => ofMany.pings, pings + 1);
    expect(ofMany.beats).toBe(2);
    // And the ping for silence comes with one that would have brought a beat.
    clock.letPass(21);
    await comes(() => ofNone.pings, 1);
    expect(ofNone.beats).toBe(0);
  });
});

describe('time limits', () => {
  it.each([
    ['nothing', ''],
    ['beats', '\n\n\n'],
    ['half a CONNECT', 'CONNECT\naccept-version:1.2\n'],
  ])('[TIME-1] who sends %s instead of CONNECT is told so after 5 s, and closed with 1002', async (_what, data) => {
    const client = await server.open();
    if (data !== '') client.raw(data);
    clock.letPass(6);
    expect((await client.error()).headers.get('message')).toMatch(/CONNECT/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[TIME-2] a frame that does not end gets ERROR and 1002, though bytes of it go on coming', async () => {
    const client = await server.client(user, { 'heart-beat': '0,10000' });
    const ticks = counting(client);
    client.raw('SEND\n');
    // Its time begins with the tick that first finds it unfinished.
    clock.letPass(10);
    await comes(() => ticks.beats, 1);
    client.raw('a');
    clock.letPass(10);
    await comes(() => ticks.beats, 2);
    client.raw('b');
    clock.letPass(10);
    expect((await client.error()).headers.get('message')).toMatch(/in time/);
    expect(await client.closed).toMatchObject({ code: 1002 });
  });

  it('[TIME-2] each frame has that time: who is always in the middle of one lives', async () => {
    const client = await server.client(user, { 'heart-beat': '0,10000' });
    const ticks = counting(client);
    const frame = client.encode('SEND', { destination: chatTyping, receipt: 'r' }, JSON.stringify({ to: user.id, typing: true }));
    client.raw(frame.slice(0, 20));
    for (const beats of [1, 2, 3]) {
      clock.letPass(10);
      await comes(() => ticks.beats, beats);
      client.raw(frame.slice(20) + frame.slice(0, 20));
      await client.receipt('r');
    }
    client.raw(frame.slice(20));
    await client.receipt('r');
  });
});

describe('the end of a token', () => {
  it('[CLOSE-1] ends its connections with ERROR and 4401, also one that only listens; one that has renewed lives on', async () => {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const soonOver = { id: user.id, token: await tokenOf(user.id, { exp }) };
    const [listener, renewed] = await Promise.all([server.chatting(soonOver), server.chatting(soonOver)]);
    await renewed.request(authRefresh, { accessToken: await tokenOf(user.id, { exp: exp + 3_600 }) });
    clock.letPass(601);
    expect((await listener.error()).headers.get('message')).toMatch(/expired/);
    expect(await listener.closed).toMatchObject({ code: 4401 });
    await renewed.say(user.id, 'still there');
  });

  it('[CLOSE-2] a renewal with the token of another user, or with a bad one, is unauthorized, and the old token counts', async () => {
    const other = await server.newUser('other');
    const client = await server.chatting(other);
    const expired = await tokenOf(other.id, { exp: 1 });
    for (const accessToken of [user.token, expired, 'x.y.z']) {
      expect(await client.refusal(authRefresh, { accessToken })).toMatchObject({ code: 'unauthorized' });
    }
    await client.say(user.id, 'still me');
    expect(await client.message('m', 'CHAT')).toMatchObject({ from: other.id });
  });
});
