import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, SockJsRequests, type HttpAnswer } from '../testing/sockjs-http.ts';
import { connectFrame, pollingSession, sayFrame, stompFrame, stompFrames } from '../testing/sockjs-stomp.ts';
import { startSingleServer, type TestServer, type TestUser } from '../testing/test-server.ts';

// The endpoint as SockJS's own protocol tests look at it: paths, headers, frames.

const NOT_CACHED = 'no-store, no-cache, no-transform, must-revalidate, max-age=0';
const ORIGIN = 'https://chat.example.org';

let server: TestServer;
let base: string;
let alice: TestUser;
let session: SockJsRequests;

beforeAll(async () => {
  server = await startSingleServer({ ALLOWED_ORIGINS: ORIGIN });
  base = `${server.url}/ws-chat`;
  alice = await server.newUser('alice');
});
beforeEach(() => {
  session = new SockJsRequests(base);
});
afterAll(() => server.stop());

const post = (path: string, headers = {}, body?: string): Promise<HttpAnswer> => ask(base + path, { method: 'POST', headers, body });

describe('the endpoint', () => {
  it('[SOCKJS-1] greets who comes without upgrade', async () => {
    for (const path of ['', '/']) {
      const answer = await ask(base + path);
      expect(answer).toMatchObject({ status: 200, text: 'Welcome to SockJS!\n' });
      expect(answer.headers['content-type']).toBe('text/plain; charset=UTF-8');
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('[SOCKJS-1] says what it can do, with another entropy each time, and is not cached', async () => {
    const answers = await Promise.all([ask(`${base}/info`), ask(`${base}/info`)]);
    const infos = answers.map(({ text }) => JSON.parse(text) as { entropy: number }); // as SockJS has it
    for (const [i, { status, headers }] of answers.entries()) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'content-type': 'application/json; charset=UTF-8', 'cache-control': NOT_CACHED });
      expect(infos[i]).toEqual({ websocket: true, cookie_needed: false, origins: ['*:*'], entropy: expect.any(Number) as number });
    }
    expect(infos[0]?.entropy).not.toBe(infos[1]?.entropy);
  });

  it('[SOCKJS-4] any server and session will do, with another server too', async () => {
    for (const path of ['/a/anything', '/_/_', '/1/', '/abcdefgh_i-j%20/abcdefg_i-j%20'].map((one) => one.replace(/\/$/, '/1'))) {
      expect(await post(`${path}-${process.pid}/xhr`)).toMatchObject({ status: 200, text: 'o\n' });
    }
    await session.poll();
    expect(await post(session.url.slice(base.length).replace('/000/', '/999/') + '/xhr_send', {}, '[]')).toMatchObject({ status: 204 });
  });

  it('[SOCKJS-4] segments that are empty, too long or have dots, and paths that there are not, are 404', async () => {
    const paths = ['//', '/a./a', '/a/a.', '/./.', '/a/%2e', '/', '///', `/a/${'x'.repeat(129)}`, '/a/%2F'];
    for (const path of [...paths.map((one) => `${one}/xhr`), '/a', '/a.html', '/a/a', '/a/a/', '/a/a/jsonp', '/a/a/htmlfile', '/iframe.html', '/a/a/nothing']) {
      // Of paths with a `//` the web app's files say 403.
      const statuses = [(await post(path)).status, path.includes('//') ? 404 : (await ask(base + path)).status];
      expect([path, ...statuses]).toEqual([path, 404, 404]);
    }
  });

  it('[SOCKJS-4] methods that a path does not have are 405, with those that it has', async () => {
    const wrong = [
      ['GET', '/a/a/xhr', 'POST, OPTIONS'], ['GET', '/a/a/xhr_send', 'POST, OPTIONS'], ['PUT', '/a/a/xhr_streaming', 'POST, OPTIONS'],
      ['POST', '/a/a/eventsource', 'GET'], ['POST', '/a/a/websocket', 'GET'], ['POST', '/info', 'GET, OPTIONS'],
    ] as const;
    for (const [method, path, allow] of wrong) {
      const answer = await ask(base + path, { method });
      expect(answer).toMatchObject({ status: 405, text: '' });
      expect(answer.headers).toMatchObject({ allow });
      expect(answer.headers['content-type']).toBeUndefined();
    }
    expect((await ask(`${base}/a/a/websocket`)).status).toBe(400);
    expect((await ask(`${base}/a/a/websocket`, { headers: { upgrade: 'websocket', connection: 'close' } })).status).toBe(400);
  });
});

describe('upgrades', () => {
  it('[OPEN-2] a WebSocket opens at none of the other paths', async () => {
    const headers = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==' };
    for (const path of ['/', '/info', '/a/a/xhr', '/a/a/eventsource', '/a/a/xhr_send', '/a./a/websocket']) {
      expect([path, (await ask(base + path, { headers })).status]).toEqual([path, 404]);
    }
  });
});

