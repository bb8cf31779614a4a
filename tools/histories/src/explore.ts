import { randomBytes } from 'node:crypto';
import type { Cluster } from '@chat/cluster';
import { describePlan } from './describe-plan.ts';
import { makePlan, type PlanSize } from './make-plan.ts';
import type { Plan } from './plan.ts';
import { type Judgement, runPlan } from './run-plan.ts';
import { shrinkPlan } from './shrink-plan.ts';

/** How the servers of histories are set: little may wait for acknowledgement, so that it often waits. */
export const SERVERS = { RATE_LIMITS: 'off', LOG_LEVEL: 'warn', UNACKNOWLEDGED_ENTRIES: '5' } as const;

export type ExploreOptions = {
  readonly size: PlanSize;
  /** History number `n`, from 0, has the seed `seed + n`. */
  readonly seed: number;
  readonly runs: number;
  /** How many smaller histories are tried once one has failed. */
  readonly shrinkBudget: number;
  readonly log: (line: string) => void;
};

export type Failure = { readonly plan: Plan; readonly problems: readonly string[]; readonly shrunk: Plan; readonly shrunkProblems: readonly string[] };
export type Exploration = { readonly histories: number; readonly sent: number; readonly delivered: number; readonly failure: Failure | undefined };

/** A fault that shows only in some interleavings is looked for this often in each smaller history. */
const TRIES_EACH = 2;
const SAY_EVERY = 25;

/** Random histories one after the other, until one fails; that one is made as small as it gets. */
export async function explore(cluster: Cluster, { size, seed, runs, shrinkBudget, log }: ExploreOptions): Promise<Exploration> {
  const totals = { histories: 0, sent: 0, delivered: 0 };
  for (let index = 0; index < runs; index++) {
    const plan = makePlan(seed + index, size);
    const judgement = await runPlan(plan, cluster, runName());
    totals.histories++;
    totals.sent += judgement.totals.sent;
    totals.delivered += judgement.totals.delivered;
    if (judgement.problems.length > 0) return { ...totals, failure: await shrunk(plan, judgement, cluster, { shrinkBudget, log }) };
    if (totals.histories % SAY_EVERY === 0) log(`${totals.histories} histories, ${totals.sent} sends, ${totals.delivered} deliveries, nothing wrong`);
  }
  return { ...totals, failure: undefined };
}

async function shrunk(plan: Plan, judgement: Judgement, cluster: Cluster, { shrinkBudget, log }: Pick<ExploreOptions, 'shrinkBudget' | 'log'>): Promise<Failure> {
  const { problems, kinds } = judgement;
  log(`the history of seed ${plan.seed} is wrong (${problems[0]}); looking for a smaller one that is`);
  let shrunkProblems = problems;
  const fails = async (smaller: Plan): Promise<boolean> => {
    for (let attempt = 0; attempt < TRIES_EACH; attempt++) {
      const again = await runPlan(smaller, cluster, runName());
      if (![...again.kinds].some((kind) => kinds.has(kind))) continue;
      shrunkProblems = again.problems;
      log(`${smaller.steps.length} steps will do`);
      return true;
    }
    return false;
  };
  const smallest = await shrinkPlan(plan, { fails, budget: shrinkBudget });
  return { plan, problems, shrunk: smallest, shrunkProblems };
}

/** What a person needs to see it again. */
export function describeFailure({ plan, problems, shrunk: smallest, shrunkProblems }: Failure): string {
  return [
    `The history of seed ${plan.seed} is wrong:`,
    ...problems.slice(0, 20).map((problem) => `  ${problem}`),
    `Smallest history found that is wrong in the same way: ${describePlan(smallest)}`,
    'There:',
    ...shrunkProblems.slice(0, 20).map((problem) => `  ${problem}`),
  ].join('\n');
}

/** No two runs share people. */
export function runName(): string {
  return `${Date.now().toString(36)}-${randomBytes(2).toString('hex')}`;
}
