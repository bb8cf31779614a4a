// What the shipped nginx configuration does, on a cluster of stand-ins that tell who was asked, and how.
import { once } from 'node:events';
import { request, type IncomingHttpHeaders } from 'node:http';
import { pollUntil } from '@chat/services';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startCluster, type Cluster } from './cluster.ts';
import { standIn } from './fixture/stand-in.ts';

type Told = { readonly id: string; readonly url: string; readonly headers: IncomingHttpHeaders; readonly dropped: number };

let cluster: Cluster;

beforeAll(async () => {
  cluster = await startCluster({ servers: 3, serverCommand: standIn() });
});

afterAll(() => cluster.stop());

async function ask(path: string, init?: RequestInit): Promise<Told> {
  const response = await fetch(`${cluster.url}${path}`, init);
  expect(response.status).toBe(200);
  return (await response.json()) as Told; // the stand-in's own words
}

async function openWebSocket(path = '/ws-chat'): Promise<{ socket: WebSocket; told: Told }> {
  const socket = new WebSocket(`${cluster.url}${path}`, ['v12.stomp']);
  onTestFinished(() => socket.terminate());
  const [first] = (await once(socket, 'message')) as [Buffer];
  return { socket, told: JSON.parse(first.toString()) as Told };
}

/** Waits until nginx sends requests to a server again that it left alone for a while. */
async function servedBy(ids: readonly string[]): Promise<boolean> {
  return pollUntil(
    async () => {
      const asked = await Promise.all(ids.flatMap(() => [ask('/'), ask('/'), ask('/')]));
      return ids.every((id) => asked.some((told) => told.id === id));
    },
    { timeoutMs: 20_000 },
  );
}

test('raw WebSockets spread evenly, without stickiness', async () => {
  const counts = new Map<string, number>();
  for (let opened = 0; opened < 9; opened += 1) {
    const { told } = await openWebSocket();
    counts.set(told.id, (counts.get(told.id) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toEqual({ server1: 3, server2: 3, server3: 3 });
});

test('all requests of a SockJS session reach one server; sessions spread', async () => {
  const used = new Set<string>();
  for (let session = 0; session < 30; session += 1) {
    const open = await ask(`/ws-chat/000/session${session}/xhr`, { method: 'POST' });
    const send = await ask(`/ws-chat/123/session${session}/xhr_send`, { method: 'POST', body: '[]' });
    const { told: webSocket } = await openWebSocket(`/ws-chat/999/session${session}/websocket`);
    expect([send.id, webSocket.id]).toEqual([open.id, open.id]);
    used.add(open.id);
  }
  expect(used.size).toBe(3);
});

test('an event stream comes as it is written', async () => {
  const leave = new AbortController();
  const response = await fetch(`${cluster.url}/ws-chat/000/streaming/eventsource`, { signal: leave.signal });
  const first = (await response.body?.getReader().read()) as { value: Uint8Array } | undefined; // of bytes, by fetch
  expect(new TextDecoder().decode(first?.value)).toMatch(/^data: server\d\n\n$/);
  leave.abort();
});

test('Host goes through unchanged, the client and its protocol are told, the path is as it was sent', async () => {
  const told = await new Promise<Told>((resolve, reject) => {
    const path = '/api/conversations/direct%3Aa%3Ab/messages?limit=2';
    const sent = request(`${cluster.url}${path}`, { headers: { Host: 'chat.example.org:8443' } }, (response) => {
      let text = '';
      expect(response.headers.server).toBe('nginx');
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve(JSON.parse(text) as Told));
    });
    sent.on('error', reject).end();
  });
  expect(told.url).toBe('/api/conversations/direct%3Aa%3Ab/messages?limit=2');
  expect(told.headers).toMatchObject({
    host: 'chat.example.org:8443',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
  });
  const { told: opened } = await openWebSocket();
  expect(opened.headers).toMatchObject({ upgrade: 'websocket', 'sec-websocket-protocol': 'v12.stomp' });
  expect(opened.headers.host).toBe(new URL(cluster.url).host);
});

test('a body may have 32 MiB, and not more', async () => {
  const send = (size: number) => fetch(`${cluster.url}/api/upload`, { method: 'POST', body: Buffer.alloc(size) });
  expect((await send(32 * 1024 * 1024)).status).toBe(200);
  expect((await send(32 * 1024 * 1024 + 1)).status).toBe(413);
});

test('what a SockJS session sends at once may have 1 MiB, and not more', async () => {
  const send = (size: number) => fetch(`${cluster.url}/ws-chat/000/large/xhr_send`, { method: 'POST', body: Buffer.alloc(size) });
  expect((await send(1024 * 1024)).status).toBe(200);
  expect((await send(1024 * 1024 + 1)).status).toBe(413);
});

test('a GET that a server drops is answered by another, a POST that was sent is not sent again', async () => {
  for (let asked = 0; asked < 6; asked += 1) expect((await ask('/drop-on/server2')).id).not.toBe('server2');
  expect(await servedBy(['server1', 'server2', 'server3'])).toBe(true);

  const dropped = async (): Promise<number> => {
    const told = await Promise.all(cluster.servers.map(async ({ url }) => (await fetch(url)).json() as Promise<Told>));
    return told.reduce((sum, server) => sum + server.dropped, 0);
  };
  const before = await dropped();
  const response = await fetch(`${cluster.url}/drop`, { method: 'POST', body: 'once' });
  expect(response.status).toBe(502);
  expect(await dropped()).toBe(before + 1);
  expect(await servedBy(['server1', 'server2', 'server3'])).toBe(true);
});

test('with a server killed every request is served by the others, and by it when it is back', async () => {
  const [first, second] = cluster.servers;
  if (first === undefined || second === undefined) throw new Error('the cluster has too few servers');
  const sessions = Array.from({ length: 30 }, (_, index) => `/ws-chat/000/stays${index}/xhr`);
  const owners = await Promise.all(sessions.map(async (path) => (await ask(path)).id));

  await first.stop('SIGKILL');
  expect(first.isRunning).toBe(false);
  for (let asked = 0; asked < 30; asked += 1) {
    const told = await ask('/api/me', asked % 2 === 0 ? {} : { method: 'POST', body: '{}' });
    expect(told.id).not.toBe('server1');
  }
  for (const [index, path] of sessions.entries()) {
    const { id } = await ask(path);
    if (owners[index] === 'server1') expect(id).not.toBe('server1');
    else expect(id).toBe(owners[index]);
  }
  const pid = first.pid;
  await first.start();
  expect(first.pid).not.toBe(pid);
  expect(await servedBy(['server1', 'server2', 'server3'])).toBe(true);
});

test('a reload breaks no connection', async () => {
  const { socket } = await openWebSocket();
  await cluster.services.nginx.reload();
  expect((await ask('/')).id).toMatch(/^server\d$/);
  socket.send('still there');
  expect(String(((await once(socket, 'message')) as [Buffer])[0])).toBe('still there');
});
