import { beforeEach, describe, expect, test } from 'vitest';
import type { Publisher } from '../bus/publisher.ts';
import type { BusRecord } from '../bus/envelope.ts';
import type { LogEntry } from '../conversations/log-entry.ts';
import type { Signal } from '../delivery/signal.ts';
import { DirectoryUnavailable, type Directory } from '../directory/directory.port.ts';
import { Router } from './router.ts';

/** Notes in which order things are asked and told. */
class Scene {
  readonly events: string[] = [];
  servers: Record<string, readonly string[]> = {};
  away = false;

  readonly directory = {
    liveServers: ['server1', 'server2', 'server3'],
    serversOfUsers: (userIds: readonly string[]): Promise<readonly (readonly string[])[]> => {
      this.events.push(`look up ${userIds.join(' ')}`);
      if (this.away) return Promise.reject(new DirectoryUnavailable('away'));
      return Promise.resolve(userIds.map((userId) => this.servers[userId] ?? []));
    },
  } as unknown as Directory; // routing asks nothing else of it

  readonly publisher = {
    send: (targets: readonly string[], record: BusRecord) => {
      if (targets.length > 0) this.events.push(`${record.kind} to ${targets.join(' ')}`);
    },
    announce: (targets: readonly string[], reached: { conversationId: string; seq: number }) => {
      this.events.push(`announce ${reached.conversationId} ${reached.seq} to ${targets.join(' ')}`);
    },
  } as unknown as Publisher; // nor of this

  readonly router = new Router({
    serverId: 'server1',
    directory: this.directory,
    publisher: this.publisher,
    local: {
      accept: (entry: LogEntry) => this.events.push(`here ${entry.conversationId} ${entry.seq}`),
      signal: (signal: Signal) => this.events.push(`here ${signal.kind}`),
    },
  });
}

function entry(conversationId: string, seq: number): LogEntry {
  return { conversationId, conversationNo: 1, seq, type: 'CHAT', id: 'i', from: 'anna', body: Buffer.from('{}') };
}

describe('router', () => {
  let scene: Scene;
  beforeEach(() => {
    scene = new Scene();
    scene.servers = { anna: ['server1'], ben: ['server2', 'server1'], chloe: ['server3'] };
  });

  test('[R1] a batch is delivered here, then looked up afresh in one question, then published to each other server', async () => {
    scene.router.onCommitted([entry('direct:anna:ben', 1), entry('direct:anna:chloe', 1), entry('direct:anna:dora', 1)]);
    await settled();
    expect(scene.events).toEqual([
      'here direct:anna:ben 1',
      'here direct:anna:chloe 1',
      'here direct:anna:dora 1',
      'look up anna ben chloe dora',
      'entry to server2',
      'entry to server3',
    ]);
  });

  test('[R1] nothing is remembered from one look-up to the next', async () => {
    scene.router.onCommitted([entry('direct:anna:ben', 1)]);
    await settled();
    scene.servers = { ...scene.servers, ben: ['server3'] };
    scene.router.onCommitted([entry('direct:anna:ben', 2)]);
    await settled();
    expect(scene.events.filter((event) => event.startsWith('entry'))).toEqual(['entry to server2', 'entry to server3']);
  });

  test('a conversation with oneself reaches one’s other servers', async () => {
    scene.servers = { anna: ['server1', 'server3'] };
    scene.router.onCommitted([entry('direct:anna:anna', 1)]);
    await settled();
    expect(scene.events.at(-1)).toBe('entry to server3');
  });

  test('with the directory away every live server gets it, and is told again when the directory answers', async () => {
    scene.away = true;
    scene.router.onCommitted([entry('direct:anna:ben', 1), entry('direct:anna:ben', 2)]);
    await settled();
    expect(scene.events.filter((event) => event.startsWith('entry'))).toEqual(['entry to server2 server3', 'entry to server2 server3']);
    scene.router.onDirectoryBack();
    scene.router.onDirectoryBack();
    expect(scene.events.filter((event) => event.startsWith('announce'))).toEqual(['announce direct:anna:ben 2 to server2 server3']);
  });

  test('signals go the same way, and are lost when the directory is away', async () => {
    const signal: Signal = { kind: 'typing', conversationId: 'direct:anna:ben', from: 'anna', version: 0, body: Buffer.from('{}') };
    scene.router.onSignals([signal]);
    await settled();
    expect(scene.events).toEqual(['here typing', 'look up anna ben', 'signal to server2']);
    scene.away = true;
    scene.router.onSignals([signal]);
    await settled();
    expect(scene.events.slice(3)).toEqual(['here typing', 'look up anna ben']);
  });
});

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
