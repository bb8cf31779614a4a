import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { pino } from 'pino';
import { APPEND_OPTIONS } from '../conversations/statements.ts';
import { PostgresMessageStore } from '../conversations/message-store.postgres.ts';
import type { UserRef } from '../conversations/message-store.port.ts';
import { migrations } from '../database/migrations/index.ts';
import { runMigrations } from '../database/migrations.ts';
import { createPool } from '../database/pool.ts';

export type TestDatabase = {
  readonly url: string;
  /** Forgets the database; connections to it are cut. */
  drop(): Promise<void>;
};

/** A database of its own on a real PostgreSQL, with the schema. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await runMigrations({ connectionString: url.href, migrations, log: pino({ level: 'silent' }) });
  return { url: url.href, drop: () => administer(serverUrl, `drop database ${name} with (force)`) };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export type TestStore = {
  readonly store: PostgresMessageStore;
  addUser(userId: string): Promise<UserRef>;
  close(): Promise<void>;
};

/** A message store as a server opens it. */
export function openTestStore(url: string): TestStore {
  const log = pino({ level: 'silent' });
  const pool = createPool(url, { purpose: 'test', log, maxConnections: 4 });
  const appendUrl = `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent(APPEND_OPTIONS)}`;
  const appendPool = createPool(appendUrl, { purpose: 'test append', log, maxConnections: 1 });
  return {
    store: new PostgresMessageStore({ pool, appendPool }),
    addUser: async (userId) => {
      const { rows } = await pool.query<{ user_no: number }>(
        'insert into users (id, display_name, search_name) values ($1, $1, $1) returning user_no',
        [userId],
      );
      const userNo = rows[0]?.user_no;
      if (userNo === undefined) throw new Error('The user was not made.');
      return { userNo, userId };
    },
    close: async () => {
      await Promise.all([pool.end(), appendPool.end()]);
    },
  };
}
