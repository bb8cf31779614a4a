import type { Channel, GetMessage } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { describeBusContract, envelopeOf, RecordingListener } from './bus.contract.ts';
import { MENDED, RabbitMqFixture } from './rabbitmq.fixture.ts';

let fixture: RabbitMqFixture;
let channel: Channel;

beforeAll(async () => {
  fixture = await RabbitMqFixture.start();
  channel = await (await fixture.admin()).createChannel();
}, 120_000);
afterAll(() => fixture.stop(), 60_000);
afterEach(() => fixture.closeServers());

describe('RabbitMQ', () => {
  describeBusContract({ createBus: (serverId) => fixture.createBus(serverId) });
});

describe('settings', () => {
  test('an address that can never work is refused at once, without repeating it', () => {
    for (const url of ['http://me:secret@localhost', 'amqp://', 'localhost:5672']) {
      expect(() => fixture.createBus('a', { url })).toThrow(/^a RabbitMQ address begins with/);
    }
  });

  test('a server id that means something in a routing key is refused', () => {
    for (const serverId of ['#', 'a.*', '', 'a b', 'x'.repeat(64)]) {
      expect(() => fixture.createBus(serverId)).toThrow(RangeError);
    }
  });

  test('refused access ends the start', async () => {
    const url = fixture.service.url.replace('guest:guest', 'guest:wrong');
    await expect(fixture.createBus('a', { url }).start(new RecordingListener())).rejects.toThrow(/403/);
  });

  test('a broker that is away is waited for', async () => {
    const { bus } = await fixture.join('waits', { url: ['amqp://127.0.0.1:1', fixture.service.url] });
    expect(bus.available).toBe(true);
  });
});

describe('the own queue', () => {
  test('[C2] is declared only when the lease is confirmed', async () => {
    const lease = Promise.withResolvers<void>();
    const bus = fixture.createBus('lease', { leaseConfirmed: () => lease.promise });
    const starting = bus.start(new RecordingListener());
    await expect.poll(() => bus.available, MENDED).toBe(true);
    expect(await fixture.queueExists('chat.queue.lease')).toBe(false);
    lease.resolve();
    await starting;
    expect(await fixture.queueExists('chat.queue.lease')).toBe(true);
  });

  test('[C2] is left to the successor by a process that has lost its lease', async () => {
    let leases = 0;
    const onlyOnce = (): Promise<void> => ((leases += 1) === 1 ? Promise.resolve() : new Promise(() => undefined));
    const stale = await fixture.join('twice', { leaseConfirmed: onlyOnce });
    const successor = await fixture.join('twice');
    const other = await fixture.join('other');
    await expect.poll(() => leases, MENDED).toBeGreaterThan(1);
    await fixture.expectToHear(other, 'twice', successor, 'for the successor');
    await stale.bus.close();
    await fixture.expectToHear(other, 'twice', successor, 'still there');
    expect(stale.listener.heard).toEqual([]);
    expect(successor.listener.losses).toEqual([]);
  });

  test('is bounded, refuses at the bound and goes away when unused', async () => {
    await fixture.join('bounded', { queueMaxLength: 7, queueExpiresMs: 4_321 });
    // Declaring a queue again succeeds only with the very same arguments.
    await channel.assertQueue('chat.queue.bounded', {
      durable: true,
      arguments: { 'x-max-length': 7, 'x-overflow': 'reject-publish', 'x-expires': 4_321 },
    });
  });

  test('[C2] is consumed by one only', async () => {
    await fixture.join('exclusive');
    const intruder = await (await fixture.admin()).createChannel();
    intruder.on('error', () => undefined); // being refused ends the channel
    await expect(intruder.consume('chat.queue.exclusive', () => undefined)).rejects.toThrow(/403/);
  });

  test('is gone after close', async () => {
    const { bus } = await fixture.join('leaves');
    await bus.close();
    expect(await fixture.queueExists('chat.queue.leaves')).toBe(false);
  });

  test('publishing is refused while a queue is at its bound, and the other servers get it', async () => {
    const [a, b] = [await fixture.join('full-a'), await fixture.join('full-b')];
    await channel.assertQueue('full', { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } });
    await channel.bindQueue('full', 'chat.exchange', 'chat.full');
    await a.bus.publish(['full', 'full-b'], envelopeOf('1'));
    await expect(a.bus.publish(['full', 'full-b'], envelopeOf('2'))).rejects.toThrow('a queue is at its bound');
    await expect.poll(() => b.listener.heard, MENDED).toEqual(['1', '2']);
    expect(a.bus.available).toBe(true);
    await channel.purgeQueue('full');
    await a.bus.publish(['full'], envelopeOf('3'));
    await channel.deleteQueue('full');
  });
});

