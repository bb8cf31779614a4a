import { startPostgres, type Service } from '@chat/services';
import type {} from '@chat/services/vitest-global-setup';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { migrations as released } from './migrations/index.ts';
import { runMigrations, type Migration } from './migrations.ts';
import { silentLog, Undo } from './server-process.fixture.ts';
import { makeEmptyDatabase } from './test-database.fixture.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const first: Migration = { id: 1, name: 'rooms', sql: 'create table rooms (id integer primary key); insert into rooms values (1);' };
const second: Migration = { id: 2, name: 'topics', sql: `alter table rooms add topic text not null default 'none'` };
const third: Migration = { id: 3, name: 'one more room', sql: 'insert into rooms values (3)' };
const failing: Migration = { id: 3, name: 'a mistake', sql: 'insert into rooms values (2); insert into nowhere values (1);' };

const undo = new Undo();
afterEach(() => undo.all());

let distribution: Service;
beforeAll(async () => {
  distribution = await startPostgres({ distribution: true });
});
afterAll(() => distribution.stop());

describe.each([
  { server: 'PostgreSQL as npm brings it', serverUrl: () => inject('services').databaseUrl },
  { server: 'PostgreSQL as the distribution has it', serverUrl: () => distribution.url },
])('migrations on $server', ({ serverUrl }) => {
  it('run in their order, once', async () => {
    const url = await emptyDatabase(serverUrl());
    expect(await migrate(url, [first, second])).toEqual([1, 2]);
    expect(await migrate(url, [first, second])).toEqual([]);
    expect(await migrate(url, [first, second, third])).toEqual([3]);
    expect(await ask(url, 'select id, topic from rooms order by id')).toEqual([{ id: 1, topic: 'none' }, { id: 3, topic: 'none' }]);
    expect(await ask(url, 'select id, name from schema_migrations order by id')).toEqual([
      { id: 1, name: 'rooms' },
      { id: 2, name: 'topics' },
      { id: 3, name: 'one more room' },
    ]);
  });

  it('run once though six servers start together', async () => {
    const url = await emptyDatabase(serverUrl());
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => migrate(url, [first, second, third])));
    expect(outcomes.filter((applied) => applied.length > 0)).toEqual([[1, 2, 3]]);
    expect(await ask(url, 'select id from rooms order by id')).toEqual([{ id: 1 }, { id: 3 }]);
  });

  it.each([
    ['an empty database', 0],
    ['the first released schema', 1],
  ])('[BOOT-10] three servers that start together on %s: one brings it to the present one, and no one fails', async (_from, before) => {
    const url = await emptyDatabase(serverUrl());
    await migrate(url, released.slice(0, before));
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => migrate(url, released)));
    const pending = released.slice(before).map(({ id }) => id);
    expect(outcomes.filter((applied) => applied.length > 0)).toEqual(pending.length > 0 ? [pending] : []);
    expect(await ask(url, 'select id from schema_migrations order by id')).toEqual(released.map(({ id }) => ({ id })));
  });

  it('stop at one that fails, which leaves nothing behind, and go on there when it is corrected', async () => {
    const url = await emptyDatabase(serverUrl());
    await expect(migrate(url, [first, second, failing])).rejects.toMatchObject({
      code: 'migration-failed',
      message: 'database migration 3 (a mistake) failed and was undone: relation "nowhere" does not exist',
    });
    expect(await ask(url, 'select id from rooms')).toEqual([{ id: 1 }]);
    expect(await migrate(url, [first, second, third])).toEqual([3]);
  });

  it('refuse a database that is newer than the code, in one line', async () => {
    const url = await emptyDatabase(serverUrl());
    await migrate(url, [first, second, third]);
    await expect(migrate(url, [first, second])).rejects.toMatchObject({
      code: 'database-newer-than-code',
      message:
        'the database is at migration 3 (one more room), and this server knows only 2: start the newer server, or restore a backup from before it',
    });
  });

  it('refuse a database in which one of them ran in another form', async () => {
    const url = await emptyDatabase(serverUrl());
    await migrate(url, [first, second]);
    const edited = { ...first, sql: `${first.sql} insert into rooms values (9);` };
    await expect(migrate(url, [edited, second])).rejects.toMatchObject({ code: 'migration-changed', message: expect.stringContaining('migration 1 (rooms)') as string });
  });
});

it('a list with a hole is refused before anything runs', async () => {
  await expect(migrate('postgresql://127.0.0.1:1/nowhere', [first, third])).rejects.toMatchObject({ code: 'migration-list-invalid' });
});

it('a database that does not come up is reported in one line', async () => {
  await expect(runMigrations({ connectionString: 'postgresql://127.0.0.1:1/nowhere', migrations: [first], log: silentLog, patienceMs: 300 })).rejects.toMatchObject({
    code: 'database-unreachable',
    message: 'the database cannot be used: connect ECONNREFUSED 127.0.0.1:1',
  });
});

it('a wrong password is not tried twice', async () => {
  const url = new URL(inject('services').databaseUrl);
  url.password = 'wrong';
  const waits: string[] = [];
  const log = { ...silentLog, info: (_: object, message: string) => void waits.push(message) };
  await expect(runMigrations({ connectionString: url.href, migrations: [first], log, patienceMs: 60_000 })).rejects.toMatchObject({ code: 'database-unreachable' });
  expect(waits).toEqual([]);
});

async function emptyDatabase(serverUrl: string): Promise<string> {
  const database = await makeEmptyDatabase(serverUrl);
  undo.add(() => database.drop());
  return database.url;
}

async function migrate(connectionString: string, migrations: readonly Migration[]): Promise<number[]> {
  return (await runMigrations({ connectionString, migrations, log: silentLog })).applied;
}

async function ask(connectionString: string, sql: string): Promise<object[]> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<object>(sql).finally(() => client.end());
  return rows;
}
