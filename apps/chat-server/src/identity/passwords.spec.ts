import { expect, test } from 'vitest';
import { Passwords } from './passwords.ts';

test('as many as may run and wait are served, the next is refused, and places become free again', async () => {
  const passwords = new Passwords({ concurrency: 2, queueLength: 3 });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.hash('correct horse')));
  expect(outcomes.map(({ status }) => status)).toEqual([
    ...Array<string>(5).fill('fulfilled'),
    ...Array<string>(3).fill('rejected'),
  ]);
  expect(outcomes[7]).toMatchObject({ reason: { code: 'rate-limited', retryAfterMs: expect.any(Number) as number } });

  const again = await Promise.allSettled(
    Array.from({ length: 5 }, () => passwords.matches('correct horse', undefined)),
  );
  expect(again).toEqual(Array(5).fill({ status: 'fulfilled', value: false }));
});

test('a failure does not keep its place', async () => {
  const passwords = new Passwords({ concurrency: 1, queueLength: 1 });
  await expect(passwords.matches('x', 'no hash at all')).rejects.toThrow();
  await expect(passwords.hash('correct horse')).resolves.toMatch(/^\$argon2id\$/);
});
