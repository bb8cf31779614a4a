import { expect, test } from 'vitest';
import { settle } from '../platform/clock.scripted.ts';
import { MemoryClientStore } from '../store/client-store.memory.ts';
import { chat, DIRECT } from '../testing/entries.ts';
import { onlineClient, scriptedClient } from '../testing/scripted-client.ts';
import { syncRequests } from './sync-request.ts';

test('a connection subscribes to errors, presence and messages, then syncs', async () => {
  const { chat: client, transport } = await scriptedClient();
  client.start();
  await settle();
  transport.last.connected();
  expect(transport.last.subscriptions.map(({ destination, headers }) => [destination, headers])).toEqual([
    ['/user/queue/errors', {}],
    ['/user/queue/presence', {}],
    ['/user/queue/messages', { resume: 'sync' }],
  ]);
  expect(transport.last.sent.map(({ destination, body }) => [destination, body])).toEqual([
    ['/app/chat.sync', { cursors: {}, fresh: true }],
  ]);
});

test('a reconnect asks for everything after what was passed on', async () => {
  const { transport, clock } = await onlineClient({ cursors: { [DIRECT]: 3 }, syncLimit: 50 });
  transport.last.deliver(chat(4));
  transport.last.deliver(chat(5));
  transport.last.drop(1006);
  await clock.advance(500);
  transport.last.connected();
  expect(transport.last.sentTo('/app/chat.sync').map((frame) => frame.body)).toEqual([{ cursors: { [DIRECT]: 5 }, limit: 50 }]);
});

test('a fresh device stays fresh until it has been synced', async () => {
  const store = new MemoryClientStore();
  const { chat: client, transport, clock } = await scriptedClient({ store });
  client.start();
  await settle();
  transport.last.connected();
  transport.last.drop(1006);
  expect(await store.cursors()).toBeUndefined();
  await clock.advance(500);
  transport.last.connected();
  expect(transport.last.sentTo('/app/chat.sync')[0]?.body).toMatchObject({ fresh: true });
  transport.last.synced({ [DIRECT]: 9 });
  await settle();
  expect(await store.cursors()).toEqual({ [DIRECT]: 9 });
});

test('entries reach listeners in order across a gap, and cursors are saved', async () => {
  const store = new MemoryClientStore();
  const { chat: client, transport, clock } = await onlineClient({ store, cursors: { [DIRECT]: 0 } });
  const seen: number[] = [];
  client.events.on('entry', (entry) => seen.push(entry.seq));
  transport.last.deliver(chat(1));
  transport.last.deliver(chat(3));
  expect(transport.last.sentTo('/app/chat.sync')).toHaveLength(2);
  transport.last.deliver(chat(2));
  transport.last.deliver(chat(3));
  transport.last.synced({ [DIRECT]: 3 });
  expect(seen).toEqual([1, 2, 3]);
  await clock.advance(1_000);
  expect(await store.cursors()).toEqual({ [DIRECT]: 3 });
});

test('a refused sync is asked for again when the server says so', async () => {
  const { chat: client, transport, clock } = await scriptedClient();
  client.start();
  await settle();
  transport.last.connected();
  transport.last.refuse({ code: 'rate-limited', message: '', destination: '/app/chat.sync', retryAfterMs: 3_000 });
  await clock.advance(2_999);
  expect(transport.last.sentTo('/app/chat.sync')).toHaveLength(1);
  await clock.advance(1);
  expect(transport.last.sentTo('/app/chat.sync')).toHaveLength(2);
});

test('cursors that do not fit into one frame come in several, all but the last with more', () => {
  const cursors = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`direct:anna:user-${n}`, n]));
  const requests = syncRequests(cursors, 100);
  expect(requests.length).toBeGreaterThan(1);
  expect(requests.map((request) => request.more ?? false)).toEqual(requests.map((_, index) => index < requests.length - 1));
  expect(Object.assign({}, ...requests.map((request) => request.cursors))).toEqual(cursors);
  for (const request of requests) expect(JSON.stringify(request).length).toBeLessThan(40_000);
  expect(syncRequests({}, undefined)).toEqual([{ cursors: {} }]);
});

test('a listener that throws keeps no other from hearing', async () => {
  const { chat: client, transport, faults } = await onlineClient();
  const seen: number[] = [];
  client.events.on('entry', () => {
    throw new Error('mine');
  });
  client.events.on('entry', (entry) => seen.push(entry.seq));
  transport.last.deliver(chat(1));
  expect(seen).toEqual([1]);
  expect(faults).toEqual([new Error('mine')]);
});
