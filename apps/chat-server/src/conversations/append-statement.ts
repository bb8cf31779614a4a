import { DatabaseError, type Pool, type PoolClient } from 'pg';
import { ENTRY_TYPE_NUMBER, entryTypeOf, type EntryContent, type EntryDetails } from './log-entry.ts';
import type { Appended, NewEntry } from './message-store.port.ts';
import { storeError, UNIQUE_VIOLATION } from './postgres-errors.ts';
import { integerArray, textArray } from './postgres-arrays.ts';

/**
 * One statement stores a batch: it moves `last_seq` of each conversation and inserts the entries behind it. The update
 * takes the conversations' rows in the order of their numbers (the outer side of a nested loop), so that two servers
 * cannot wait for each other; under READ COMMITTED it goes on from the newest `last_seq` after waiting. Repeats are
 * left to the unique key, which sees what others committed meanwhile, as a look-up before the lock would not.
 * The division fails the statement, and thus changes nothing, should a conversation be missing.
 */
const APPEND = `
with moved as (
  update conversations c set last_seq = c.last_seq + b.entries
  from unnest($1::integer[], $2::integer[]) with ordinality as b(conversation_no, entries, place)
  where c.conversation_no = b.conversation_no
  returning b.place, c.last_seq - b.entries as base
), batch as (
  select array_agg(base order by place) as base, now_ms() as at,
         1 / (count(*) = cardinality($1::integer[]))::integer as complete from moved
), inserted as (
  insert into entries (conversation_no, seq, sender_no, type, sent_at, key, message, details)
  select e.conversation_no, batch.base[e.place] + e.number, e.sender_no, e.type, batch.at, e.key, e.message, e.details::jsonb
  from batch, unnest($3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::smallint[], $8::text[], $9::text[], $10::text[])
    as e(conversation_no, place, number, sender_no, type, key, message, details)
)
select base, at, complete from batch`;

// pg parses a single bigint as we set it up, but leaves those in an array as text.
type AppendRow = { base: (number | string)[]; at: number };

/** Where each entry of a batch stands: among the distinct conversations (from 1), and within its conversation (from 1). */
type Layout = { readonly conversations: number[]; readonly counts: number[]; readonly place: number[]; readonly number: number[] };

function layOut(batch: readonly NewEntry[]): Layout {
  const conversations = [...new Set(batch.map((entry) => entry.conversation.conversationNo))].sort((a, b) => a - b);
  const placeOf = new Map(conversations.map((conversationNo, index) => [conversationNo, index + 1]));
  const counts = new Array<number>(conversations.length).fill(0);
  const place: number[] = [];
  const number: number[] = [];
  for (const entry of batch) {
    const at = placeOf.get(entry.conversation.conversationNo) ?? 0; // every conversation of the batch is in the map
    const count = (counts[at - 1] ?? 0) + 1;
    counts[at - 1] = count;
    place.push(at);
    number.push(count);
  }
  return { conversations, counts, place, number };
}

/** Stores a batch. See `MessageStore.append` for what is promised. */
export async function append(pool: Pool, batch: readonly NewEntry[]): Promise<readonly Appended[]> {
  const client = await connect(pool);
  let broken: Error | undefined;
  try {
    return await appendFast(client, batch).catch((error: unknown) => {
      if (!isUniqueViolation(error)) throw error;
      return appendWithRepeats(client, batch);
    });
  } catch (error) {
    // After an answer of the database the connection is as good as before; after anything else nobody knows.
    if (!(error instanceof DatabaseError)) broken = error instanceof Error ? error : new Error(String(error));
    throw storeError(error, true);
  } finally {
    client.release(broken);
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw storeError(error, false);
  }
}

async function appendFast(client: PoolClient, batch: readonly NewEntry[]): Promise<readonly Appended[]> {
  const layout = layOut(batch);
  const { rows } = await client.query<AppendRow>({ name: 'append', text: APPEND, values: parameters(batch, layout) });
  const row = rows[0];
  if (row === undefined) throw new Error('Appending a batch answered no row.');
  return batch.map((_, i) => ({
    seq: Number(row.base[(layout.place[i] ?? 0) - 1]) + (layout.number[i] ?? 0),
    sentAt: row.at,
  }));
}