describe('silent losses of the consumer', () => {
  test('[C2] queue deleted: made anew, told as a loss', async () => {
    const [a, b] = [await fixture.join('deleted-a'), await fixture.join('deleted-b')];
    await channel.deleteQueue('chat.queue.deleted-b');
    await expect.poll(() => b.listener.losses, MENDED).toEqual(['consumer cancelled']);
    await fixture.expectToHear(a, 'deleted-b', b, 'again');
    expect(a.listener.losses).toEqual([]);
    expect(b.bus.counts.rebuilt).toBe(1);
  });

  test('binding removed: the beacon comes back as unroutable', async () => {
    const [a, b] = [await fixture.join('unbound-a'), await fixture.join('unbound-b')];
    await channel.unbindQueue('chat.queue.unbound-b', 'chat.exchange', 'chat.unbound-b');
    await expect.poll(() => b.listener.losses, MENDED).toEqual(['no queue is bound to the own key']);
    await fixture.expectToHear(a, 'unbound-b', b, 'again');
  });

  test('what is sent goes somewhere else: the beacon is missed', async () => {
    const [a, b] = [await fixture.join('astray-a'), await fixture.join('astray-b')];
    await channel.assertQueue('astray');
    await channel.bindQueue('astray', 'chat.exchange', 'chat.astray-b');
    await channel.unbindQueue('chat.queue.astray-b', 'chat.exchange', 'chat.astray-b');
    await expect.poll(() => b.listener.losses, MENDED).toEqual(['no beacon arrives']);
    await channel.deleteQueue('astray');
    await fixture.expectToHear(a, 'astray-b', b, 'again');
  });

  test('exchange deleted: both sides find out', async () => {
    const [a, b] = [await fixture.join('gone-a'), await fixture.join('gone-b')];
    await channel.deleteExchange('chat.exchange');
    await expect.poll(() => [a.listener.losses.length, b.listener.losses.length], MENDED).toEqual([1, 1]);
    await fixture.expectToHear(a, 'gone-b', b, 'again');
  });

  test('an unreadable envelope goes to the dead letters with its reason', async () => {
    const [a, b] = [await fixture.join('poison-a'), await fixture.join('poison-b')];
    await channel.purgeQueue('chat.dead-letters');
    await a.bus.publish(['poison-b'], envelopeOf('poison'));
    await expect.poll(() => b.listener.losses.length, MENDED).toBe(1);
    let letter: GetMessage | false = false;
    const take = async (): Promise<unknown> => (letter = await channel.get('chat.dead-letters', { noAck: true }));
    await expect.poll(take, MENDED).toBeTruthy();
    expect(letter).toMatchObject({ content: Buffer.from('poison'), properties: { headers: { server: 'poison-b' } } });
    expect(JSON.stringify(letter)).toContain('version 99');
    await fixture.expectToHear(a, 'poison-b', b, 'goes on');
    expect(b.bus.counts).toMatchObject({ unreadable: 1, deadLettersLost: 0, rebuilt: 0 });
  });

  test('a swarm of unreadable envelopes is counted one by one and told few times', async () => {
    const [a, b] = [await fixture.join('swarm-a'), await fixture.join('swarm-b')];
    await Promise.all(Array.from({ length: 300 }, () => a.bus.publish(['swarm-b'], envelopeOf('poison'))));
    await expect.poll(() => b.bus.counts.unreadable, MENDED).toBe(300);
    await fixture.expectToHear(a, 'swarm-b', b, 'goes on');
    await expect.poll(() => b.listener.losses.length, MENDED).toBeGreaterThan(0);
    expect(b.listener.losses.length).toBeLessThan(30);
  });
});
