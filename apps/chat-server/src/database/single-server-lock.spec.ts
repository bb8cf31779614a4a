import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pollUntil } from '@chat/services';
import type {} from '@chat/services/vitest-global-setup';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { advisoryLocks } from './database-connection.ts';
import { silentLog, Undo } from './server-process.fixture.ts';
import { acquireSingleServerLock, type SingleServerLock } from './single-server-lock.ts';
import { makeEmptyDatabase } from './test-database.fixture.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const undo = new Undo();
let connectionString: string;
beforeEach(async () => {
  const database = await makeEmptyDatabase(inject('services').databaseUrl);
  connectionString = database.url;
  undo.add(() => database.drop());
});
afterEach(() => undo.all());

type Server = SingleServerLock & { readonly events: string[] };

async function startServer(): Promise<Server> {
  const events: string[] = [];
  const lock = await acquireSingleServerLock({
    connectionString,
    log: silentLog,
    onLost: () => events.push('lost'),
    onRegained: () => events.push('regained'),
    onTaken: (holder) => events.push(`taken by ${holder}`),
  });
  undo.add(() => lock.release());
  return { release: () => lock.release(), events };
}

async function openSession(): Promise<Client> {
  const client = new Client({ connectionString, application_name: 'chat-server 123456 pid 77 on elsewhere' });
  await client.connect();
  undo.add(() => client.end());
  return client;
}

const holders = `select pid from pg_locks where locktype = 'advisory' and classid::int8 = ${advisoryLocks.singleServer[0]} and granted
  and database = (select oid from pg_database where datname = current_database())`;

it('refuses a second server in one line that says where the first is', async () => {
  const first = await startServer();
  await expect(startServer()).rejects.toMatchObject({
    code: 'database-in-use',
    message: expect.stringContaining(`another chat server (pid ${process.pid} on ${hostname()}, from 127.0.0.1) uses this database`) as string,
  });
  expect(first.events).toEqual([]);
});

it('lets exactly one of five win that start in the same instant', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 5 }, startServer));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'database-in-use' });
  }
});

it('lets the next one start when it is released, and when its process is killed', async () => {
  await (await startServer()).release();
  await (await startServer()).release();
  const script = fileURLToPath(new URL('single-server-lock.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [script, connectionString], { stdio: ['ignore', 'pipe', 'inherit'] });
  undo.add(() => Promise.resolve(child.kill('SIGKILL')));
  await once(child.stdout, 'data');
  await expect(startServer()).rejects.toThrow(`pid ${child.pid} on`);
  child.kill('SIGKILL');
  expect((await startServer()).events).toEqual([]);
});

it('tells when it is lost, and takes it again', async () => {
  const server = await startServer();
  const session = await openSession();
  for (const round of [1, 2]) {
    await session.query(`select pg_terminate_backend(pid) from (${holders}) as holder`);
    expect(await pollUntil(() => server.events.length === 2 * round, { timeoutMs: 20_000 })).toBe(true);
  }
  expect(server.events).toEqual(['lost', 'regained', 'lost', 'regained']);
  await expect(startServer()).rejects.toMatchObject({ code: 'database-in-use' });
});

it('tells when another server has taken it meanwhile, and tries no more', async () => {
  const server = await startServer();
  const other = await openSession();
  // Waits for the lock before the first one is thrown out: so it is the next.
  const taken = other.query('select pg_advisory_lock($1, $2)', [...advisoryLocks.singleServer]);
  const session = await openSession();
  expect(await pollUntil(async () => (await session.query(`select from pg_locks where locktype = 'advisory' and not granted`)).rowCount === 1, { timeoutMs: 10_000 })).toBe(true);
  await session.query(`select pg_terminate_backend(pid) from (${holders}) as holder`);
  await taken;
  expect(await pollUntil(() => server.events.length === 2, { timeoutMs: 30_000 })).toBe(true);
  expect(server.events).toEqual(['lost', 'taken by pid 77 on elsewhere, from 127.0.0.1']);
  await server.release();
  expect((await session.query(holders)).rowCount).toBe(1);
});

it('does not call its own session another server, when that one lives on without a connection', async () => {
  const server = await startServer();
  const session = await openSession();
  const own = await session.query<{ name: string; pid: number }>(`select application_name as name, pid from pg_stat_activity join (${holders}) as holder using (pid)`);
  const stale = new Client({ connectionString, application_name: own.rows[0]?.name });
  stale.on('error', () => undefined);
  await stale.connect();
  const taken = stale.query('select pg_advisory_lock($1, $2)', [...advisoryLocks.singleServer]);
  await session.query('select pg_terminate_backend($1)', [own.rows[0]?.pid]);
  await taken;
  expect(await pollUntil(() => server.events.length === 2, { timeoutMs: 20_000 })).toBe(true);
  expect(server.events).toEqual(['lost', 'regained']);
});
