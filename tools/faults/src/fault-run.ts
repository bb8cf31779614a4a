import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startCluster, type Cluster } from '@chat/cluster';
import type { Fault } from './fault.ts';

export type FaultRunOptions = {
  readonly faults: readonly Fault[];
  readonly servers: number;
  readonly users: number;
  /** Messages a second. */
  readonly rate: number;
  /** Load before the first fault, after each, and behind the last. */
  readonly pauseMs: number;
  readonly log: (line: string) => void;
};

export type FaultRunResult = {
  /** The load generator's exit code: 0 is nothing lost, doubled or reordered. */
  readonly exitCode: number | null;
  /** What it printed at the end. */
  readonly report: string;
  /** Counters of the servers that above zero mean a defect, by server and name. */
  readonly defects: ReadonlyMap<string, number>;
};

const LOADGEN = fileURLToPath(new URL('../../../apps/loadgen/dist/main.js', import.meta.url));

/** What no fault may raise. */
const DEFECT_COUNTERS = ['chat_live_holes_total', 'chat_gate_announced_too_far_total'];

/** A real cluster under load; the faults one after the other in the middle of it; then the judgement on every message. */
export async function runFaults(options: FaultRunOptions): Promise<FaultRunResult> {
  const cluster = await startCluster({ servers: options.servers, env: { RATE_LIMITS: 'off', LOG_LEVEL: 'warn' }, log: options.log });
  try {
    return await underLoad(cluster, options);
  } finally {
    await cluster.stop();
  }
}

async function underLoad(cluster: Cluster, options: FaultRunOptions): Promise<FaultRunResult> {
  const clusterFile = join(cluster.dir, 'cluster.json');
  await writeFile(clusterFile, clusterLine(cluster));
  const load = startLoad(clusterFile, options);
  await delay(options.pauseMs);
  for (const fault of options.faults) {
    options.log(`fault: ${fault.says}`);
    await fault.inject(cluster);
    await delay(options.pauseMs);
  }
  options.log('faults over, the load generator drains and judges');
  load.interrupt();
  const { exitCode, report } = await load.ended;
  const defects = await readDefects(cluster);
  if (exitCode !== 0) options.log(await logsOf(cluster));
  return { exitCode, report, defects };
}

/** The line that `npm run cluster -- --json` prints; the load generator takes addresses and secret from it. */
function clusterLine(cluster: Cluster): string {
  const { rabbitmq, redis, postgres, nginx } = cluster.services;
  const place = ({ url, pid }: { readonly url: string; readonly pid: number }) => ({ url, pid });
  return JSON.stringify({
    url: cluster.url,
    servers: cluster.servers.map(({ id, url, pid }) => ({ id, url, pid })),
    services: { rabbitmq: place(rabbitmq), redis: place(redis), postgres: place(postgres), nginx: place(nginx) },
    jwtSecret: cluster.jwtSecret,
  });
}

function startLoad(clusterFile: string, { users, rate, log }: FaultRunOptions) {
  const args = ['--cluster', clusterFile, '--users', String(users), '--rate', String(rate), '--duration', '60m'];
  const child = spawn(process.execPath, [LOADGEN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let report = '';
  child.stdout.on('data', (chunk: Buffer) => (report += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => log(chunk.toString().trimEnd()));
  const ended = new Promise<{ readonly exitCode: number | null; readonly report: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, report }));
  });
  // Ctrl-C: it stops sending, waits for what is on its way, and judges.
  return { ended, interrupt: () => child.kill('SIGINT') };
}

async function readDefects(cluster: Cluster): Promise<Map<string, number>> {
  const defects = new Map<string, number>();
  for (const server of cluster.servers) {
    const text = await (await fetch(server.metricsUrl)).text();
    for (const name of DEFECT_COUNTERS) {
      const value = Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
      if (value !== 0) defects.set(`${server.id} ${name}`, value);
    }
  }
  return defects;
}

async function logsOf(cluster: Cluster): Promise<string> {
  const logs = await Promise.all(
    cluster.servers.map(async ({ id, logFile }) => `--- ${id}\n${(await readFile(logFile, 'utf8')).slice(-4_000)}`),
  );
  return logs.join('\n');
}
