// A process beside the one that starts services. Its argument is what there was to watch when it started, its stdin a
// pipe that tells of all changes since. When that closes, however the other process ended, kill -9 included, it ends
// what was left running and removes what was left lying about.
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { isAlive, processStart, signalOne, signalTree } from './process-tree.ts';
import { pollUntil } from './polling.ts';
import type { WatchdogMessage, WatchedProcess } from './guard.ts';

const GRACE_MS = 3_000;

const processes = new Map<number, WatchedProcess>();
const folders = new Set<string>();

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// Both are written by guard.ts and nobody else.
for (const message of JSON.parse(process.argv[2] ?? '[]') as WatchdogMessage[]) apply(message);
for await (const line of createInterface({ input: process.stdin })) apply(JSON.parse(line) as WatchdogMessage);
const ends = await Promise.allSettled([...processes.values()].map(end));
const removals = await Promise.allSettled([...folders].map(remove));
for (const outcome of [...ends, ...removals]) if (outcome.status === 'rejected') console.error(outcome.reason);

function apply(message: WatchdogMessage): void {
  if (message.kind === 'process') processes.set(message.process.pid, message.process);
  else if (message.kind === 'process-ended') processes.delete(message.pid);
  else if (message.kind === 'folder') folders.add(message.path);
  else folders.delete(message.path);
}

async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

async function end({ pid, startedAt, signal }: WatchedProcess): Promise<void> {
  // Another process may have got the pid by now: that one is not ours to end.
  if (!isAlive(pid) || processStart(pid) !== startedAt) return;
  signalTree(pid, 'SIGCONT');
  if (signal !== 'SIGKILL') {
    signalOne(pid, signal);
    if (await pollUntil(() => !isAlive(pid), { timeoutMs: GRACE_MS })) return;
  }
  signalTree(pid, 'SIGKILL');
  await pollUntil(() => !isAlive(pid), { timeoutMs: GRACE_MS });
}
