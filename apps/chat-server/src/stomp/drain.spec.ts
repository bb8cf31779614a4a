import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { spread } from './drain.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('many are spread over the whole time, and each is told once', async () => {
  const told: number[] = [];
  const done = spread(Array.from({ length: 1_000 }, (_, i) => i), 5_000, (item) => told.push(item));
  const after: number[] = [];
  for (let second = 0; second < 5; second++) {
    await vi.advanceTimersByTimeAsync(1_000);
    after.push(told.length);
  }
  await vi.advanceTimersByTimeAsync(10);
  await done;
  after.forEach((count, second) => expect(Math.abs(count - 200 * (second + 1))).toBeLessThanOrEqual(2));
  expect([...told].sort((a, b) => a - b)).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
});

test('few take no longer than they need, and without time all are told at once', async () => {
  let told = 0;
  const few = spread([1, 2, 3], 5_000, () => told++);
  await vi.advanceTimersByTimeAsync(31);
  await few;
  expect(told).toBe(3);
  await spread([1, 2, 3], 0, () => told++);
  expect(told).toBe(6);
});
