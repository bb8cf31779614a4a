import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryBus, MemoryExchange } from '../bus/bus.memory.ts';
import { BusReceiver } from '../bus/bus-receiver.ts';
import { Publisher } from '../bus/publisher.ts';
import type { MessageStore, UserRef } from '../conversations/message-store.port.ts';
import { MemoryDirectory, MemoryRegistry } from '../directory/directory.memory.ts';
import { Presence } from './presence.ts';

const ANNA = { userNo: 1, userId: 'anna' };
const BEN = { userNo: 2, userId: 'ben' };

type Server = { readonly presence: Presence; readonly directory: MemoryDirectory; end(): Promise<void> };

describe('presence on two servers', () => {
  let registry: MemoryRegistry;
  let exchange: MemoryExchange;
  let servers: Server[];
  let lastSeenMs: number;

  beforeEach(async () => {
    vi.useFakeTimers();
    lastSeenMs = 0;
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
    const contacts: Record<number, readonly UserRef[]> = { 1: [BEN], 2: [ANNA] };
    const store = {
      contacts: (userNo: number) => Promise.resolve(contacts[userNo] ?? []),
      touchLastSeen: () => Promise.resolve(1_000),
      lastSeen: async () => {
        await new Promise((resolve) => setTimeout(resolve, lastSeenMs));
        return new Map([['ben', 777]]);
      },
    } as unknown as MessageStore; // nothing else is used
    const presence = new Presence({ serverId, directory, publisher, store, onDefect: (error) => expect(error).toBeUndefined() });
    const ignore = (): void => undefined;
    await directory.start({ onServersEnded: () => presence.onServersEnded(), onReregistered: ignore, onSuperseded: ignore, onAvailability: ignore });
    await bus.start(new BusReceiver({ local: { accept: ignore, reached: ignore, signal: ignore }, presence, onPossibleLoss: ignore, onAvailability: ignore }));
    const end = async (): Promise<void> => {
      presence.stop();
      await publisher.close().catch(ignore);
      await bus.close();
      await directory.close();
    };
    return { presence, directory, end: () => vi.advanceTimersByTimeAsync(2_000).then(end) };
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
});
