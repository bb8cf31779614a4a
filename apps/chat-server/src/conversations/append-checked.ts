import type { PoolClient } from 'pg';
import { appendNew, conversationsOf } from './append-statement.ts';
import { entryIdentity, verdictsOf, type StoredBefore, type Verdict } from './append-verdicts.ts';
import { entryTypeOf, type EntryDetails } from './log-entry.ts';
import type { Appended, NewEntry, Refused } from './message-store.port.ts';
import { integerArray, textArray } from './postgres-arrays.ts';
import type { Refusal } from './refusals.ts';

const LOCK = 'select 1 from conversations where conversation_no = any($1::integer[]) order by conversation_no for no key update';

/**
 * The slow way to store a batch: lock the conversations, and only then, with snapshots that are newer than the lock,
 * look for repeats ([A2]); then who may write of those who are left ([A4]); then store what remains. The second of two
 * equal entries within the batch is a repeat of the first.
 */
export async function appendChecked(client: PoolClient, batch: readonly NewEntry[]): Promise<readonly (Appended | Refused)[]> {
  await client.query('begin');
  try {
    await client.query(LOCK, [integerArray(conversationsOf(batch))]);
    const repeats = await findRepeats(client, batch);
    const rights = await findRights(client, batch.filter((entry) => !repeats.has(entryIdentity(entry))));
    const { verdicts, fresh } = verdictsOf(batch, {
      storedAs: (entry) => repeats.get(entryIdentity(entry)),
      rightOf: (entry) => writtenUnder(entry, rights.get(rightKey(entry.conversation.conversationNo, entry.senderNo))),
    });
    const appended = fresh.length === 0 ? [] : await appendNew(client, fresh);
    await client.query('commit');
    return verdicts.map((verdict) => answerOf(verdict, fresh, appended));
  } catch (error) {
    // If even this fails the connection is broken, which is what the caller is to see.
    await client.query('rollback');
    throw error;
  }
}

function answerOf(verdict: Verdict, fresh: readonly NewEntry[], appended: readonly Appended[]): Appended | Refused {
  if (verdict.kind === 'stored-before') return verdict.as;
  if (verdict.kind === 'refused') return verdict.refused;
  const [entry, place] = [fresh[verdict.fresh], appended[verdict.fresh]];
  if (entry === undefined || place === undefined) throw new Error('An entry of the batch is neither stored nor refused.');
  if (verdict.kind === 'store') return { ...place, leaveVersion: entry.conversation.leaveVersion };
  const { type, message, details } = entry;
  return { seq: place.seq, sentAt: place.sentAt, repeatOf: { type, message, details } };
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

const REPEATS = `
select e.conversation_no, e.sender_no, e.key, e.seq, e.sent_at, e.type, e.message, e.details
from unnest($1::integer[], $2::integer[], $3::text[]) as b(conversation_no, sender_no, key)
join entries e on e.conversation_no = b.conversation_no and e.sender_no = b.sender_no and e.key = b.key`;

async function findRepeats(client: PoolClient, batch: readonly NewEntry[]): Promise<ReadonlyMap<string, StoredBefore>> {
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

type RightRow = {
  conversation_no: number;
  sender_no: number;
  leave_version: number;
  direct: boolean;
  public: boolean;
  archived: boolean;
  member: boolean;
};

/**
 * Rooms answer, and direct conversations that are closed: both write there for ever, and the leave version stays what it
 * is, until one of them deletes their account.
 */
const RIGHTS = `
select b.conversation_no, b.sender_no, c.leave_version, r.conversation_no is null as direct, coalesce(r.visibility = 1, false) as public, r.archived_at is not null as archived,
       m.user_no is not null and m.left_seq is null as member
from unnest($1::integer[], $2::integer[]) as b(conversation_no, sender_no)
join conversations c on c.conversation_no = b.conversation_no
left join rooms r on r.conversation_no = b.conversation_no
left join members m on m.user_no = b.sender_no and m.conversation_no = b.conversation_no
where r.conversation_no is not null or c.leave_version > 0`;

type Rights = ReadonlyMap<string, RightRow>;

async function findRights(client: PoolClient, entries: readonly NewEntry[]): Promise<Rights> {
  if (entries.length === 0) return new Map();
  const { rows } = await client.query<RightRow>(RIGHTS, [
    integerArray(entries.map((entry) => entry.conversation.conversationNo)),
    integerArray(entries.map((entry) => entry.senderNo)),
  ]);
  return new Map(rows.map((row) => [rightKey(row.conversation_no, row.sender_no), row]));
}

function rightKey(conversationNo: number, senderNo: number): string {
  return `${conversationNo} ${senderNo}`;
}

/** Why the sender may not write, or the entry with the leave version under which they may. */
function writtenUnder(entry: NewEntry, right: RightRow | undefined): NewEntry | Refusal {
  if (right === undefined) return entry;
  const refusal = right.direct ? 'account-deleted' : refusalOf(right);
  return refusal ?? { ...entry, conversation: { ...entry.conversation, leaveVersion: right.leave_version } };
}

/** Why somebody may not write in a room, if so. */
export function refusalOf(room: { readonly public: boolean; readonly archived: boolean; readonly member: boolean }): Refusal | undefined {
  if (!room.member) return room.public ? 'not-member' : 'not-found';
  return room.archived ? 'archived' : undefined;
}
