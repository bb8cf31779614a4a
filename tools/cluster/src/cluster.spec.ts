// The cluster as tests and benchmarks use it, with the built chat server.
import { existsSync, readFileSync } from 'node:fs';
import { descendants, isAlive, pollUntil } from '@chat/services';
import { expect, onTestFinished, test } from 'vitest';
import { startCluster } from './cluster.ts';
import { standIn } from './fixture/stand-in.ts';

test('servers are killed, drained and started again under the same name; stop leaves nothing', async () => {
  const lines: string[] = [];
  const cluster = await startCluster({ servers: 2, env: { LOG_LEVEL: 'debug' }, log: (line) => lines.push(line) });
  onTestFinished(() => cluster.stop());
  const [first, second] = cluster.servers;
  if (first === undefined || second === undefined) throw new Error('the cluster has too few servers');
  expect((await fetch(first.metricsUrl)).status).toBe(200);

  expect(await first.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  const registration = { id: 'ann', password: 'long enough' };
  const registered = await fetch(`${cluster.url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(registration),
  });
  expect(registered.status).toBe(201);
  await first.start();
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(readFileSync(first.logFile, 'utf8')).toContain('SIGTERM');
  await first.start();
  expect(lines.filter((line) => line.includes('ended with'))).toEqual([]);

  process.kill(second.pid, 'SIGKILL'); // by somebody else
  expect(await pollUntil(() => !second.isRunning, { timeoutMs: 5_000 })).toBe(true);
  expect(lines.filter((line) => line.includes('ended with'))).toEqual([
    `server2 ended with SIGKILL; its log: ${second.logFile}`,
  ]);

  const { nginx, postgres, rabbitmq, redis } = cluster.services;
  const services = [nginx, postgres, rabbitmq, redis];
  const pids = [first, ...services].flatMap(({ pid }) => [pid, ...descendants(pid)]);
  await cluster.stop();
  expect(pids.filter(isAlive)).toEqual([]);
  expect([cluster.dir, ...services.map(({ dir }) => dir)].filter((dir) => existsSync(dir))).toEqual([]);
});

test('where one server cannot start, the error says why, and nothing is left running', async () => {
  const starting = startCluster({ servers: 2, serverCommand: standIn(), env: { STAND_IN_REFUSES: 'server2' } });
  await expect(starting).rejects.toThrow(/server2 did not start: it ended with status 1.*\n.*\nserver2 does not want to/);
  // Other tests run beside this one, in threads of the same process, with stand-ins that refuse nothing.
  const left = descendants(process.pid).filter((pid) => environment(pid).includes('STAND_IN_REFUSES=server2'));
  expect(left).toEqual([]);
});

function environment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
