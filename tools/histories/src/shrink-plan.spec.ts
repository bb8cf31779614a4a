import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makePlan } from './make-plan.ts';
import { shrinkPlan } from './shrink-plan.ts';

const plan = makePlan(3, { clients: 10, servers: 3, rooms: 2, steps: 60 });

test('leaves the steps that it takes to fail, and no other', async () => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(fc.nat({ max: 59 }), { minLength: 1, maxLength: 4 }), async (indices) => {
    const needed = indices.sort((a, b) => a - b).flatMap((index) => plan.steps[index] ?? []);
    const { steps } = await shrinkPlan(plan, { fails: (smaller) => Promise.resolve(needed.every((step) => smaller.steps.includes(step))), budget: 1_000 });
    expect(steps).toEqual(needed);
  }));
});

test('gives what it has when it may try no more', async () => {
  let asked = 0;
  const { steps } = await shrinkPlan(plan, { fails: (smaller) => Promise.resolve(++asked > 0 && smaller.steps.includes(plan.steps[0] ?? never())), budget: 2 });
  expect(asked).toBe(2);
  expect(steps).toHaveLength(15);
});

function never(): never {
  throw new Error('The plan has steps.');
}
