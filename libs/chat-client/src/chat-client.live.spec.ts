import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryClientStore } from './store/client-store.memory.ts';
import { ChatServerProcess } from './testing/chat-server-process.ts';
import { eventually, openDevice, register, synced, texts } from './testing/live-user.ts';
import { directConversationId, type Entry } from '@chat/protocol';

// Against a real chat server, in a process of its own.

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `message ${from + index}`);

describe('with a server', () => {
  let server: ChatServerProcess;
  beforeAll(async () => {
    server = await ChatServerProcess.start({ RATE_LIMITS: 'off', ACCESS_TOKEN_SECONDS: '8', LIMIT_SESSIONS_PER_USER: '2' });
  }, 90_000);
  afterAll(() => server.stop(), 30_000);

  test('two users chat: entries, marks, typing, presence', async () => {
    const [anna, ben] = [await register(server.origin), await register(server.origin)];
    const conversationId = directConversationId(anna.id, ben.id);
    const presence: unknown[] = [];
    anna.chat.events.on('presence', ({ userId, online }) => presence.push([userId, online]));
    await synced(anna, ben);
    for (const message of numbers(1, 20)) anna.chat.send({ conversationId, message });
    await eventually(() => expect(texts(ben.entries)).toEqual(numbers(1, 20)));
    expect(ben.entries.map((entry) => entry.seq)).toEqual(numbers(1, 20).map((_, index) => index + 1));
    await eventually(() => expect(texts(anna.entries)).toEqual(numbers(1, 20)));
    expect(anna.chat.outbox(conversationId)).toEqual([]);
    await eventually(() => expect(anna.chat.markOf(conversationId, 20)).toBe('delivered'));
    ben.chat.markRead(conversationId, 20);
    await eventually(() => expect(anna.chat.markOf(conversationId, 20)).toBe('read'));
    ben.chat.sendTyping(conversationId, true);
    await eventually(() => expect(anna.chat.typing(conversationId)).toEqual([ben.id]));
    await eventually(() => expect(presence).toContainEqual([ben.id, true]));
    ben.chat.stop();
    await eventually(() => expect(presence).toContainEqual([ben.id, false]));
    expect(anna.chat.typing(conversationId)).toEqual([]);
    anna.chat.stop();
    expect([anna.faults, ben.faults]).toEqual([[], []]);
  });

  test('who was away gets what was missed, in order and once; beyond the limit the newest, and the rest by name', async () => {
    const [anna, ben] = [await register(server.origin), await register(server.origin)];
    const conversationId = directConversationId(anna.id, ben.id);
    const store = new MemoryClientStore();
    const before = await openDevice(ben.id, ben.service, ben.faults, { store, device: 'phone' });
    await synced(anna, before);
    anna.chat.send({ conversationId, message: 'message 1' });
    await eventually(() => expect(texts(before.entries)).toEqual(['message 1']));
    before.chat.stop();
    for (const message of numbers(2, 40)) anna.chat.send({ conversationId, message });
    await eventually(() => expect(anna.entries).toHaveLength(40));

    const after = await openDevice(ben.id, ben.service, ben.faults, { store, device: 'phone' });
    await synced(after);
    expect(texts(after.entries)).toEqual(numbers(2, 40));
    after.chat.stop();

    for (const message of numbers(41, 60)) anna.chat.send({ conversationId, message });
    await eventually(() => expect(anna.entries).toHaveLength(60));
    const limited = await openDevice(ben.id, ben.service, ben.faults, { store, device: 'phone', syncLimit: 5 });
    const truncated: unknown[] = [];
    limited.chat.events.on('truncated', (gap) => truncated.push(gap));
    await synced(limited);
    expect(texts(limited.entries)).toEqual(numbers(56, 60));
    expect(truncated).toEqual([{ conversationId, from: 41, to: 55 }]);
    const { messages } = await ben.service.api.messages(conversationId, { before: 56, limit: 15 });
    expect(messages.map((entry) => entry.seq)).toEqual(numbers(41, 55).map((_, index) => 41 + index));
    limited.chat.stop();
    anna.chat.stop();
  });

  test('a message to nobody fails with its reason, and stays until it is deleted', async () => {
    const anna = await register(server.origin);
    await synced(anna);
    const conversationId = directConversationId(anna.id, 'nobody-at-all');
    const { clientId } = anna.chat.send({ conversationId, message: 'hello?' });
    await eventually(() => expect(anna.chat.outbox(conversationId)).toMatchObject([{ state: 'failed', failure: { code: 'not-found' } }]));
    anna.chat.discard(clientId);
    expect(anna.chat.outbox(conversationId)).toEqual([]);
    anna.chat.stop();
  });

  test('the connection outlives several tokens', async () => {
    const anna = await register(server.origin);
    const states: string[] = [];
    anna.chat.events.on('connection', (state) => states.push(state.status));
    const first = anna.service.account.current?.accessToken;
    await synced(anna);
    const tokens = new Set([first]);
    anna.service.account.events.on('renewed', (signIn) => tokens.add(signIn.accessToken));
    await eventually(() => expect(tokens.size).toBe(3)); // each lasts eight seconds: the first has run out by now
    anna.chat.send({ conversationId: directConversationId(anna.id, anna.id), message: 'still here' });
    await eventually(() => expect(texts(anna.entries)).toEqual(['still here']));
    expect(states).toEqual(['connecting', 'online']);
    anna.chat.stop();
  });

  test('a session beyond the limit replaces the oldest, which stops and says so', async () => {
    const anna = await register(server.origin);
    const devices = [anna, await openDevice(anna.id, anna.service, anna.faults), await openDevice(anna.id, anna.service, anna.faults)];
    for (const device of devices) await synced(device);
    await eventually(() => expect(devices.map(({ chat }) => chat.connection.status)).toEqual(['replaced', 'online', 'online']));
    for (const { chat } of devices) chat.stop();
  });

  test('an account is deleted with its password, which ends the connection and signs out', async () => {
    const [anna, ben] = [await register(server.origin), await register(server.origin)];
    await synced(anna);
    await expect(anna.service.api.deleteAccount('another one')).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
    expect(anna.service.account.current?.user.id).toBe(anna.id);
    await anna.service.api.deleteAccount('long enough');
    await eventually(() => expect(anna.chat.connection).toEqual({ status: 'signed-out', reason: 'ended' }));
    expect(anna.service.account.current).toBeUndefined();
    expect(await ben.service.api.user(anna.id)).toEqual({ id: anna.id, displayName: 'Deleted account', deleted: true });
    anna.chat.stop();
  });

  test('a sign-in that is ended elsewhere ends the connection', async () => {
    const anna = await register(server.origin);
    await synced(anna);
    const accessToken = anna.service.account.current?.accessToken ?? '';
    const answer = await fetch(`${server.origin}/api/auth/logout`, { method: 'POST', headers: { authorization: `Bearer ${accessToken}` } });
    expect(answer.ok).toBe(true);
    await eventually(() => expect(anna.chat.connection).toEqual({ status: 'signed-out', reason: 'ended' }));
    expect(anna.service.account.current).toBeUndefined();
    anna.chat.stop();
  });
});

