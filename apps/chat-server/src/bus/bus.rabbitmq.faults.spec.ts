import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MENDED, outcomeOf, RabbitMqFixture } from './rabbitmq.fixture.ts';

const FAULT_TIMEOUT_MS = 60_000;
let fixture: RabbitMqFixture;

beforeAll(async () => (fixture = await RabbitMqFixture.start()), 120_000);
afterAll(() => fixture.stop(), 60_000);
afterEach(() => fixture.closeServers());

test('[C3] publishing and consuming use a connection each', async () => {
  await fixture.join('split');
  const connections = await fixture.service.ctl('list_connections', 'client_properties', 'channels');
  const own = connections.split('\n').filter((line) => line.includes('split'));
  expect(own.map((line) => /chat (publish|consume) split/.exec(line)?.[1]).sort()).toEqual(['consume', 'publish']);
}, FAULT_TIMEOUT_MS);

test('[C2] the broker closes all connections: both sides come back, told as a loss', async () => {
  const [a, b] = [await fixture.join('closed-a'), await fixture.join('closed-b')];
  await fixture.service.ctl('close_all_connections', 'a test');
  await expect.poll(() => [a.listener.losses.length, b.listener.losses.length], MENDED).toEqual([1, 1]);
  await fixture.expectToHear(a, 'closed-b', b, 'again');
  expect(a.listener.availability).toEqual([true, false, true]);
}, FAULT_TIMEOUT_MS);

test('a memory alarm: publishing is refused in time and bounded, consuming goes on, and it recovers', async () => {
  const [a, b] = [await fixture.join('alarm-a', { maxInFlight: 50 }), await fixture.join('alarm-b')];
  await fixture.service.ctl('set_vm_memory_high_watermark', 'absolute', '1MB');
  try {
    // The broker notices what it blocks only when that publishes.
    await expect.poll(() => outcomeOf(a.bus, ['alarm-b'], 'x'), MENDED).toBe('the broker takes nothing for now');
    expect(a.bus.available).toBe(false);
    const large = 'x'.repeat(10_000);
    const outcomes = await Promise.all(Array.from({ length: 5_000 }, () => outcomeOf(a.bus, ['alarm-b'], large)));
    expect(new Set(outcomes)).toEqual(new Set(['the broker takes nothing for now']));
    // Beacons can't be sent either, which is no reason to take the consumer for broken.
    expect(b.listener.losses).toEqual([]);
  } finally {
    await fixture.service.ctl('set_vm_memory_high_watermark', 'absolute', '1GB');
  }
  await expect.poll(() => a.bus.available, MENDED).toBe(true);
  await fixture.expectToHear(a, 'alarm-b', b, 'after the alarm');
  expect(b.listener.losses).toEqual([]);
  expect(a.listener.availability).toEqual([true, false, true]);
}, FAULT_TIMEOUT_MS);

test('a broker that says nothing more: what is sent is bounded, and every publish ends', async () => {
  const [a, b] = [await fixture.join('mute-a', { maxInFlight: 50 }), await fixture.join('mute-b')];
  await fixture.service.kill('SIGSTOP');
  const outcomes = await Promise.all(Array.from({ length: 500 }, (_, i) => outcomeOf(a.bus, ['mute-b'], `${i}`)));
  expect(outcomes.filter((outcome) => outcome === 'the broker did not confirm').length).toBeLessThanOrEqual(50);
  expect(outcomes.slice(50)).toEqual(outcomes.slice(50).map(() => 'too much is unconfirmed'));
  expect(a.bus.available).toBe(false);
  expect(await outcomeOf(a.bus, ['mute-b'], 'x')).toBe('not connected to the broker');
  await expect.poll(() => b.bus.available, MENDED).toBe(false);
  await fixture.service.kill('SIGCONT');
  await fixture.expectToHear(a, 'mute-b', b, 'again');
  await fixture.expectToHear(b, 'mute-a', a, 'again');
}, FAULT_TIMEOUT_MS);

test('[C2] the broker is killed and started again: everybody comes back, told as a loss', async () => {
  const [a, b] = [await fixture.join('killed-a'), await fixture.join('killed-b')];
  await fixture.service.kill('SIGKILL');
  await expect.poll(() => a.bus.available, MENDED).toBe(false);
  expect(await outcomeOf(a.bus, ['killed-b'], 'x')).toBe('not connected to the broker');
  await fixture.service.start();
  await expect.poll(() => [a.listener.losses.length, b.listener.losses.length], MENDED).toEqual([1, 1]);
  await fixture.expectToHear(a, 'killed-b', b, 'again');
}, FAULT_TIMEOUT_MS);

test('close ends in time while the broker is away', async () => {
  const { bus } = await fixture.join('leaves');
  await fixture.service.kill('SIGSTOP');
  try {
    await bus.close();
    expect(bus.available).toBe(false);
  } finally {
    await fixture.service.kill('SIGCONT');
  }
}, FAULT_TIMEOUT_MS);
