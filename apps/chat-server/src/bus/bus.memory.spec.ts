import { expect, test } from 'vitest';
import { describeBusContract, envelopeOf, RecordingListener, SOON } from './bus.contract.ts';
import { MemoryBus, MemoryExchange } from './bus.memory.ts';

const exchange = new MemoryExchange();
describeBusContract({ createBus: (serverId) => new MemoryBus({ serverId, exchange }) });

test('a server that is alone needs no exchange', async () => {
  const bus = new MemoryBus({ serverId: 'alone' });
  const listener = new RecordingListener();
  await bus.start(listener);
  await bus.publish(['alone'], envelopeOf('to itself'));
  await expect.poll(() => listener.heard, SOON).toEqual(['to itself']);
  await bus.close();
});

test('past the bound of one queue the publish is refused, and the other servers get it', async () => {
  const small = new MemoryBus({ serverId: 'small', exchange, maxQueued: 1 });
  const large = new MemoryBus({ serverId: 'large', exchange });
  const [bySmall, byLarge] = [new RecordingListener(), new RecordingListener()];
  await small.start(bySmall);
  await large.start(byLarge);
  const first = large.publish(['small', 'large'], envelopeOf('1'));
  const second = large.publish(['small', 'large'], envelopeOf('2'));
  await first;
  await expect(second).rejects.toMatchObject({ name: 'BusUnavailable' });
  await expect.poll(() => byLarge.heard, SOON).toEqual(['1', '2']);
  expect(bySmall.heard).toEqual(['1']);
  await Promise.all([small.close(), large.close()]);
});

test('a partition loses what is sent meanwhile; healing tells of it', async () => {
  const [a, b] = [new MemoryBus({ serverId: 'a', exchange }), new MemoryBus({ serverId: 'b', exchange })];
  const [byA, byB] = [new RecordingListener(), new RecordingListener()];
  await a.start(byA);
  await b.start(byB);
  exchange.partition('b');
  await a.publish(['b'], envelopeOf('lost'));
  await expect(b.publish(['a'], envelopeOf('not sent'))).rejects.toMatchObject({ name: 'BusUnavailable' });
  exchange.heal('b');
  await a.publish(['b'], envelopeOf('heard'));
  await expect.poll(() => byB.heard, SOON).toEqual(['heard']);
  expect(byB.losses).toHaveLength(1);
  expect(byB.availability).toEqual([true, false, true]);
  expect(byA.losses).toEqual([]);
  await Promise.all([a.close(), b.close()]);
});
