import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { expectGone } from './fixture/expect-gone.ts';
import { pollUntil } from './polling.ts';
import { descendants, isAlive, signalOne } from './process-tree.ts';
import { typescriptRuntime } from './typescript-runtime.ts';

type Told = readonly { readonly pid: number; readonly port: number; readonly dir: string }[];

const WITHIN_MS = 10_000;

/** Starts the fixture in a process group of its own, as a terminal would, and collects all that it brought to life. */
async function parentWithServices(...args: readonly string[]) {
  const program = fileURLToPath(new URL('./fixture/parent.ts', import.meta.url));
  const parent = spawn(typescriptRuntime(), [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const { pid } = parent;
  if (pid === undefined) throw new Error('the parent did not start');
  const ended = once(parent, 'exit');
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const pids = descendants(pid); // the services, what they started, and the watchdog
  const told = JSON.parse(line) as Told; // the fixture's own line
  onTestFinished(() => {
    for (const left of [pid, ...pids]) signalOne(left, 'SIGKILL'); // a test that fails leaves nothing either
  });
  expect(pids).toEqual(expect.arrayContaining(told.map((service) => service.pid)));
  return {
    pid,
    ended,
    traces: { pids, ports: told.map(({ port }) => port), dirs: told.map(({ dir }) => dir) },
  };
}

test.each(['exit', 'throw'])('a parent that ends by "%s" leaves nothing behind', async (ending) => {
  const { ended, traces } = await parentWithServices(ending);
  expect(await ended).toEqual([ending === 'exit' ? 0 : 1, null]);
  await expectGone(traces, WITHIN_MS);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)(
  'a parent whose process group gets %s leaves nothing behind',
  async (signal) => {
    const { pid, ended, traces } = await parentWithServices(...(signal === 'SIGKILL' ? ['rabbitmq'] : []));
    expect(traces.pids.every(isAlive)).toBe(true);
    process.kill(-pid, signal);
    expect(await ended).toEqual([null, signal]);
    await expectGone(traces, WITHIN_MS);
  },
);

test('services that were stopped by SIGSTOP are not left behind either', async () => {
  const { pid, ended, traces } = await parentWithServices();
  for (const child of traces.pids.slice(1)) process.kill(child, 'SIGSTOP');
  process.kill(pid, 'SIGKILL');
  await ended;
  await expectGone(traces, WITHIN_MS);
});

test('a watchdog that is killed is replaced, and the next one knows everything', async () => {
  const { pid, ended, traces } = await parentWithServices();
  const watchdogs = () => descendants(pid).filter((child) => commandLine(child).includes('watchdog.ts'));
  const [first] = watchdogs();
  if (first === undefined) throw new Error('there is no watchdog');
  process.kill(first, 'SIGKILL');
  expect(await pollUntil(() => watchdogs().some((other) => other !== first), { timeoutMs: WITHIN_MS })).toBe(true);
  const pids = descendants(pid);
  process.kill(pid, 'SIGKILL');
  await ended;
  await expectGone({ ...traces, pids: [...traces.pids, ...pids] }, WITHIN_MS);
});

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
