import { expect, test } from 'vitest';
import { withInstallLock } from './install-lock.ts';

test('one installation at a time, whether the one before it succeeds or fails', async () => {
  const steps: string[] = [];
  const install = (name: string, fails: boolean) =>
    withInstallLock(() => undefined, async () => {
      steps.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
  const outcomes = await Promise.allSettled([install('a', true), install('b', false), install('c', false)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  for (const [index, step] of steps.entries()) {
    expect(step).toMatch(index % 2 === 0 ? / begins$/ : / ends$/);
    if (index % 2 === 1) expect(step.split(' ')[0]).toBe(steps[index - 1]?.split(' ')[0]);
  }
  expect(steps).toHaveLength(6);
});
