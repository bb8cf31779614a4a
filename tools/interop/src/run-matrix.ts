import { type Cluster, startCluster } from '@chat/cluster';
import { typescriptRuntime } from '@chat/services';
import { CASES } from './cases/case-list.ts';
import { CASE_NAMES, type CaseName } from './cases/case.ts';
import { afterTheCut, beforeTheCut, cut } from './cases/reconnect.ts';
import type { ClientDriver } from './client-driver.ts';
import type { InteropClient } from './clients.ts';
import { type Addresses, Scene } from './scene.ts';

export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'not applicable'; readonly why: string };

export type Row = { readonly client: string; readonly version: string; readonly outcomes: Readonly<Record<CaseName, Outcome>> };

type Started = { readonly client: InteropClient; readonly driver: ClientDriver; readonly outcomes: Partial<Record<CaseName, Outcome>> };

export type RunOptions = {
  readonly log: (line: string) => void;
  /** The main file of a built chat server; by default this checkout's. */
  readonly server?: string;
};

/** Every case with every client, on a cluster of its own that has two servers. */
export async function runMatrix(clients: readonly InteropClient[], { log, server }: RunOptions): Promise<readonly Row[]> {
  const serverCommand = server === undefined ? undefined : { command: typescriptRuntime(), args: [server] };
  const cluster = await startCluster({ servers: 2, env: { RATE_LIMITS: 'off', LOG_LEVEL: 'warn' }, log, serverCommand });
  const started: Started[] = [];
  try {
    for (const client of clients) started.push({ client, driver: await client.start(), outcomes: {} });
    const at = addresses(cluster);
    await Promise.all(started.map((one) => runCases(one, at)));
    if (cluster.servers.some(({ isRunning }) => !isRunning)) throw new Error('A chat server ended by itself.');
    await runReconnect(started, cluster, at);
    return started.map(({ client, outcomes }) => ({ client: client.name, version: client.version, outcomes: complete(outcomes) }));
  } finally {
    await Promise.all(started.map(({ driver }) => driver.stop()));
    await cluster.stop();
  }
}

/** One after the other, but for the heart-beat's quiet half minute, which all of them share. */
async function runCases({ client, driver, outcomes }: Started, at: Addresses): Promise<void> {
  const run = async (name: keyof typeof CASES) => {
    outcomes[name] = await judge(client, name, () => inScene(new Scene(driver, at), CASES[name]));
  };
  const quiet = run('heart-beat');
  for (const name of CASE_NAMES) if (name !== 'reconnect' && name !== 'heart-beat') await run(name);
  await quiet;
}

async function runReconnect(started: readonly Started[], cluster: Cluster, at: Addresses): Promise<void> {
  const [, server2] = cluster.servers;
  await server2?.stop();
  const scenes = started.map(({ driver }) => new Scene(driver, at));
  const cuts = await Promise.allSettled(started.map(({ client }, index) => beforeTheCut(scenes[index] ?? unknown(), client.comesBack)));
  await cut(cluster);
  await Promise.all(
    started.map(async ({ client, outcomes }, index) => {
      const before = cuts[index];
      outcomes['reconnect'] = await judge(client, 'reconnect', async () => {
        if (before?.status === 'rejected') throw before.reason;
        if (before?.status === 'fulfilled') await afterTheCut(before.value);
      });
    }),
  );
  for (const scene of scenes) scene.end();
}

function unknown(): never {
  throw new Error('A scene for each client.');
}

async function inScene(scene: Scene, run: (scene: Scene) => Promise<void>): Promise<void> {
  try {
    await run(scene);
  } finally {
    scene.end();
  }
}

async function judge({ cannot }: InteropClient, name: CaseName, run: () => Promise<void>): Promise<Outcome> {
  const why = cannot[name];
  if (why !== undefined) return { kind: 'not applicable', why };
  try {
    await run();
    return { kind: 'passed' };
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}

function complete(outcomes: Partial<Record<CaseName, Outcome>>): Record<CaseName, Outcome> {
  const missing: Outcome = { kind: 'failed', why: 'it did not run' };
  // Every name of the list, and no other.
  return Object.fromEntries(CASE_NAMES.map((name) => [name, outcomes[name] ?? missing])) as Record<CaseName, Outcome>;
}

function addresses({ url, servers, jwtSecret }: Cluster): Addresses {
  const [server1, server2] = servers;
  if (server1 === undefined || server2 === undefined) throw new Error('The cluster has two servers.');
  return { server1: server1.url, server2: server2.url, nginx: url, jwtSecret };
}
