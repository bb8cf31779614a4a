import type { Plan, Step } from './plan.ts';

export type ShrinkOptions = {
  /** Whether a plan still fails. A plan that fails only now and then should be asked about more than once by it. */
  readonly fails: (plan: Plan) => Promise<boolean>;
  /** How often `fails` may be asked. */
  readonly budget: number;
};

/**
 * Takes out of a failing plan what it does not need to fail: halves of its steps, then quarters, down to single ones
 * (delta debugging). With a budget that is spent, the smallest plan so far.
 */
export async function shrinkPlan(plan: Plan, { fails, budget }: ShrinkOptions): Promise<Plan> {
  let left = budget;
  const failsWith = (steps: readonly Step[]): Promise<boolean> => {
    left--;
    return fails({ ...plan, steps });
  };
  let steps = plan.steps;
  for (let size = Math.ceil(steps.length / 2); size >= 1 && left > 0;) {
    const smaller = await withoutOnePart(steps, size, failsWith, () => left > 0);
    if (smaller) steps = smaller;
    else if (size === 1) break;
    else size = Math.ceil(size / 2);
    size = Math.min(size, Math.max(1, Math.ceil(steps.length / 2)));
  }
  return { ...plan, steps };
}

async function withoutOnePart(
  steps: readonly Step[], size: number, fails: (steps: readonly Step[]) => Promise<boolean>, mayAsk: () => boolean,
): Promise<readonly Step[] | undefined> {
  // From the end: what came after the fault is not needed for it.
  for (let to = steps.length; to > 0 && mayAsk(); to -= size) {
    const rest = [...steps.slice(0, Math.max(0, to - size)), ...steps.slice(to)];
    if (await fails(rest)) return rest;
  }
  return undefined;
}
