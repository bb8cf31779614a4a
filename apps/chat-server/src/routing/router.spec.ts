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
  rooms: Record<string, readonly string[]> = {};
  away = false;

  readonly directory = {
    liveServers: ['server1', 'server2', 'server3'],
    serversOfUsers: (userIds: readonly string[]): Promise<readonly (readonly string[])[]> => {
      this.events.push(`look up ${userIds.join(' ')}`);
      if (this.away) return Promise.reject(new DirectoryUnavailable('away'));
      return Promise.resolve(userIds.map((userId) => this.servers[userId] ?? []));
    },
    serversOfRooms: (roomIds: readonly string[]): Promise<readonly (readonly string[])[]> => {
      this.events.push(`look up rooms ${roomIds.join(' ')}`);
      return Promise.resolve(roomIds.map((roomId) => this.rooms[roomId] ?? []));
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

function entry(conversationId: string, seq: number, type: LogEntry['type'] = 'CHAT'): LogEntry {
  return { conversationId, conversationNo: 1, seq, type, id: 'i', from: 'anna', body: Buffer.from('{}') };
}

const ROOM = 'room:abcdefgh';

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

  test('[R2] a room goes to the servers in its set, once each, whoever the members are', async () => {
    scene.rooms = { abcdefgh: ['server1', 'server2', 'server3'] };
    scene.router.onCommitted([entry(ROOM, 1), entry(ROOM, 2)]);
    await settled();
    expect(scene.events).toEqual([
      `here ${ROOM} 1`,
      `here ${ROOM} 2`,
      'look up rooms abcdefgh',
      'entry to server2 server3',
      'entry to server2 server3',
    ]);
  });

  test('[R3] a JOIN goes to the servers of the one who joins as well', async () => {
    scene.rooms = { abcdefgh: ['server2'] };
    scene.servers = { anna: ['server3', 'server2'] };
    scene.router.onCommitted([entry(ROOM, 1, 'JOIN'), entry(ROOM, 2), entry(ROOM, 3, 'LEAVE')]);
    await settled();
    expect(scene.events.slice(3)).toEqual(['look up anna', 'look up rooms abcdefgh', 'entry to server3 server2', 'entry to server2', 'entry to server2']);
  });

  test('signals of a room go to the servers in its set', async () => {
    scene.rooms = { abcdefgh: ['server1', 'server3'] };
    scene.router.onSignals([{ kind: 'typing', conversationId: ROOM, from: 'anna', version: 0, body: Buffer.from('{}') }]);
    await settled();
    expect(scene.events).toEqual(['here typing', 'look up rooms abcdefgh', 'signal to server3']);
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
