import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pollUntil } from '@chat/services';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.ts';
import { InitialisedFolders, silentLog, Undo } from './server-process.fixture.ts';

// On a busy machine a first start takes 10 s and more.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const initialised = new InitialisedFolders();
beforeAll(() => initialised.make());
afterAll(() => initialised.remove());

const undo = new Undo();
afterEach(() => undo.all());

async function initialisedFolder(): Promise<string> {
  const dataDir = await undo.folder();
  await initialised.copyTo(dataDir);
  return dataDir;
}

async function start(dataDir: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog });
  undo.add(() => postgres.stop());
  return postgres;
}

async function ask<Row extends object>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('an embedded PostgreSQL', () => {
  it('keeps its data from one start to the next', async () => {
    const dataDir = join(await undo.folder(), 'not', 'there', 'yet');
    const first = await start(dataDir);
    await ask(first.connectionString, 'create table kept as select 7 as number');
    await first.stop();
    const second = await start(dataDir);
    expect(await ask(second.connectionString, 'select number from kept')).toEqual([{ number: 7 }]);
    expect(await readFile(join(dataDir, 'server.pid'), 'utf8')).toBe(`${process.pid}\n`);
    expect(second.pid).not.toBe(first.pid);
  });

  it('stops for good: nothing runs, nothing is locked, and stopping again does nothing', async () => {
    const dataDir = await initialisedFolder();
    const postgres = await start(dataDir);
    await postgres.stop();
    expect(await postgres.exited).toEqual({ code: 0, signal: null, expected: true });
    expect(() => process.kill(postgres.pid, 0)).toThrow('ESRCH');
    const next = await start(dataDir);
    await postgres.stop();
    expect(await readdir(dataDir)).toContain('server.pid');
    expect(await ask(next.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('is durable, off the network, and reached only through a folder of its account', async () => {
    const dataDir = await initialisedFolder();
    const { connectionString } = await start(dataDir);
    const names = ['fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'max_connections', 'shared_buffers', 'logging_collector'];
    const settings = await ask<{ name: string; setting: string }>(connectionString, `select name, current_setting(name) as setting from unnest(array['${names.join("','")}']) as name`);
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      listen_addresses: '',
      max_connections: '50',
      shared_buffers: '128MB',
      logging_collector: 'off',
    });
    expect((await stat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
  });

  it('gives the chat server its own database, and no rights beyond it', async () => {
    const { connectionString } = await start(await initialisedFolder());
    const [who] = await ask<object>(connectionString, 'select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user');
    expect(who).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false });
    await expect(ask(connectionString, `select pg_read_file('/etc/passwd')`)).rejects.toThrow('permission denied');
    await expect(ask(connectionString, `copy (select 1) to program 'true'`)).rejects.toThrow('permission denied');
    await ask(connectionString, 'create extension pg_trgm');
    expect(await ask(connectionString, `select lower('ÄÖ') as lower, similarity('chat', 'chats') > 0.5 as similar`)).toEqual([{ lower: 'äö', similar: true }]);
  });

  it('writes its log beside the data, without what people wrote', async () => {
    const dataDir = await initialisedFolder();
    const postgres = await start(dataDir);
    await ask(postgres.connectionString, 'create table said (text text primary key)');
    await ask(postgres.connectionString, `insert into said values ('a secret')`);
    await expect(ask(postgres.connectionString, `insert into said values ('a secret')`)).rejects.toThrow('duplicate key');
    await postgres.stop();
    const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key value violates unique constraint');
    expect(log).not.toContain('a secret');
  });

  it('listens in a short temporary folder where the data folder’s path is too long for a socket', async () => {
    const dataDir = join(await undo.folder(), 'long'.repeat(30));
    await initialised.copyTo(dataDir);
    const postgres = await start(dataDir);
    const socketFolder = new URLSearchParams(postgres.connectionString.split('?')[1]).get('host') ?? '';
    expect(socketFolder.length).toBeLessThan(80);
    expect((await stat(socketFolder)).mode & 0o777).toBe(0o700);
    expect(await ask(postgres.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
    await postgres.stop();
    await expect(stat(socketFolder)).rejects.toThrow('ENOENT');
  });

  it('says so when it ends by itself', async () => {
    const postgres = await start(await initialisedFolder());
    process.kill(postgres.pid, 'SIGKILL');
    expect(await postgres.exited).toEqual({ code: null, signal: 'SIGKILL', expected: false });
  });

  it('does not get the signals of the chat server’s terminal', async () => {
    const { pid } = await start(await initialisedFolder());
    const groupOf = async (of: number | 'self'): Promise<string | undefined> =>
      (await readFile(`/proc/${of}/stat`, 'utf8')).split(') ')[1]?.split(' ')[2];
    const own = await groupOf('self');
    expect(await groupOf(pid)).not.toBe(own);
    expect(await pollUntil(async () => (await groupOf(pid)) === String(pid), { timeoutMs: 1_000 })).toBe(true);
  });
});
