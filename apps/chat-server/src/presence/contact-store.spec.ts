import { Pool } from 'pg';
import type {} from '@chat/services/vitest-global-setup'; // declares what inject knows
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import { PostgresContactStore } from './contact-store.ts';

// anna, ben: a direct conversation. anna, carl, dora: a room of 3. Everyone: a room that says it has 10,000 members.

let database: TestDatabase;
let pool: Pool;
let contacts: PostgresContactStore;
const numberOf = new Map<string, number>();

beforeAll(async () => {
  database = await createTestDatabase(inject('services').databaseUrl);
  pool = new Pool({ connectionString: database.url });
  contacts = new PostgresContactStore(pool, 100);
  for (const id of ['anna', 'ben', 'carl', 'dora', 'emil']) {
    const { rows } = await pool.query<{ user_no: number }>(
      'insert into users (id, display_name, search_name) values ($1, $1, $1) returning user_no',
      [id],
    );
    numberOf.set(id, rows[0]?.user_no ?? 0);
  }
  await conversation('direct:anna:ben', ['anna', 'ben']);
  await room('smallroom', 3, ['anna', 'carl', 'dora']);
  await room('largeroom', 10_000, ['anna', 'ben', 'carl', 'dora', 'emil']);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function conversation(id: string, members: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ conversation_no: number }>('insert into conversations (id) values ($1) returning conversation_no', [id]);
  const conversationNo = rows[0]?.conversation_no ?? 0;
  for (const member of members) {
    await pool.query('insert into members (user_no, conversation_no) values ($1, $2)', [numberOf.get(member), conversationNo]);
  }
  return conversationNo;
}

async function room(roomId: string, size: number, members: readonly string[]): Promise<void> {
  const conversationNo = await conversation(`room:${roomId}`, members);
  await pool.query(
    `insert into rooms (conversation_no, room_id, name, search_name, visibility, history, members, created_by)
     values ($1, $2, $2, $2, 1, 1, $3, $4)`,
    [conversationNo, roomId, size, numberOf.get('anna')],
  );
}

async function contactsOf(...userIds: string[]): Promise<Record<string, string[]>> {
  const found = await contacts.contactsOf(userIds.map((userId) => numberOf.get(userId) ?? 0));
  return Object.fromEntries(userIds.map((userId) => [userId, [...(found.get(numberOf.get(userId) ?? 0) ?? [])].sort()]));
}

it('[PRES-4] people see those of their direct conversations and small rooms, and nobody for a large room alone', async () => {
  expect(await contactsOf('anna', 'ben', 'carl', 'emil')).toEqual({
    anna: ['ben', 'carl', 'dora'],
    ben: ['anna'],
    carl: ['anna', 'dora'],
    emil: [],
  });
  expect([...(await contacts.membersOf(['smallroom', 'largeroom']))].sort()).toEqual(
    ['anna', 'carl', 'dora'].map((userId) => numberOf.get(userId)).sort(),
  );
});

it('[PRES-4] who has left sees the others no more, nor do they', async () => {
  await pool.query('update members set left_seq = 9 where user_no = $1 and conversation_no <> 1', [numberOf.get('carl')]);
  expect(await contactsOf('anna', 'carl', 'dora')).toEqual({ anna: ['ben', 'dora'], carl: [], dora: ['anna'] });
});
