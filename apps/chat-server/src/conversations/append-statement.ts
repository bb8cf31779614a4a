import type { PoolClient } from 'pg';
import { ENTRY_TYPE_NUMBER } from './log-entry.ts';
import type { Appended, NewEntry } from './message-store.port.ts';
import { integerArray, textArray } from './postgres-arrays.ts';

/**
 * One statement stores a batch: it moves `last_seq` of each conversation and inserts the entries behind it. The update
 * takes the conversations' rows in the order of their numbers (the outer side of a nested loop), so that two servers
 * cannot wait for each other; under READ COMMITTED it goes on from the newest row after waiting. Repeats are left to the
 * unique key, which sees what others committed meanwhile, as a look-up before the lock would not.
 *
 * Nobody looks at members here: a leave version that is still the one known says that no sender has lost the right to
 * write. The division fails the statement, and thus changes nothing, should one be another or a conversation be missing.
 */
const APPEND = `
with moved as (
  update conversations c set
    last_seq = c.last_seq + b.entries,
    last_chat_seq = case b.last_chat when 0 then c.last_chat_seq else c.last_seq + b.last_chat end
  from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[]) with ordinality
    as b(conversation_no, entries, last_chat, leave_version, place)
  where c.conversation_no = b.conversation_no and c.leave_version = b.leave_version
  returning b.place, c.last_seq - b.entries as base
), batch as (
  select array_agg(base order by place) as base, now_ms() as at,
         1 / (count(*) = cardinality($1::integer[]))::integer as complete from moved
), inserted as (
  insert into entries (conversation_no, seq, sender_no, type, sent_at, key, message, details)
  select e.conversation_no, batch.base[e.place] + e.number, e.sender_no, e.type, batch.at, e.key, e.message, e.details::jsonb
  from batch, unnest($5::integer[], $6::integer[], $7::integer[], $8::integer[], $9::smallint[], $10::text[], $11::text[], $12::text[])
    as e(conversation_no, place, number, sender_no, type, key, message, details)
)
select base, at, complete from batch`;

// pg parses a single bigint as we set it up, but leaves those in an array as text.
type AppendRow = { base: (number | string)[]; at: number };

/** What a batch does to one conversation. `place` is from 1; numbers of entries are as well, and 0 is none. */
type Part = { readonly place: number; entries: number; lastChat: number; leaveVersion: number };

/** Where each entry of a batch stands: in which conversation's part of it, and at which number there. */
type Layout = {
  readonly parts: ReadonlyMap<number, Part>;
  readonly place: readonly number[];
  readonly number: readonly number[];
};

/** No conversation is at this leave version: the fast way fails, and the other one looks who may write. */
export const NO_LEAVE_VERSION = -1;

/** The conversations of a batch in the order in which all servers lock them. */
export function conversationsOf(batch: readonly NewEntry[]): readonly number[] {
  return [...new Set(batch.map((entry) => entry.conversation.conversationNo))].sort((a, b) => a - b);
}

function layOut(batch: readonly NewEntry[]): Layout {
  const parts = new Map<number, Part>();
  conversationsOf(batch).forEach((conversationNo, index) => {
    parts.set(conversationNo, { place: index + 1, entries: 0, lastChat: 0, leaveVersion: NO_LEAVE_VERSION });
  });
  const place: number[] = [];
  const number: number[] = [];
  for (const { conversation, type } of batch) {
    const part = parts.get(conversation.conversationNo);
    if (part === undefined) continue; // every conversation of the batch is in the map
    // Senders who know different versions cannot all be right.
    if (part.entries > 0 && part.leaveVersion !== conversation.leaveVersion) part.leaveVersion = NO_LEAVE_VERSION;
    else part.leaveVersion = conversation.leaveVersion;
    part.entries++;
    if (type === 'CHAT') part.lastChat = part.entries;
    place.push(part.place);
    number.push(part.entries);
  }
  return { parts, place, number };
}

/**
 * Stores a batch of which nothing is stored yet, all or nothing. Fails with `UNIQUE_VIOLATION` if something is, and with
 * `DIVISION_BY_ZERO` if a leave version is another than the entries say.
 */
export async function appendNew(client: PoolClient, batch: readonly NewEntry[]): Promise<readonly Appended[]> {
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
  const parts = [...layout.parts.values()];
  return [
    integerArray([...layout.parts.keys()]),
    integerArray(parts.map((part) => part.entries)),
    integerArray(parts.map((part) => part.lastChat)),
    integerArray(parts.map((part) => part.leaveVersion)),
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
