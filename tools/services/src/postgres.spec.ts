import { Client } from 'pg';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectGone } from './fixture/expect-gone.ts';
import { reachableFolder } from './postgres-binaries.ts';
import { startPostgres, type PostgresOptions } from './postgres.ts';
import { descendants, isAlive } from './process-tree.ts';
import type { Service } from './service.ts';
import { isReachableByOthers } from './work-folder.ts';

async function runningPostgres(options: PostgresOptions = {}): Promise<Service> {
  const service = await startPostgres(options);
  onTestFinished(() => service.stop());
  return service;
}

async function query(service: Service, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: service.url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

test('answers queries, with fsync, as UTF-8; its pid is the postmaster', async () => {
  const service = await runningPostgres();
  expect(await query(service, 'show fsync')).toEqual(['on']);
  expect(await query(service, 'show server_encoding')).toEqual(['UTF8']);
  expect(await query(service, `select lower('ÄÖ한글')`)).toEqual(['äö한글']);
  expect(await query(service, 'show server_version_num').then(([number]) => Number(number))).toBeGreaterThan(180_000);
  const [backend] = await query(service, 'select pg_backend_pid()');
  expect(descendants(service.pid).length).toBeGreaterThan(0);
  // That connection has ended, and its process ends a moment later.
  await expect.poll(() => descendants(service.pid), { timeout: 10_000 }).not.toContain(backend);
});

test('stop leaves no process, no listener and no folder', async () => {
  const service = await runningPostgres();
  const pids = [service.pid, ...descendants(service.pid)];
  await service.stop();
  await expectGone({ pids, ports: [service.port], dirs: [service.dir] });
});

test('keeps what was committed, through a restart and through SIGKILL', async () => {
  const service = await runningPostgres();
  await query(service, 'create table entry (seq int)');
  for (const again of [
    () => service.restart(),
    async () => {
      const pids = [service.pid, ...descendants(service.pid)];
      await service.kill('SIGKILL');
      expect(pids.filter(isAlive)).toEqual([]);
      await service.start();
    },
  ]) {
    await query(service, 'insert into entry select count(*) from entry');
    await again();
  }
  expect(await query(service, 'select seq from entry order by seq')).toEqual([0, 1]);
});

test('SIGSTOP stops the connections too, not the postmaster alone', async () => {
  const service = await runningPostgres();
  const client = new Client({ connectionString: service.url });
  await client.connect();
  onTestFinished(() => client.end());
  await service.kill('SIGSTOP');
  const answer = client.query('select 1 as one').then(({ rows }) => rows as unknown);
  const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'silence'))]);
  expect(first).toBe('silence');
  await service.kill('SIGCONT');
  expect(await answer).toEqual([{ one: 1 }]);
});

test('takes settings, and asks for the password', async () => {
  const service = await runningPostgres({ settings: { max_connections: '17' } });
  expect(await query(service, 'show max_connections')).toEqual(['17']);
  const stranger = new Client({ connectionString: service.url.replace(/:[0-9a-f]+@/, ':wrong@') });
  await expect(stranger.connect()).rejects.toThrow(/password authentication failed/);
});

test("runs the distribution's PostgreSQL where asked to", async () => {
  const service = await runningPostgres({ distribution: true });
  expect(await query(service, 'select 1 + 1')).toEqual([2]);
});

test('never runs as root; as root it runs as the named user', async () => {
  for (const options of [{}, { systemUser: 'nobody' }]) {
    const service = await runningPostgres(options);
    expect(statSync(`/proc/${service.pid}`).uid).not.toBe(0);
    expect(await query(service, 'select 1')).toEqual([1]);
  }
});

test('binaries below a folder that others cannot enter are copied to where they can, once', () => {
  const closed = mkdtempSync(join(tmpdir(), 'chat-closed-')); // made with mode 0700
  const version = `test-${process.pid}`;
  onTestFinished(() => rmSync(closed, { recursive: true }));
  mkdirSync(join(closed, 'native'));
  writeFileSync(join(closed, 'native', 'postgres'), '#!/bin/sh\necho ran\n', { mode: 0o755 });
  const copy = reachableFolder(join(closed, 'native'), version);
  onTestFinished(() => rmSync(copy, { recursive: true }));
  expect(isReachableByOthers(copy)).toBe(true);
  expect(readFileSync(join(copy, 'postgres'), 'utf8')).toContain('echo ran');
  expect(reachableFolder(join(closed, 'native'), version)).toBe(copy);
  expect(reachableFolder(copy, version)).toBe(copy);
});
