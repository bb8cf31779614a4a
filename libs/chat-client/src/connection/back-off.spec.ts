import { expect, test } from 'vitest';
import { BackOff } from './back-off.ts';

test('the longest delay doubles with each failure up to the cap', () => {
  const backOff = new BackOff({ random: () => 1 });
  expect(Array.from({ length: 8 }, () => backOff.next())).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('jitter is full: any delay from none to the longest is possible', () => {
  const values = [0, 0.25, 0.5, 0.999];
  const backOff = new BackOff({ baseMs: 1_000, random: () => values.shift() ?? 0 });
  expect([backOff.next(), backOff.next(), backOff.next(), backOff.next()]).toEqual([0, 500, 2_000, 7_992]);
});

test('an overloaded server counts as several failures, and as no more than there were', () => {
  const backOff = new BackOff({ random: () => 1 });
  expect([backOff.next(3), backOff.next(3)]).toEqual([4_000, 8_000]);
});

test('after success delays are short again', () => {
  const backOff = new BackOff({ random: () => 1 });
  backOff.next(5);
  backOff.reset();
  expect(backOff.next()).toBe(500);
});
