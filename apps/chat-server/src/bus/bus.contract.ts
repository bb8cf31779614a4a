import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnreadableEnvelope, type Bus, type BusListener } from './bus.port.ts';

/** Some servers that share one bus. */
export interface BusCluster {
  /** The bus of a server, not started. */
  createBus(serverId: string): Bus;
}

const POISON = 'poison';

/** How long what must happen may take on a busy machine. */
export const SOON = { timeout: 10_000 };

/** Notes what it is told. */
export class RecordingListener implements BusListener {
  readonly heard: string[] = [];
  readonly bytes: Uint8Array[] = [];
  readonly losses: string[] = [];
  readonly availability: boolean[] = [];

  onEnvelope(envelope: Uint8Array): void {
    const text = textOf(envelope);
    if (text === POISON) throw new UnreadableEnvelope('version 99');
    this.heard.push(text);
    this.bytes.push(Uint8Array.from(envelope));
  }

  onPossibleLoss(reason: string): void {
    this.losses.push(reason);
  }

  onAvailability(available: boolean): void {
    this.availability.push(available);
  }
}

export function envelopeOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function textOf(envelope: Uint8Array): string {
  return new TextDecoder().decode(envelope);
}

/** What every bus promises, shown on the real thing. */
export function describeBusContract(cluster: BusCluster): void {
  describe('as every bus', () => {
    let started: Bus[];
    let prefix: string;
    let count = 0;

    beforeEach(() => {
      started = [];
      prefix = `contract-${(count += 1)}`;
    });
    afterEach(async () => {
      await Promise.all(started.map((bus) => bus.close()));
    });

    const idOf = (name: string): string => `${prefix}-${name}`;
    const join = async (name: string): Promise<{ bus: Bus; listener: RecordingListener }> => {
      const bus = cluster.createBus(idOf(name));
      const listener = new RecordingListener();
      started.push(bus);
      await bus.start(listener);
      return { bus, listener };
    };
    const send = (bus: Bus, names: readonly string[], text: string): Promise<void> =>
      bus.publish(names.map(idOf), envelopeOf(text));

    test('an envelope reaches each server it names once, and nobody else', async () => {
      const [a, b, c, d] = [await join('a'), await join('b'), await join('c'), await join('d')];
      await send(a.bus, ['b', 'c'], 'for b and c');
      await send(a.bus, ['a', 'b', 'c', 'd'], 'for all');
      for (const { listener } of [a, b, c, d]) await expect.poll(() => listener.heard, SOON).toContain('for all');
      expect(b.listener.heard).toEqual(['for b and c', 'for all']);
      expect(c.listener.heard).toEqual(['for b and c', 'for all']);
      expect(a.listener.heard).toEqual(['for all']);
      expect(d.listener.heard).toEqual(['for all']);
    });

    test('envelopes to one server arrive in the order of the calls', async () => {
      const [a, b] = [await join('a'), await join('b')];
      const sent = Array.from({ length: 500 }, (_, i) => `${i}`);
      await Promise.all(sent.map((text, i) => send(a.bus, i % 3 === 0 ? ['b', 'a'] : ['b'], text)));
      await expect.poll(() => b.listener.heard.length, SOON).toBe(sent.length);
      expect(b.listener.heard).toEqual(sent);
    });

    test('every byte arrives, also of an empty and of a long envelope', async () => {
      const [a, b] = [await join('a'), await join('b')];
      const backing = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256);
      const sent = [new Uint8Array(0), backing, backing.subarray(1_000, 1_256)];
      for (const envelope of sent) await a.bus.publish([idOf('b')], envelope);
      await expect.poll(() => b.listener.bytes.length, SOON).toBe(sent.length);
      expect(b.listener.bytes.map((bytes, i) => Buffer.compare(bytes, sent[i] ?? bytes))).toEqual([0, 0, 0]);
    });

    test('what goes to nobody, or to a server that is not there, is no error', async () => {
      const { bus } = await join('a');
      await send(bus, [], 'to nobody');
      await send(bus, ['never-started'], 'to a server that is not there');
      expect(bus.available).toBe(true);
    });

    test('[C2] a start hears nothing of what was sent before it', async () => {
      const a = await join('a');
      const first = await join('b');
      await first.bus.close();
      await send(a.bus, ['b'], 'while b is away');
      const second = await join('b');
      await send(a.bus, ['b'], 'after its start');
      await expect.poll(() => second.listener.heard, SOON).toContain('after its start');
      expect(second.listener.heard).toEqual(['after its start']);
      expect(first.listener.heard).toEqual([]);
      expect(second.listener.losses).toEqual([]);
    });

    test('[C2] a newer start of the same server takes over', async () => {
      const a = await join('a');
      const older = await join('b');
      const newer = await join('b');
      await send(a.bus, ['b'], 'for the newer');
      await expect.poll(() => newer.listener.heard, SOON).toEqual(['for the newer']);
      expect(older.listener.heard).toEqual([]);
    });

    test('an envelope that cannot be read is a possible loss, and those after it arrive', async () => {
      const [a, b] = [await join('a'), await join('b')];
      for (const text of ['before', POISON, 'after']) await send(a.bus, ['b'], text);
      await expect.poll(() => b.listener.losses.length, SOON).toBe(1);
      await expect.poll(() => b.listener.heard, SOON).toEqual(['before', 'after']);
      expect(b.listener.losses[0]).toContain('version 99');
    });

    test('it is available from start to close, and says so', async () => {
      const { bus, listener } = await join('a');
      expect(bus.available).toBe(true);
      await bus.close();
      expect(bus.available).toBe(false);
      expect(listener.availability[0]).toBe(true);
      await expect(send(bus, ['a'], 'too late')).rejects.toMatchObject({ name: 'BusUnavailable' });
    });
  });
}