describe('origins', () => {
  it('[SOCKJS-5] an allowed one is named in every answer, with credentials', async () => {
    const headers = { origin: ORIGIN };
    const answers = await Promise.all([
      ask(`${base}/info`, { headers }),
      ask(`${session.url}/xhr`, { method: 'POST', headers }),
      ask(`${base}/000/nobody/xhr_send`, { method: 'POST', headers, body: '[]' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404]);
    for (const answer of answers) {
      expect(answer.headers).toMatchObject({ 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true' });
      expect(answer.headers.vary).toContain('Origin');
    }
    const without = await ask(`${base}/info`);
    expect(without.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['null', 'https://evil.example', `${ORIGIN}.evil.example`, '*', 'file://'])('[SOCKJS-5] %s gets 403 everywhere', async (origin) => {
    const headers = { origin };
    const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==' };
    const answers = await Promise.all([
      ask(`${base}/info`, { headers }),
      ask(`${base}/info`, { method: 'OPTIONS', headers }),
      ...['xhr', 'xhr_streaming', 'xhr_send'].flatMap((one) => ['POST', 'OPTIONS'].map((method) => ask(`${session.url}/${one}`, { method, headers }))),
      ask(`${session.url}/eventsource`, { headers }),
      ask(`${session.url}/websocket`, { headers: { ...headers, ...upgrade } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    for (const answer of answers) expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('[SOCKJS-5] a preflight is 204, may be kept for a year, and allows the headers it asks for', async () => {
    for (const [path, methods] of [['/info', 'OPTIONS, GET'], ['/a/a/xhr', 'OPTIONS, POST'], ['/a/a/xhr_streaming', 'OPTIONS, POST'], ['/a/a/xhr_send', 'OPTIONS, POST']]) {
      const headers = { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'a, b, c' };
      const answer = await ask(`${base}${path}`, { method: 'OPTIONS', headers });
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(answer.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000',
        expires: expect.stringMatching(/GMT$/) as string,
        'access-control-max-age': '31536000',
        'access-control-allow-methods': methods,
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-credentials': 'true',
        'access-control-allow-headers': 'a, b, c',
      });
    }
  });
});

describe('frames', () => {
  it('[SOCKJS-3] a poll carries one frame, of all that one turn had to say', async () => {
    const first = await ask(`${session.url}/xhr`, { method: 'POST' });
    expect(first).toMatchObject({ status: 200, text: 'o\n' });
    expect(first.headers).toMatchObject({ 'content-type': 'application/javascript; charset=UTF-8', 'cache-control': NOT_CACHED, 'content-length': '2' });
    await session.send(connectFrame(alice));
    expect(stompFrames(await session.poll())).toEqual([expect.stringMatching(/^CONNECTED\n/)]);
    const receipts = Array.from({ length: 5 }, (_, i) => stompFrame('UNSUBSCRIBE', { id: 'none', receipt: `r${i}` }));
    await session.send(...receipts);
    const answer = await session.poll();
    expect(answer).toMatch(/^a\[".*"\]\n$/);
    expect(stompFrames(answer)).toHaveLength(5);
  });

  it('[SOCKJS-3] a stream begins with 2 KiB that make browsers look at it', async () => {
    const stream = await session.stream('xhr_streaming');
    await stream.until(({ lines }) => lines.length === 2);
    expect(stream.lines).toEqual(['h'.repeat(2048), 'o']);
    expect(stream.headers).toMatchObject({ 'content-type': 'application/javascript; charset=UTF-8', 'cache-control': NOT_CACHED });
    await session.send(connectFrame(alice));
    await stream.until(({ lines }) => lines.length === 3);
    expect(stream.lines[2]).toMatch(/^a\["CONNECTED\\n.*\\n\\n\\u0000"\]$/);
    stream.destroy();
  });

  it('[SOCKJS-3] so does an event source, with an empty line', async () => {
    const stream = await session.stream('eventsource');
    await stream.until(({ text }) => text === '\r\ndata: o\r\n\r\n');
    expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=UTF-8', 'cache-control': NOT_CACHED });
    stream.destroy();
  });

  it('[SOCKJS-3] what browsers change on its way is escaped', async () => {
    await pollingSession(session, alice);
    const fragile = Array.from({ length: 0x10000 }, (_, i) => String.fromCharCode(i)).filter((one) => /[%\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]/.test(one)).join('');
    await session.send(sayFrame(alice, fragile));
    const answer = await session.poll();
    expect(answer).not.toMatch(/[%\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]/);
    expect(stompFrames(answer).join('')).toContain(JSON.stringify(fragile));
  });
});

describe('xhr_send', () => {
  it('[SOCKJS-8] takes any content type, and an empty array', async () => {
    await session.poll();
    for (const type of ['text/plain', 'T', 'application/json', 'application/xml', 'text/xml; charset=utf-8', 'application/json; charset=utf-8', '']) {
      const answer = await session.sendRaw('["\\n"]', { 'content-type': type });
      expect(answer).toMatchObject({ status: 204, text: '' });
      expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=UTF-8', 'cache-control': NOT_CACHED });
    }
    expect(await session.sendRaw('[]')).toMatchObject({ status: 204 });
  });

  it('[SOCKJS-8] to no session is 404', async () => {
    expect(await session.sendRaw('[]')).toMatchObject({ status: 404 });
  });

  it('[SOCKJS-8] broken bodies are 500 in the words that clients know, and the session lives', async () => {
    await session.poll();
    for (const body of ['["x', '{', 'x', '\ud800'.repeat(3)]) expect(await session.sendRaw(body)).toMatchObject({ status: 500, text: 'Broken JSON encoding.' });
    for (const body of ['', '1', '{}', '"x"', '[1]', '["x",["y"]]', 'null']) expect(await session.sendRaw(body)).toMatchObject({ status: 500, text: 'Payload expected.' });
    await session.send(connectFrame(alice));
    expect(await session.poll()).toContain('CONNECTED');
  });

  it('[SOCKJS-8] a STOMP frame may be spread over messages and requests, in halves of characters too', async () => {
    await pollingSession(session, alice);
    const frame = sayFrame(alice, 'split 😀', { receipt: 'said' });
    const [head, tail] = [frame.slice(0, frame.indexOf('😀') + 1), frame.slice(frame.indexOf('😀') + 1)];
    await session.send(head.slice(0, 3), head.slice(3));
    expect(await session.send(tail)).toBe(204);
    let answer = '';
    while (!answer.includes('receipt-id:said') || !answer.includes('MESSAGE')) answer += await session.poll();
    expect(stompFrames(answer).join('')).toContain('split 😀');
  });
});
