// The command itself, with the built chat server.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { descendants, isAlive, pollUntil, typescriptRuntime } from '@chat/services';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));

type Place = { readonly url: string; readonly pid: number };

type Line = {
  readonly url: string;
  readonly servers: readonly (Place & { readonly id: string })[];
  readonly services: Readonly<Record<'rabbitmq' | 'redis' | 'postgres' | 'nginx', Place>>;
  readonly jwtSecret: string;
};

function startCommand(...args: readonly string[]) {
  const command = spawn(typescriptRuntime(), [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = command;
  if (pid === undefined) throw new Error('the command did not start');
  onTestFinished(() => void command.kill('SIGKILL')); // its watchdog does the rest, should the test have failed
  const output = { stdout: '', stderr: '' };
  command.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  command.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  return { pid, output, ended: once(command, 'exit') as Promise<[number | null, NodeJS.Signals | null]> };
}

test('--json: one line when all is ready, with who does what where; Ctrl-C leaves nothing', async () => {
  const { pid, output, ended } = startCommand('--servers', '2', '--json');
  expect(await pollUntil(() => output.stdout.includes('\n'), { timeoutMs: 150_000 }), output.stderr).toBe(true);
  expect(output.stdout.split('\n')).toEqual([expect.stringMatching(/^\{/), '']);
  const line = JSON.parse(output.stdout) as Line; // looked at below, field by field

  expect(line.servers.map(({ id }) => id)).toEqual(['server1', 'server2']);
  expect(line.services.nginx.url).toBe(line.url);
  expect(line.jwtSecret).toMatch(/^[0-9a-f]{64}$/);
  for (const { url } of [...line.servers, line]) expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const pids = descendants(pid);
  const told = [...line.servers, ...Object.values(line.services)].map((place) => place.pid);
  expect(pids).toEqual(expect.arrayContaining(told));
  await expectServicesAnswer(line);

  const folder = /logs of the servers: (.+)/.exec(output.stderr)?.[1] ?? '';
  expect(existsSync(folder)).toBe(true);
  process.kill(pid, 'SIGINT');
  expect(await ended).toEqual([0, null]);
  expect(await pollUntil(() => !pids.some(isAlive), { timeoutMs: 5_000 })).toBe(true);
  expect(existsSync(folder)).toBe(false);
  expect(output.stdout.split('\n')).toHaveLength(2);
});

async function expectServicesAnswer({ services }: Line): Promise<void> {
  const redis = new Redis(services.redis.url);
  expect(await redis.info('server')).toContain(`process_id:${services.redis.pid}\r\n`);
  redis.disconnect();
  const postgres = new Client({ connectionString: services.postgres.url });
  await postgres.connect();
  expect((await postgres.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await postgres.end();
}

test('a command that is killed while it starts leaves nothing', async () => {
  const { pid, output, ended } = startCommand('--servers', '1');
  const started = (): number[] => descendants(pid);
  expect(await pollUntil(() => started().length > 6, { timeoutMs: 60_000 }), output.stderr).toBe(true);
  const pids = started();
  process.kill(pid, 'SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(await pollUntil(() => !pids.some(isAlive), { timeoutMs: 10_000 })).toBe(true);
});

test('--help goes to stdout; what it does not understand is one line on stderr and status 2', () => {
  const run = (...args: readonly string[]) => spawnSync(typescriptRuntime(), [program, ...args], { encoding: 'utf8' });
  expect(run('--help')).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('--servers <n>') as string });
  expect(run('--sevrers', '3')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: 'cluster: there is no --sevrers; --help tells what there is\n',
  });
});

test('a port that is taken is refused before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server that listens has no other kind
  const { output, ended } = startCommand('--port', String(port));
  expect(await ended).toEqual([1, null]);
  expect(output).toEqual({ stdout: '', stderr: `cluster: port ${port} is taken\n` });
});
