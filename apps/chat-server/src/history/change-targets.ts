import { ChatError } from '@chat/protocol';
import type { Pool } from 'pg';
import { entryTypeOf, type Conversation, type EntryType } from '../conversations/log-entry.ts';
import { query } from './entry-row.ts';
import * as sql from './history-statements.ts';

/** Reactions of one person on one message. */
const REACTIONS_PER_PERSON = 20;
/** Different emoji on one message. */
const REACTION_KINDS = 100;

/** A message that somebody who may read it wants to change or name. */
export type Target = {
  readonly own: boolean;
  /** Passed on from elsewhere. */
  readonly forwarded: boolean;
  /** Whether this user may act on what others wrote there. */
  readonly moderator: boolean;
};

type TargetRow = {
  type: number | null;
  own: boolean | null;
  deleted: boolean;
  forwarded: boolean;
  role: number;
  hidden: boolean;
};

const MODERATOR = 1;

/** What the entries are that others name, and what somebody may do to them. */
export class ChangeTargets {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /**
   * The message at `seq`, for a member of the conversation. Throws `ChatError`: not-found if there is none that this
   * user may read, or if it is deleted; bad-request if the entry is no message. Who wrote it never changes, so what is
   * answered here holds until the change is stored; a moderator who loses the role in these milliseconds may still
   * delete.
   */
  async find(conversation: Conversation, seq: number, userNo: number): Promise<Target> {
    const row = await this.#look(conversation, seq, userNo);
    if (row.deleted) throw noSuchMessage();
    if (row.type !== 'CHAT') throw new ChatError('bad-request', 'That entry is no message.');
    return { own: row.own ?? false, forwarded: row.forwarded, moderator: row.role >= MODERATOR };
  }

  /** Throws `ChatError` unless there is an entry at `seq` that this user may read in history. Deleted ones count. */
  async requireReadable(conversation: Conversation, seq: number, userNo: number): Promise<void> {
    const { type } = await this.#look(conversation, seq, userNo);
    if (type !== 'CHAT' && type !== 'JOIN' && type !== 'LEAVE') {
      throw new ChatError('bad-request', 'One can answer messages only, not what changes them.');
    }
  }

  /** Throws `ChatError` forbidden if a reaction more is one too many. */
  async requireRoomForReaction(conversation: Conversation, seq: number, userNo: number, emoji: string): Promise<void> {
    type Row = { own: number; kinds: number; there: boolean; known: boolean };
    const [row] = await query<Row>(this.#pool, sql.REACTION_ROOM, [conversation.conversationNo, seq, userNo, emoji]);
    if (row === undefined || row.there) return;
    if (row.own >= REACTIONS_PER_PERSON) {
      throw new ChatError('forbidden', `One person has at most ${REACTIONS_PER_PERSON} reactions on a message.`);
    }
    if (!row.known && row.kinds >= REACTION_KINDS) {
      throw new ChatError('forbidden', `A message has at most ${REACTION_KINDS} different reactions.`);
    }
  }

  /** Those of these ids that belong to members. */
  async membersAmong(conversation: Conversation, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await query<{ id: string }>(this.#pool, sql.MEMBERS_AMONG, [conversation.conversationNo, userIds]);
    return new Set(rows.map((row) => row.id));
  }

  async #look(
    conversation: Conversation,
    seq: number,
    userNo: number,
  ): Promise<Omit<TargetRow, 'type'> & { readonly type: EntryType }> {
    const [row] = await query<TargetRow>(this.#pool, sql.TARGET, [conversation.conversationNo, seq, userNo]);
    if (row === undefined) throw new ChatError('not-found', 'There is no such conversation.');
    if (row.type === null || row.hidden) throw noSuchMessage();
    return { ...row, type: entryTypeOf(row.type) };
  }
}

function noSuchMessage(): ChatError {
  return new ChatError('not-found', 'There is no such message.');
}
