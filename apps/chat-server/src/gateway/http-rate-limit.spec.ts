import { expect, test } from 'vitest';
import { addressKey, TokenBuckets } from './http-rate-limit.ts';

test('a burst, then so many a minute, and the time to wait is said', () => {
  let now = 0;
  const buckets = new TokenBuckets({ burst: 3, perMinute: 6, now: () => now });
  for (let n = 0; n < 3; n++) buckets.take('a');
  expect(() => buckets.take('a')).toThrow(expect.objectContaining({ code: 'rate-limited', retryAfterMs: 10_000 }));
  expect(() => buckets.take('b')).not.toThrow();
  now += 9_999;
  expect(() => buckets.take('a')).toThrow(expect.objectContaining({ retryAfterMs: 1 }));
  now += 1;
  buckets.take('a');
  expect(() => buckets.take('a')).toThrow();
});

test('a token given back can be used again, but a bucket never holds more than its burst', () => {
  const buckets = new TokenBuckets({ burst: 2, perMinute: 1, now: () => 0 });
  buckets.take('a');
  buckets.giveBack('a');
  buckets.giveBack('a');
  buckets.giveBack('unknown');
  buckets.take('a', 2);
  expect(() => buckets.take('a')).toThrow();
});

test('memory holds only who came lately, and never more than its bound', () => {
  let now = 0;
  const buckets = new TokenBuckets({ burst: 10, perMinute: 10, now: () => now });
  for (let n = 0; n < 30_000; n++) buckets.take(`a${n}`);
  expect(buckets.size).toBe(20_000);
  now += 60_001;
  buckets.take('new');
  expect(buckets.size).toBe(1);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:DB8:0001:2::', '2001:db8:1:2'],
  ['2001:db8::5', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s counts as %s', (address, key) => expect(addressKey(address)).toBe(key));
