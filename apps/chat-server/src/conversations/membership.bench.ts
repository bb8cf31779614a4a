/**
 * What appending costs in a room of 100,000 members beside one of 100: `node src/conversations/membership.bench.ts [rounds]`
 * in apps/chat-server. Rounds of the two take turns, so that a busy machine slows both, and the median of each counts:
 * CPU time, of the database's process and of this one. Fails where the larger room costs a tenth more.
 */
import { startPostgres } from '@chat/services';
import { readFileSync } from 'node:fs';
import { argv, cpuUsage, pid } from 'node:process';
import { Client } from 'pg';
import { createTestDatabase, openTestStore, type TestStore } from '../testing/test-database.ts';
import { clientKey, type OpenConversation } from './log-entry.ts';
import type { UserRef } from './message-store.port.ts';

const ROUNDS = Number(argv[2] ?? 60);
const BATCHES_PER_ROUND = 20;
const WARMING_ROUNDS = 5;
const BATCH = 100;
const SIZES = [100, 100_000] as const;
const MOST = 1.1;

type Contender = { readonly members: number; readonly conversation: OpenConversation; readonly owner: UserRef; readonly postgres: number[]; readonly node: number[] };

async function roomOf(members: number, client: Client, { memberships }: TestStore): Promise<Contender> {
  const { rows } = await client.query<{ user_no: number; id: string }>(
    `insert into users (id, display_name, search_name) select 'u' || $1::integer || '-' || n, 'u', 'u' from generate_series(1, $1::integer) n returning user_no, id`,
    [members],
  );
  const [first] = rows;
  if (first === undefined) throw new Error('There are no users.');
  const owner = { userNo: first.user_no, userId: first.id };
  const roomId = `room${String(members).padStart(8, '0')}`;
  const kind = { name: 'Room', searchName: 'room', topic: '', picture: null, visibility: 'public', history: 'all' } as const;
  const { conversationId, conversationNo } = await memberships.createRoom({ ...kind, roomId, owner, key: clientKey('room') });
  await client.query(
    `insert into members (user_no, conversation_no, joined_seq, joined_at)
     select user_no, $1, 1, now_ms() from users where id like 'u' || $2::integer || '-%' and user_no <> $3`,
    [conversationNo, members, owner.userNo],
  );
  await client.query('update rooms set members = $2 where conversation_no = $1', [conversationNo, members]);
  return { members, owner, conversation: { conversationId, conversationNo, leaveVersion: 0 }, postgres: [], node: [] };
}

/** CPU time that a process has had: /proc/<pid>/stat has it in hundredths of a second only. */
function processUs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1_000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

let keys = 0;
async function round({ store }: TestStore, backend: number, contender: Contender): Promise<void> {
  const { conversation, owner } = contender;
  const [postgres, node] = [processUs(backend), cpuUsage()];
  for (let batch = 0; batch < BATCHES_PER_ROUND; batch++) {
    const entries = Array.from({ length: BATCH }, () => {
      const key = clientKey(`k${++keys}`);
      return { conversation, senderNo: owner.userNo, from: owner.userId, type: 'CHAT', key, message: 'What everybody says in a room.', details: null } as const;
    });
    const answers = await store.append(entries);
    if (answers.some((answer) => 'refused' in answer)) throw new Error('An entry was refused.');
  }
  const { user, system } = cpuUsage(node);
  contender.postgres.push((processUs(backend) - postgres) / BATCHES_PER_ROUND / BATCH);
  contender.node.push((user + system) / BATCHES_PER_ROUND / BATCH);
}

const postgres = await startPostgres();
const database = await createTestDatabase(postgres.url);
const store = openTestStore(database.url);
const client = new Client({ connectionString: database.url });
try {
  await client.connect();
  const contenders = [await roomOf(SIZES[0], client, store), await roomOf(SIZES[1], client, store)] as const;
  await client.query('analyze');
  const [first] = contenders;
  await round(store, pid, first); // opens the connection
  const { rows } = await client.query<{ pid: number }>(`select pid from pg_stat_activity where datname = current_database() and application_name like '%append%'`);
  const backend = rows[0]?.pid;
  if (backend === undefined || rows.length > 1) throw new Error('The connection that appends is not to be told.');
  first.postgres.length = first.node.length = 0;
  for (let i = -WARMING_ROUNDS; i < ROUNDS; i++) {
    // Who goes first changes as well.
    for (const contender of i % 2 === 0 ? contenders : contenders.toReversed()) await round(store, backend, contender);
  }
  const [small, large] = contenders.map(({ members, postgres, node }) => {
    const each = { postgres: median(postgres.slice(WARMING_ROUNDS)), node: median(node.slice(WARMING_ROUNDS)) };
    const [ofPostgres, ofNode] = [each.postgres, each.node].map((us) => us.toFixed(2).padStart(7));
    console.log(`${String(members).padStart(7)} members   PostgreSQL ${ofPostgres} µs   Node ${ofNode} µs   for an entry`);
    return each;
  });
  if (small === undefined || large === undefined) throw new Error('There are two rooms.');
  const ratio = (large.postgres + large.node) / (small.postgres + small.node);
  console.log(`ratio ${ratio.toFixed(3)} (PostgreSQL ${(large.postgres / small.postgres).toFixed(3)}, Node ${(large.node / small.node).toFixed(3)})`);
  if (!(ratio < MOST)) throw new Error(`A send costs more in the larger room: ${ratio.toFixed(3)} times.`);
} finally {
  await client.end();
  await store.close();
  await postgres.stop();
}