describe('with a server that goes away', () => {
  let server: ChatServerProcess;
  beforeAll(async () => {
    server = await ChatServerProcess.start({ RATE_LIMITS: 'off' });
  }, 90_000);
  afterAll(() => server.stop(), 30_000);

  test.each(['SIGKILL', 'SIGTERM'] as const)('%s amid sending: everything is there afterwards, once and in order', async (signal) => {
    const [anna, ben] = [await register(server.origin), await register(server.origin)];
    const conversationId = directConversationId(anna.id, ben.id);
    await synced(anna, ben);
    const all = numbers(1, 120);
    for (const message of all) anna.chat.send({ conversationId, message });
    await eventually(() => expect(ben.entries.length).toBeGreaterThan(20));
    await server.end(signal);
    await eventually(() => expect(anna.chat.connection.status).not.toBe('online'));
    await server.start();
    await eventually(() => expect(anna.chat.outbox(conversationId)).toEqual([]));
    await eventually(() => expect(ben.entries.length).toBeGreaterThanOrEqual(all.length));
    expect(texts(ben.entries)).toEqual(all);
    expect(texts(anna.entries)).toEqual(all);
    const { messages } = await ben.service.api.messages(conversationId, { limit: 200 });
    expect(texts(messages)).toEqual(all);
    anna.chat.stop();
    ben.chat.stop();
  }, 180_000);

  test('whoever looks at a public room without being in it sees each entry once, over a restart too', async () => {
    const [anna, ben] = [await register(server.origin), await register(server.origin)];
    await synced(anna, ben);
    const { id, conversationId } = await anna.service.api.rooms.create({ name: 'Tea', visibility: 'public' });
    const seen: Entry[] = [];
    const ends: unknown[] = [];
    const stop = ben.chat.watchRoom(id, 0, { entry: (entry) => seen.push(entry), ended: (refusal) => ends.push(refusal) });
    for (const message of numbers(1, 5)) anna.chat.send({ conversationId, message });
    await eventually(() => expect(texts(seen)).toEqual(numbers(1, 5)));
    await server.end('SIGTERM');
    for (const message of numbers(6, 10)) anna.chat.send({ conversationId, message });
    await server.start();
    await eventually(() => expect(texts(seen)).toEqual(numbers(1, 10)));
    stop();
    anna.chat.send({ conversationId, message: 'among ourselves' });
    await eventually(() => expect(anna.chat.outbox(conversationId)).toEqual([]));
    await ben.chat.join(id); // answered after everything before it
    expect(seen.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(ends).toEqual([]);
    anna.chat.stop();
    ben.chat.stop();
  }, 120_000);
});
