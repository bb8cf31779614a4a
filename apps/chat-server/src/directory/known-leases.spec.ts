import { expect, test } from 'vitest';
import { KnownLeases } from './known-leases.ts';

const leases = (...pairs: [string, number][]): ReadonlyMap<string, number> => new Map(pairs);

test('[L1] a server of which nothing is known counts as living', () => {
  const known = new KnownLeases();
  expect(known.serversIn('a:1 b:2')).toEqual(['a', 'b']);
  expect(known.serversIn(null)).toEqual([]);
});

test('[L1] a lease that is gone, or replaced by a newer epoch, has ended', () => {
  const known = new KnownLeases();
  expect(known.update(leases(['a', 1], ['b', 2], ['c', 3]))).toEqual([]);
  expect(known.update(leases(['a', 1], ['b', 5]))).toEqual(['b', 'c']);
  expect(known.serversIn('a:1 b:2 c:3')).toEqual(['a']);
  expect(known.serversIn('b:5 c:7')).toEqual(['b', 'c']);
  expect(known.servers).toEqual(['a', 'b']);
  expect(known.update(leases(['a', 1], ['b', 5]))).toEqual([]);
});

test('[L1] a lease from an older copy of the directory does not bring a dead epoch back', () => {
  const known = new KnownLeases();
  known.update(leases(['a', 5]));
  known.update(leases());
  expect(known.update(leases(['a', 5]))).toEqual([]);
  expect(known.servers).toEqual([]);
  expect(known.serversIn('a:5 a:6')).toEqual(['a']);
});

test('server ids may contain what separates words', () => {
  expect(new KnownLeases().serversIn('chat-0.chat.svc:12 host_1:3')).toEqual(['chat-0.chat.svc', 'host_1']);
});

test('what is remembered of ended servers is bounded', () => {
  const known = new KnownLeases();
  for (let i = 1; i <= 12_000; i++) known.update(leases(['stays', 1], [`pod-${i}`, i + 1]));
  expect(known.serversIn('pod-11000:11001')).toEqual([]);
  expect(known.serversIn('pod-1:2')).toEqual(['pod-1']);
  expect(known.serversIn('stays:0')).toEqual([]);
});
