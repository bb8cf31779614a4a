import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LogEntry } from '../conversations/log-entry.ts';
import { BusUnavailable, type Bus } from './bus.port.ts';
import { decodeEnvelope, type BusRecord } from './envelope.ts';
import { Publisher } from './publisher.ts';

type Sent = { readonly targets: readonly string[]; readonly records: readonly BusRecord[]; settle(confirmed: boolean): void };

/** A bus whose confirms come when the test says. */
class ScriptedBus implements Bus {
  readonly sent: Sent[] = [];
  available = true;

  start(): Promise<void> {
    return Promise.resolve();
  }

  publish(targets: readonly string[], envelope: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (confirmed: boolean): void => (confirmed ? resolve() : reject(new BusUnavailable('nack')));
      this.sent.push({ targets, records: decodeEnvelope(envelope), settle });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('publisher', () => {
  let bus: ScriptedBus;
  let publisher: Publisher;
  let alive: Set<string>;

  beforeEach(() => {
    vi.useFakeTimers();
    bus = new ScriptedBus();
    alive = new Set(['server2', 'server3']);
    publisher = new Publisher(bus, (server) => alive.has(server));
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const tick = (ms = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const entry = (conversationId: string, seq: number, size = 10): { readonly kind: 'entry'; readonly entry: LogEntry } => ({
    kind: 'entry',
    entry: { conversationId, conversationNo: 7, seq, type: 'CHAT', id: `i${seq}`, from: 'anna', body: Buffer.alloc(size, 97) },
  });
  const reached = (records: readonly BusRecord[] | undefined): string[] =>
    (records ?? []).map((record) => (record.kind === 'reached' ? `${record.conversationId} ${record.seq}` : record.kind));

  test('[A5] a repeat behind newer entries lowers nothing: after a failure the furthest is announced', async () => {
    for (const seq of [7, 3]) publisher.send(['server2'], entry('direct:a1:b1', seq));
    await tick();
    bus.sent[0]?.settle(false);
    await tick(500);
    expect(reached(bus.sent[1]?.records)).toEqual(['direct:a1:b1 7']);
  });

  test('what comes in one turn goes in one envelope for each set of targets', async () => {
    for (let seq = 1; seq <= 5; seq++) publisher.send(['server2'], entry('direct:a1:b1', seq));
    publisher.send(['server3', 'server2'], entry('direct:a1:c1', 1));
    publisher.send(['server2', 'server3'], entry('direct:a1:c1', 2));
    publisher.send([], entry('direct:a1:d1', 1));
    await tick();
    expect(bus.sent.map((sent) => [sent.targets, sent.records.length])).toEqual([
      [['server2'], 5],
      [['server2', 'server3'], 2],
    ]);
  });

  test('while the window is full records gather, and nothing is lost', async () => {
    for (let i = 1; i <= 40; i++) {
      publisher.send(['server2'], entry('direct:a1:b1', i));
      await tick();
    }
    expect(bus.sent).toHaveLength(32);
    for (const sent of [...bus.sent]) sent.settle(true);
    await tick();
    const seqs = bus.sent.flatMap((sent) => sent.records.map((record) => (record.kind === 'entry' ? record.entry.seq : 0)));
    expect(seqs).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(bus.sent).toHaveLength(33);
  });

  test('an envelope that was not confirmed becomes one "reached" for each conversation and target, until confirmed', async () => {
    publisher.send(['server2', 'server3'], entry('direct:a1:b1', 4));
    publisher.send(['server2', 'server3'], entry('direct:a1:b1', 5));
    publisher.send(['server2', 'server3'], entry('direct:a1:c1', 9));
    await tick();
    bus.sent[0]?.settle(false);
    await tick(300);
    expect(bus.sent.slice(1).map((sent) => [sent.targets, reached(sent.records)])).toEqual([
      [['server2'], ['direct:a1:b1 5', 'direct:a1:c1 9']],
      [['server3'], ['direct:a1:b1 5', 'direct:a1:c1 9']],
    ]);
    bus.sent[1]?.settle(true);
    bus.sent[2]?.settle(false);
    await tick(300);
    expect(bus.sent.slice(3).map((sent) => sent.targets)).toEqual([['server3']]);
    bus.sent[3]?.settle(true);
    await tick(1_000);
    expect(bus.sent).toHaveLength(4);
  });

  test('while the bus is away entries shrink to one number for each conversation, and signals are dropped', async () => {
    bus.available = false;
    for (let seq = 1; seq <= 1_000; seq++) publisher.send(['server2'], entry('direct:a1:b1', seq));
    publisher.send(['server2'], { kind: 'presence', userIds: ['anna'] });
    await tick(300);
    expect(bus.sent.flatMap((sent) => reached(sent.records))).toEqual(['direct:a1:b1 1000']);
  });

  test('past its bytes waiting for the window, entries shrink as well', async () => {
    for (let i = 0; i < 32; i++) {
      publisher.send(['server2'], entry('direct:a1:b1', i + 1));
      await tick();
    }
    for (let i = 0; i < 40; i++) publisher.send(['server2'], entry('direct:a1:c1', i + 1, 1024 * 1024));
    for (const sent of [...bus.sent]) sent.settle(true);
    for (let i = 0; i < 5; i++) {
      await tick(10);
      for (const sent of [...bus.sent]) sent.settle(true);
    }
    const records = bus.sent.slice(32).flatMap((sent) => sent.records);
    expect(records.filter((record) => record.kind === 'entry').length).toBeLessThan(20);
    expect(reached(records.filter((record) => record.kind === 'reached'))).toEqual(['direct:a1:c1 40']);
  });

  test('announcements for a server that has ended are forgotten: its next start reads the log', async () => {
    alive.delete('server3');
    publisher.onServersEnded(['server3']);
    publisher.announce(['server3'], { conversationId: 'direct:a1:b1', conversationNo: 7, seq: 1 });
    await tick(300);
    expect(bus.sent).toEqual([]);
  });

  test('[R1] a server that started after the last list of leases is told as well', async () => {
    publisher.announce(['server4'], { conversationId: 'direct:a1:b1', conversationNo: 7, seq: 1 });
    await tick(300);
    expect(bus.sent.map(({ targets }) => targets)).toEqual([['server4']]);
  });
});
