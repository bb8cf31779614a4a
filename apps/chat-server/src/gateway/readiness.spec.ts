import { expect, test } from 'vitest';
import { Readiness } from './readiness.ts';

test('a server is ready between its start and its drain', () => {
  const readiness = new Readiness();
  expect(readiness.report()).toEqual({ ready: false, status: 'starting', degraded: [] });
  readiness.enter('ready');
  expect(readiness.report()).toEqual({ ready: true, status: 'ready', degraded: [] });
  readiness.enter('draining');
  expect(readiness.report()).toEqual({ ready: false, status: 'draining', degraded: [] });
});

test('without RabbitMQ or Redis it stays ready and says so', () => {
  const readiness = new Readiness();
  readiness.enter('ready');
  readiness.setDegraded('redis', true);
  readiness.setDegraded('rabbitmq', true);
  readiness.setDegraded('rabbitmq', true);
  expect(readiness.report()).toEqual({ ready: true, status: 'ready', degraded: ['rabbitmq', 'redis'] });
  readiness.setDegraded('rabbitmq', false);
  expect(readiness.report().degraded).toEqual(['redis']);
});

test('the store may be away for 10 s, counted from its first absence', () => {
  let now = 1_000;
  const readiness = new Readiness(() => now);
  readiness.enter('ready');
  readiness.setStoreAvailable(false);
  now += 9_000;
  readiness.setStoreAvailable(false);
  now += 999;
  expect(readiness.report()).toEqual({ ready: true, status: 'ready', degraded: ['postgresql'] });
  now += 1;
  expect(readiness.report()).toEqual({ ready: false, status: 'unavailable', degraded: ['postgresql'] });
  readiness.setStoreAvailable(true);
  expect(readiness.report()).toEqual({ ready: true, status: 'ready', degraded: [] });
  now += 60_000;
  readiness.setStoreAvailable(false);
  expect(readiness.report().ready).toBe(true);
});
