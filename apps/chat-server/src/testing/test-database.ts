import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { pino } from 'pino';
import { PostgresCursorStore } from '../conversations/cursor-store.postgres.ts';
import { PostgresMembershipStore } from '../conversations/membership-store.postgres.ts';
import { PostgresMessageStore } from '../conversations/message-store.postgres.ts';
import type { UserRef } from '../conversations/message-store.port.ts';
import { migrations } from '../database/migrations/index.ts';
import { runMigrations } from '../database/migrations.ts';
import { openPools } from '../lifecycle/database.ts';

export type TestDatabase = {
  readonly url: string;
  /** Forgets the database; connections to it are cut. */
  drop(): Promise<void>;
};

/** A database of its own on a real PostgreSQL, with the schema, or that of an earlier release. */
export async function createTestDatabase(serverUrl: string, schema = migrations): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await runMigrations({ connectionString: url.href, migrations: schema, log: pino({ level: 'silent' }) });
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

/** As the setting's default. */
const READ_RECEIPT_MEMBERS = 100;

export type TestStore = {
  readonly store: PostgresMessageStore;
  readonly cursors: PostgresCursorStore;
  readonly memberships: PostgresMembershipStore;
  addUser(userId: string): Promise<UserRef>;
  turnReceiptsOff(user: UserRef): Promise<void>;
  /** Holds a conversation's row until the answer is called. */
  lockConversation(conversationNo: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
};

/** A message store as a server opens it. */
export function openTestStore(url: string): TestStore {
  const log = pino({ level: 'silent' });
  const { pool, appendPool } = openPools(url, { purpose: 'test', log, maxConnections: 4 });
  return {
    store: new PostgresMessageStore({ pool, appendPool }, READ_RECEIPT_MEMBERS),
    cursors: new PostgresCursorStore(pool, READ_RECEIPT_MEMBERS),
    memberships: new PostgresMembershipStore(pool),
    addUser: async (userId) => {
      const { rows } = await pool.query<{ user_no: number }>(
        'insert into users (id, display_name, search_name) values ($1, $1, $1) returning user_no',
        [userId],
      );
      const userNo = rows[0]?.user_no;
      if (userNo === undefined) throw new Error('The user was not made.');
      return { userNo, userId };
    },
    turnReceiptsOff: async ({ userNo }) => {
      await pool.query('update users set read_receipts = false where user_no = $1', [userNo]);
    },
    lockConversation: async (conversationNo) => {
      const client = await pool.connect();
      await client.query('begin');
      await client.query('select 1 from conversations where conversation_no = $1 for update', [conversationNo]);
      return async () => {
        await client.query('rollback');
        client.release();
      };
    },
    close: async () => {
      await Promise.all([pool.end(), appendPool.end()]);
    },
  };
}
