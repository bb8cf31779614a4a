import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Cluster, startCluster } from '@chat/cluster';
import { typescriptRuntime } from '@chat/services';
import { Command, InvalidArgumentError } from 'commander';
import { describeFailure, explore, type Failure, runName, SERVERS } from './explore.ts';
import type { Plan } from './plan.ts';
import { runPlan } from './run-plan.ts';

type Options = {
  readonly runs: number;
  readonly seed: number;
  readonly servers: number;
  readonly clients: number;
  readonly rooms: number;
  readonly steps: number;
  readonly shrink: number;
  readonly save: string;
  readonly replay?: string;
  readonly fromSource?: true;
};

const SEEDS = 2 ** 31;
const REPLAYS = 10;

function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`It has to be a whole number from ${least} on.`);
    return value;
  };
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function exploreAll(cluster: Cluster, options: Options): Promise<Failure | undefined> {
  const { runs, seed, clients, servers, rooms, steps, shrink, save } = options;
  log(`${runs} histories from seed ${seed} on`);
  const { failure, ...done } = await explore(cluster, { size: { clients, servers, rooms, steps }, seed, runs, shrinkBudget: shrink, log });
  process.stdout.write(`${done.histories} histories from seed ${seed} on: ${done.sent} sends, ${done.delivered} deliveries, ${failure ? 1 : 0} wrong\n`);
  if (!failure) return undefined;
  process.stdout.write(`${describeFailure(failure)}\n`);
  await writeFile(save, `${JSON.stringify(failure.shrunk, undefined, 1)}\n`);
  process.stdout.write(`Again: npm run histories -- --runs 1 --seed ${failure.plan.seed}, or the small one: npm run histories -- --replay ${save}\n`);
  return failure;
}

/** Ten times, because the servers interleave as they like; gives how often it was wrong. */
async function replay(cluster: Cluster, file: string): Promise<number> {
  const plan = JSON.parse(await readFile(file, 'utf8')) as Plan; // written by ourselves
  let wrong = 0;
  for (let run = 1; run <= REPLAYS; run++) {
    const { problems } = await runPlan(plan, cluster, runName());
    if (problems.length > 0) wrong++;
    process.stdout.write(`${run}: ${problems.length === 0 ? 'nothing wrong' : problems.join('\n   ')}\n`);
  }
  return wrong;
}

function sourceServer() {
  const main = fileURLToPath(new URL('../../../apps/chat-server/src/main.ts', import.meta.url));
  return { command: typescriptRuntime(), args: [main] };
}

const program = new Command('histories')
  .description('Random histories of many clients on a real cluster; at the end everyone syncs, and a checker judges what everyone saw.')
  .option('--runs <n>', 'how many histories, each with people and rooms of its own', wholeNumber(1), 100)
  .option('--seed <n>', 'of the first one; each further one has the next', wholeNumber(0), Math.floor(Math.random() * SEEDS))
  .option('--servers <n>', 'chat servers', wholeNumber(1), 3)
  .option('--clients <n>', 'devices in each history', wholeNumber(2), 50)
  .option('--rooms <n>', 'rooms in each history', wholeNumber(0), 4)
  .option('--steps <n>', 'steps in each history', wholeNumber(1), 150)
  .option('--shrink <n>', 'how many smaller histories to try after a failure', wholeNumber(0), 80)
  .option('--save <file>', 'where the small failing history is written', 'failing-history.json')
  .option('--replay <file>', 'run that history ten times instead')
  .option('--from-source', 'run the servers from their source as it stands, without a build')
  .action(async (options: Options) => {
    const cluster = await startCluster({
      servers: options.servers, env: SERVERS, log, serverCommand: options.fromSource ? sourceServer() : undefined,
    });
    try {
      const isWrong = options.replay === undefined ? (await exploreAll(cluster, options)) !== undefined : (await replay(cluster, options.replay)) > 0;
      process.exitCode = isWrong ? 1 : 0;
    } finally {
      await cluster.stop();
    }
  });

await program.parseAsync();
