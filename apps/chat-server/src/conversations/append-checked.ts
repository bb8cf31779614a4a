import type { PoolClient } from 'pg';
import { appendNew, conversationsOf } from './append-statement.ts';
import { entryTypeOf, type EntryContent, type EntryDetails } from './log-entry.ts';
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
    const answers = new Map<string, Appended | Refused>(await findRepeats(client, batch));
    const fresh = firstOfEach(batch.filter((entry) => !answers.has(identity(entry))));
    const { allowed, refused } = await authorise(client, fresh);
    for (const [entry, refusal] of refused) answers.set(identity(entry), { refused: refusal });
    const appended = allowed.length === 0 ? [] : await appendNew(client, allowed);
    await client.query('commit');
    allowed.forEach((entry, i) => {
      const place = appended[i];
      if (place !== undefined) answers.set(identity(entry), { ...place, leaveVersion: entry.conversation.leaveVersion });
    });
    return inOrder(batch, answers);
  } catch (error) {
    // If even this fails the connection is broken, which is what the caller is to see.
    await client.query('rollback');
    throw error;
  }
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

type Stored = Appended & { readonly repeatOf: EntryContent };

async function findRepeats(client: PoolClient, batch: readonly NewEntry[]): Promise<ReadonlyMap<string, Stored>> {
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

type Authorised = { readonly allowed: readonly NewEntry[]; readonly refused: ReadonlyMap<NewEntry, Refusal> };

/** Entries allowed are given the leave version under which they were. */
async function authorise(client: PoolClient, entries: readonly NewEntry[]): Promise<Authorised> {
  if (entries.length === 0) return { allowed: [], refused: new Map() };
  const { rows } = await client.query<RightRow>(RIGHTS, [
    integerArray(entries.map((entry) => entry.conversation.conversationNo)),
    integerArray(entries.map((entry) => entry.senderNo)),
  ]);
  const rights = new Map(rows.map((row) => [`${row.conversation_no} ${row.sender_no}`, row]));
  const allowed: NewEntry[] = [];
  const refused = new Map<NewEntry, Refusal>();
  for (const entry of entries) {
    const right = rights.get(`${entry.conversation.conversationNo} ${entry.senderNo}`);
    const refusal = right?.direct === true ? 'account-deleted' : right && refusalOf(right);
    if (refusal !== undefined) refused.set(entry, refusal);
    else if (right === undefined) allowed.push(entry);
    else allowed.push({ ...entry, conversation: { ...entry.conversation, leaveVersion: right.leave_version } });
  }
  return { allowed, refused };
}

/** Why somebody may not write in a room, if so. */
export function refusalOf(room: { readonly public: boolean; readonly archived: boolean; readonly member: boolean }): Refusal | undefined {
  if (!room.member) return room.public ? 'not-member' : 'not-found';
  return room.archived ? 'archived' : undefined;
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

function inOrder(batch: readonly NewEntry[], answers: Map<string, Appended | Refused>): readonly (Appended | Refused)[] {
  return batch.map((entry) => {
    const answer = answers.get(identity(entry));
    if (answer === undefined) throw new Error('An entry of the batch is neither stored nor refused.');
    // Whoever comes next under this key repeats it.
    if (!('refused' in answer) && answer.repeatOf === undefined) {
      const { seq, sentAt } = answer;
      answers.set(identity(entry), { seq, sentAt, repeatOf: entry });
    }
    return answer;
  });
}
