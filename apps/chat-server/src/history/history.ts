import type { HistoryEntry, Reaction } from '@chat/protocol';
import type { Pool } from 'pg';
import { toChatMessage, type Conversation, type StoredEntry } from '../conversations/log-entry.ts';
import { integerArray, textArray } from '../conversations/postgres-arrays.ts';
import { query, storedEntry, type EntryRow } from './entry-row.ts';
import * as sql from './history-statements.ts';

/** Of those who reacted in the same way, this many are named. */
const NAMED_USERS = 10;
/** Of a message that was edited more often, the first text and this many of the last are kept in view. */
const LISTED_EDITS = 500;

/** `before` and `after` are exclusive; with neither, the newest. Nothing up to `readFrom` is read. */
export type PageQuery = { readonly readFrom: number; readonly before?: number; readonly after?: number; readonly limit: number };

/** One text that a message has had. `seq` is that of the entry that brought it. */
export type Version = { readonly seq: number; readonly message: string; readonly sentAt: number };

type ChangesRow = {
  place: number;
  message: string | null;
  edited_at: number | null;
  mentions: readonly string[] | null;
  reactions: Reaction[] | null;
};

/**
 * The log as people read it: CHAT, JOIN and LEAVE in their present form, with what later entries changed. Everything
 * rejects with `StoreUnavailable` while the database cannot answer.
 */
export class History {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Up to `limit` entries by rising seq, on the asked side of a seq, as they were first stored. */
  async page(conversation: Conversation, { readFrom, before, after, limit }: PageQuery): Promise<readonly HistoryEntry[]> {
    const { conversationNo } = conversation;
    const rows = await (after === undefined
      ? query<EntryRow>(this.#pool, sql.PAGE_BEFORE, [conversationNo, readFrom, before ?? Number.MAX_SAFE_INTEGER, limit])
      : query<EntryRow>(this.#pool, sql.PAGE_AFTER, [conversationNo, Math.max(readFrom, after), limit]));
    // The statements answer no other types.
    const messages = rows.map((row) => toChatMessage(storedEntry(row, conversation)) as HistoryEntry);
    return after === undefined ? messages.reverse() : messages;
  }

  /** `limit` entries about one seq, by rising seq: that one and older ones are the half of them, if there are so many. */
  async around(conversation: Conversation, readFrom: number, seq: number, limit: number): Promise<readonly HistoryEntry[]> {
    const half = Math.ceil(limit / 2);
    const [older, newer] = await Promise.all([
      this.page(conversation, { readFrom, before: seq + 1, limit: half }),
      this.page(conversation, { readFrom, after: seq, limit: Math.max(1, limit - half) }),
    ]);
    return [...older, ...newer].slice(0, limit);
  }

  /**
   * These entries, of any conversations, as they are now in the eyes of one user: one statement for all of them. Whether
   * the user may read them is up to the caller.
   */
  async present<Message extends HistoryEntry>(userNo: number, messages: readonly Message[]): Promise<Message[]> {
    const changeable = messages.filter((message) => message.type === 'CHAT' && message.deleted === undefined);
    if (changeable.length === 0) return [...messages];
    const rows = await query<ChangesRow>(this.#pool, sql.CHANGES, [
      textArray(changeable.map((message) => message.conversationId)),
      integerArray(changeable.map((message) => message.seq)),
      userNo,
      NAMED_USERS,
    ]);
    const changes = new Map(rows.map((row) => [changeable[row.place - 1], row]));
    return messages.map((message) => applied(message, changes.get(message)));
  }

  async entryAt(conversation: Conversation, seq: number): Promise<StoredEntry | undefined> {
    const [row] = await query<EntryRow>(this.#pool, sql.ENTRY_AT, [conversation.conversationNo, seq]);
    return row === undefined ? undefined : storedEntry(row, conversation);
  }

  /** The texts that a message has had, the first one first. */
  async versions(entry: StoredEntry): Promise<readonly Version[]> {
    type EditRow = { seq: number; message: string; sent_at: number };
    const rows = await query<EditRow>(this.#pool, sql.EDITS, [entry.conversationNo, entry.seq, LISTED_EDITS]);
    const edits = rows.reverse().map((row) => ({ seq: row.seq, message: row.message, sentAt: row.sent_at }));
    return [{ seq: entry.seq, message: entry.message ?? '', sentAt: entry.sentAt }, ...edits];
  }
}

function applied<Message extends HistoryEntry>(message: Message, change: ChangesRow | undefined): Message {
  if (change === undefined) return message;
  const edit = change.message === null ? {} : editOf(change.message, change);
  return { ...message, ...edit, ...(change.reactions === null ? {} : { reactions: change.reactions }) };
}

/** An edit replaces the mentions of the text as well, also by none. */
function editOf(message: string, { edited_at: editedAt, mentions }: ChangesRow): object {
  return { message, editedAt, mentions: mentions ?? undefined };
}
