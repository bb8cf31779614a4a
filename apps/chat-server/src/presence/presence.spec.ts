import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryBus, MemoryExchange } from '../bus/bus.memory.ts';
import { BusReceiver } from '../bus/bus-receiver.ts';
import { Publisher } from '../bus/publisher.ts';
import { MemoryDirectory, MemoryRegistry } from '../directory/directory.memory.ts';
import { Presence } from './presence.ts';

const ANNA = { userNo: 1, userId: 'anna' };
const BEN = { userNo: 2, userId: 'ben' };

type Server = { readonly presence: Presence; readonly publisher: Publisher; readonly directory: MemoryDirectory; end(): Promise<void> };

describe('presence on two servers', () => {
  let registry: MemoryRegistry;
  let exchange: MemoryExchange;
  let servers: Server[];
  let lastSeenMs: number;
  let contactsOf: Record<number, readonly string[]>;

  beforeEach(async () => {
    vi.useFakeTimers();
    lastSeenMs = 0;
    contactsOf = { 1: ['ben'], 2: ['anna'] };
    registry = new MemoryRegistry();
    exchange = new MemoryExchange();
    servers = [await start('server1'), await start('server2')];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.end()));
    vi.useRealTimers();
  });

  async function start(serverId: string): Promise<Server> {
    const directory = new MemoryDirectory({ serverId, registry });
    const bus = new MemoryBus({ serverId, exchange });
    const publisher = new Publisher(bus, () => true);
    const contacts = {
      contactsOf: (userNos: readonly number[]) => Promise.resolve(new Map(userNos.map((userNo) => [userNo, contactsOf[userNo] ?? []]))),
      membersOf: () => Promise.resolve([1]),
    };
    const store = {
      touchLastSeen: () => Promise.resolve(1_000),
      lastSeen: async () => {
        await new Promise((resolve) => setTimeout(resolve, lastSeenMs));
        return new Map([['ben', 777]]);
      },
    };
    const presence = new Presence({ serverId, directory, publisher, store, contacts, onDefect: (error) => expect(error).toBeUndefined() });
    const ignore = (): void => undefined;
    await directory.start({ onServersEnded: () => presence.onServersEnded(), onReregistered: ignore, onSuperseded: ignore, onAvailability: ignore });
    await bus.start(new BusReceiver({ local: { accept: ignore, reached: ignore, signal: ignore }, presence, onPossibleLoss: ignore, onAvailability: ignore }));
    const end = async (): Promise<void> => {
      presence.stop();
      await publisher.close().catch(ignore);
      await bus.close();
      await directory.close();
    };
    return { presence, publisher, directory, end: () => vi.advanceTimersByTimeAsync(2_000).then(end) };
  }

  function watchAnna(): string[] {
    const told: string[] = [];
    const [first] = servers;
    first?.presence.watch(ANNA, (body) => {
      const { from, online, lastSeen } = JSON.parse(body.toString()) as { from: string; online: boolean; lastSeen?: number };
      told.push(`${from} ${online ? 'online' : `offline ${lastSeen ?? ''}`}`);
    });
    return told;
  }

  test('[S2] the present state comes first, and a user is present from CONNECT on, on whichever server', async () => {
    const told = watchAnna();
    await vi.advanceTimersByTimeAsync(100);
    expect(told).toEqual(['ben offline 777']);
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(told).toEqual(['ben offline 777', 'ben online']);
    servers[1]?.presence.left(BEN);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(told).toEqual(['ben offline 777', 'ben online', 'ben offline 777']);
  });

  test('a reconnect within a second is no change, nor is a second device that goes', async () => {
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(1_500);
    const told = watchAnna();
    await vi.advanceTimersByTimeAsync(1_500);
    servers[1]?.presence.left(BEN);
    await vi.advanceTimersByTimeAsync(300);
    void servers[0]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(3_000);
    void servers[1]?.presence.arrived(BEN);
    servers[1]?.presence.left(BEN);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(told).toEqual(['ben online']);
  });

  test('nor is it one where somebody happens to look in between', async () => {
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(1_500);
    const told = watchAnna();
    await vi.advanceTimersByTimeAsync(1_500);
    servers[1]?.presence.left(BEN);
    await vi.advanceTimersByTimeAsync(300);
    for (const server of servers) server.presence.onServersEnded();
    await vi.advanceTimersByTimeAsync(300);
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(told).toEqual(['ben online']);
  });

  test('with the news lost it is noticed within 6 s', async () => {
    const told = watchAnna();
    await vi.advanceTimersByTimeAsync(100);
    exchange.partition('server1');
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(6_000);
    exchange.heal('server1');
    expect(told).toEqual(['ben offline 777', 'ben online']);
  });

  test('who comes back while \'last seen\' is still being read is not told to be offline afterwards', async () => {
    const told = watchAnna();
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(1_500);
    lastSeenMs = 3_000;
    servers[1]?.presence.left(BEN);
    await vi.advanceTimersByTimeAsync(1_500);
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told.at(-1)).toBe('ben online');
    expect(told).not.toContain('ben offline 777');
  });

  test('who stops watching is told nothing more', async () => {
    const told: string[] = [];
    const watch = servers[0]?.presence.watch(ANNA, (body) => told.push(body.toString()));
    await vi.advanceTimersByTimeAsync(100);
    watch?.stop();
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(told).toHaveLength(1);
  });

  test('[PRES-4] somebody new in a room is seen at once where the JOIN passes, and within half a minute wherever it does not', async () => {
    contactsOf[1] = [];
    const told = watchAnna();
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told).toEqual([]);
    contactsOf[1] = ['ben'];
    servers[0]?.presence.onEntry({ conversationId: 'room:abcdefgh', type: 'JOIN', seq: 7 });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(told).toEqual(['ben online']);
    contactsOf[1] = ['ben', 'carl'];
    await vi.advanceTimersByTimeAsync(31_000);
    expect(told).toEqual(['ben online', 'carl offline ']);
  });

  test('[PRES-4] who is in no common room any more is not told of', async () => {
    const told = watchAnna();
    await vi.advanceTimersByTimeAsync(1_500);
    contactsOf[1] = [];
    servers[0]?.presence.onEntry({ conversationId: 'room:abcdefgh', type: 'LEAVE', seq: 8 });
    await vi.advanceTimersByTimeAsync(1_500);
    void servers[1]?.presence.arrived(BEN);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(told).toEqual(['ben offline 777']);
  });

  test('[PRES-5] 3,000 of a large room who come and go make no message to anyone and few envelopes', async () => {
    const told = watchAnna();
    await vi.advanceTimersByTimeAsync(100);
    told.length = 0;
    const before = servers[1]?.publisher.counts.records ?? 0;
    for (let i = 0; i < 3_000; i++) void servers[1]?.presence.arrived({ userNo: 100 + i, userId: `member${i}` });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(told).toEqual([]);
    expect(servers[0]?.presence.watched).toBe(1);
    expect((servers[1]?.publisher.counts.records ?? 0) - before).toBe(6);
    expect([...(await servers[0]?.presence.onlineOf(['member7', 'nobody', 'member2999']) ?? [])]).toEqual(['member7', 'member2999']);
  });
});
