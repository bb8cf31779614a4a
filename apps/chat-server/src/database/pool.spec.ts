import { connect, createServer, type Socket } from 'node:net';
import { pollUntil } from '@chat/services';
import type {} from '@chat/services/vitest-global-setup';
import type { Pool } from 'pg';
import { afterEach, expect, inject, it } from 'vitest';
import { createPool, timeoutsWithinLease, type PoolOptions } from './pool.ts';
import { silentLog, Undo } from './server-process.fixture.ts';

const undo = new Undo();
afterEach(() => undo.all());

function openPool(options: Partial<PoolOptions> = {}, url = inject('services').databaseUrl): Pool {
  const pool = createPool(url, { purpose: 'pool test', log: silentLog, ...options });
  undo.add(() => pool.end());
  return pool;
}

async function backendOf(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ backend: number }>('select pg_backend_pid() as backend');
  return rows[0]?.backend ?? 0;
}

it('gives int8 as numbers, and fails a query rather than rounding one', async () => {
  const pool = openPool();
  const { rows } = await pool.query(`select $1::int8 as one, array[1, null, -9007199254740991]::int8[] as many, '{}'::int8[] as none`, [9007199254740991]);
  expect(rows).toEqual([{ one: 9007199254740991, many: [1, null, -9007199254740991], none: [] }]);
  await expect(pool.query('select 9007199254740992 as one')).rejects.toThrow('the int8 9007199254740992 does not fit into a number');
  await expect(pool.query(`select array[9007199254740992] as many`)).rejects.toThrow(RangeError);
});

it('says in pg_stat_activity what it is for and whose it is', async () => {
  const { rows } = await openPool({ purpose: 'appender' }).query<{ name: string }>(`select current_setting('application_name') as name`);
  expect(rows[0]?.name).toMatch(new RegExp(`^appender pid ${process.pid} on `));
});

it('passes the options of the connection string on, beside its own', async () => {
  const url = `${inject('services').databaseUrl}?options=${encodeURIComponent('-c plan_cache_mode=force_generic_plan')}`;
  const { rows } = await openPool({ answerTimeoutMs: 1_234 }, url).query(
    `select current_setting('plan_cache_mode') as mode, current_setting('tcp_user_timeout') as unanswered, current_setting('tcp_keepalives_idle') as idle`,
  );
  expect(rows).toEqual([{ mode: 'force_generic_plan', unanswered: '1234', idle: '2' }]);
});

it('lets no statement run, nor wait for a lock, longer than asked', async () => {
  const pool = openPool({ statementTimeoutMs: 200, answerTimeoutMs: 10_000 });
  await expect(pool.query('select pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
  const holder = await openPool().connect();
  await holder.query('select pg_advisory_lock(1, 7)');
  await expect(pool.query('select pg_advisory_lock(1, 7)')).rejects.toMatchObject({ code: expect.stringMatching(/^(57014|55P03)$/) as string });
  holder.release();
});

it('survives the loss of a connection, idle or checked out', async () => {
  const killer = openPool();
  const pool = openPool({ maxConnections: 1 });
  const idle = await backendOf(pool);
  await killer.query('select pg_terminate_backend($1)', [idle]);
  expect(await pollUntil(() => pool.totalCount === 0, { timeoutMs: 10_000 })).toBe(true);
  const client = await pool.connect();
  const lost = new Promise((resolve) => client.once('end', resolve));
  const { rows } = await client.query<{ backend: number }>('select pg_backend_pid() as backend');
  await killer.query('select pg_terminate_backend($1)', [rows[0]?.backend]);
  await lost;
  await expect(client.query('select 1')).rejects.toThrow();
  client.release();
  expect(await backendOf(pool)).not.toBe(idle);
});

it('resets a connection that does not answer, so that the statement cannot arrive later', async () => {
  const network = await openNetwork();
  const pool = openPool({ statementTimeoutMs: 100, answerTimeoutMs: 300, maxConnections: 1 }, network.url);
  await pool.query('create temporary table written (number integer)');
  network.cut();
  await expect(pool.query('insert into written values (1)')).rejects.toThrow('Query read timeout');
  expect(await network.clientEnded).toBe('ECONNRESET');
});

it('splits a third of the lease between the server and us', () => {
  expect(timeoutsWithinLease(6_000)).toEqual({ statementTimeoutMs: 800, answerTimeoutMs: 1_200 });
});

type Network = { url: string; cut(): void; clientEnded: Promise<string> };

/** A network between the pool and PostgreSQL, which can stop carrying anything. */
async function openNetwork(): Promise<Network> {
  const url = new URL(inject('services').databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const sockets: Socket[] = [];
  let reportEnd: (how: string) => void = () => undefined;
  const clientEnded = new Promise<string>((resolve) => (reportEnd = resolve));
  const server = createServer((client) => {
    const database = connect(target);
    sockets.push(client, database);
    client.pipe(database).pipe(client);
    client.on('end', () => reportEnd('ended in order'));
    client.on('error', (error) => reportEnd('code' in error ? String(error.code) : error.message));
    database.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.add(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  url.port = String(typeof address === 'object' ? address?.port : '');
  return {
    url: url.href,
    clientEnded,
    cut: () => {
      for (const socket of sockets) socket.unpipe();
      // What arrives is read and thrown away: only so does the end of the connection show.
      for (const socket of sockets) socket.resume();
    },
  };
}