function parameters(batch: readonly NewEntry[], layout: Layout): string[] {
  return [
    integerArray(layout.conversations),
    integerArray(layout.counts),
    integerArray(batch.map((entry) => entry.conversation.conversationNo)),
    integerArray(layout.place),
    integerArray(layout.number),
    integerArray(batch.map((entry) => entry.senderNo)),
    integerArray(batch.map((entry) => ENTRY_TYPE_NUMBER[entry.type])),
    textArray(batch.map((entry) => entry.key)),
    textArray(batch.map((entry) => entry.message)),
    textArray(batch.map((entry) => (entry.details === null ? null : JSON.stringify(entry.details)))),
  ];
}

type RepeatRow = {
  conversation_no: number;
  sender_no: number;
  key: string;
  seq: number;
  sent_at: number;
  type: number;
  message: string | null;
  details: EntryDetails | null;
};

const LOCK = 'select 1 from conversations where conversation_no = any($1::integer[]) order by conversation_no for update';

const REPEATS = `
select e.conversation_no, e.sender_no, e.key, e.seq, e.sent_at, e.type, e.message, e.details
from unnest($1::integer[], $2::integer[], $3::text[]) as b(conversation_no, sender_no, key)
join entries e on e.conversation_no = b.conversation_no and e.sender_no = b.sender_no and e.key = b.key`;

/**
 * The slow path: lock the conversations, then look for repeats with a snapshot that is newer than the lock, then store
 * the rest. The second of two equal entries within the batch is a repeat of the first.
 */
async function appendWithRepeats(client: PoolClient, batch: readonly NewEntry[]): Promise<readonly Appended[]> {
  await client.query('begin');
  try {
    await client.query(LOCK, [integerArray(layOut(batch).conversations)]);
    const stored = await findRepeats(client, batch);
    const fresh = firstOfEach(batch.filter((entry) => !stored.has(identity(entry))));
    const appended = fresh.length === 0 ? [] : await appendFast(client, fresh);
    await client.query('commit');
    return answer(batch, stored, new Map(fresh.map((entry, i) => [entry, appended[i]])));
  } catch (error) {
    // If even this fails the connection is broken, which is what the caller is to see.
    await client.query('rollback');
    throw error;
  }
}

type Stored = Appended & { readonly repeatOf: EntryContent };

async function findRepeats(client: PoolClient, batch: readonly NewEntry[]): Promise<Map<string, Stored>> {
  const { rows } = await client.query<RepeatRow>(REPEATS, [
    integerArray(batch.map((entry) => entry.conversation.conversationNo)),
    integerArray(batch.map((entry) => entry.senderNo)),
    textArray(batch.map((entry) => entry.key)),
  ]);
  return new Map(
    rows.map((row) => [
      `${row.conversation_no} ${row.sender_no} ${row.key}`,
      {
        seq: row.seq,
        sentAt: row.sent_at,
        repeatOf: { type: entryTypeOf(row.type), message: row.message, details: row.details },
      },
    ]),
  );
}

function identity(entry: NewEntry): string {
  return `${entry.conversation.conversationNo} ${entry.senderNo} ${entry.key}`;
}

function firstOfEach(entries: readonly NewEntry[]): readonly NewEntry[] {
  const first = new Map<string, NewEntry>();
  for (const entry of entries) {
    if (!first.has(identity(entry))) first.set(identity(entry), entry);
  }
  return [...first.values()];
}

function answer(
  batch: readonly NewEntry[],
  stored: ReadonlyMap<string, Stored>,
  fresh: ReadonlyMap<NewEntry, Appended | undefined>,
): readonly Appended[] {
  const known = new Map<string, Stored>(stored);
  return batch.map((entry) => {
    const appended = fresh.get(entry);
    if (appended !== undefined) {
      known.set(identity(entry), { ...appended, repeatOf: entry });
      return appended;
    }
    const repeat = known.get(identity(entry));
    if (repeat === undefined) throw new Error('An entry of the batch is neither new nor a repeat.');
    return repeat;
  });
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}
