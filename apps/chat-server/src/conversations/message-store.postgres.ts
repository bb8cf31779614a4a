import type { ChatEntry, ConversationSummary } from '@chat/protocol';
import { directConversationId, parseConversationId } from '@chat/protocol';
import type { Pool, QueryResultRow } from 'pg';
import { append } from './append-statement.ts';
import { entryTypeOf, toChatMessage, type Conversation, type EntryDetails, type StoredEntry } from './log-entry.ts';
import type {
  Appended,
  ConversationPosition,
  CursorMove,
  HistoryQuery,
  ListPosition,
  LogRange,
  MessageStore,
  MovedCursor,
  NewEntry,
  PeerCursorRow,
  SummariesPage,
  UserRef,
} from './message-store.port.ts';
import { integerArray } from './postgres-arrays.ts';
import { storeError } from './postgres-errors.ts';
import * as sql from './statements.ts';

/**
 * The log in PostgreSQL. `appendPool` has one connection whose planner settings suit the append statement
 * (`APPEND_OPTIONS`); `pool` serves everything else.
 */
export class PostgresMessageStore implements MessageStore {
  readonly #pool: Pool;
  readonly #appendPool: Pool;

  constructor(pools: { readonly pool: Pool; readonly appendPool: Pool }) {
    this.#pool = pools.pool;
    this.#appendPool = pools.appendPool;
  }

  append(batch: readonly NewEntry[]): Promise<readonly Appended[]> {
    return append(this.#appendPool, batch);
  }

  async findRepeat(entry: NewEntry): Promise<Appended | undefined> {
    const { conversation, senderNo, key } = entry;
    const [row] = await this.#query<EntryRow>(sql.FIND_REPEAT, [conversation.conversationNo, senderNo, key]);
    if (row === undefined) return undefined;
    const { type, message, details } = storedEntry({ ...row, from: entry.from, key }, conversation);
    return { seq: row.seq, sentAt: row.sent_at, repeatOf: { type, message, details } };
  }

  async openDirect(from: UserRef, to: string): Promise<Conversation | undefined> {
    const conversationId = directConversationId(from.userId, to);
    const found = await this.#query<{ conversation_no: number }>(sql.FIND_CONVERSATION, [conversationId]);
    if (found[0] !== undefined) return { conversationId, conversationNo: found[0].conversation_no };
    const users = await this.#query<{ user_no: number }>(sql.FIND_USER, [to]);
    const peer = users[0];
    if (peer === undefined) return undefined;
    const made = await this.#query<{ conversation_no: number }>(sql.MAKE_DIRECT, [
      conversationId,
      integerArray([...new Set([from.userNo, peer.user_no])]),
    ]);
    // No row: another server made it at the same time, and has committed.
    return made[0] === undefined ? this.openDirect(from, to) : { conversationId, conversationNo: made[0].conversation_no };
  }

  async findForMember(conversationId: string, userNo: number): Promise<Conversation | undefined> {
    const rows = await this.#query<{ conversation_no: number }>(sql.FIND_FOR_MEMBER, [conversationId, userNo]);
    return rows[0] === undefined ? undefined : { conversationId, conversationNo: rows[0].conversation_no };
  }

  async readRanges(ranges: readonly LogRange[], limit: number): Promise<readonly (readonly StoredEntry[])[]> {
    const rows = await this.#query<EntryRow & { place: number }>(sql.READ_RANGES, [
      integerArray(ranges.map((range) => range.conversationNo)),
      integerArray(ranges.map((range) => range.after)),
      integerArray(ranges.map((range) => range.upTo)),
      limit,
    ]);
    const answer = ranges.map((): StoredEntry[] => []);
    for (const row of rows) {
      const range = ranges[row.place - 1];
      if (range !== undefined) answer[row.place - 1]?.push(storedEntry(row, range));
    }
    return answer;
  }

  async openDevice(userNo: number, name: string): Promise<number> {
    const known = await this.#query<{ device_no: number }>(sql.SEE_DEVICE, [userNo, name]);
    if (known[0] !== undefined) return known[0].device_no;
    const made = await this.#query<{ device_no: number }>(sql.MAKE_DEVICE, [userNo, name]);
    return made[0] === undefined ? this.openDevice(userNo, name) : made[0].device_no;
  }

  async positions(userNo: number, deviceNo: number): Promise<readonly ConversationPosition[]> {
    const rows = await this.#query<PositionRow>(sql.POSITIONS, [userNo, deviceNo]);
    return rows.map((row) => ({
      conversationNo: row.conversation_no,
      conversationId: row.id,
      lastSeq: row.last_seq,
      joinedSeq: row.joined_seq,
      deliveredSeq: row.delivered_seq,
      cursorVersion: row.cursor_version,
      knownCursorVersion: row.known_cursor_version,
    }));
  }

  async lastSeqs(userNos: readonly number[]): Promise<readonly (Conversation & { readonly lastSeq: number })[]> {
    const rows = await this.#query<{ conversation_no: number; id: string; last_seq: number }>(sql.LAST_SEQS, [
      integerArray(userNos),
    ]);
    return rows.map((row) => ({ conversationNo: row.conversation_no, conversationId: row.id, lastSeq: row.last_seq }));
  }

  moveDelivered(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> {
    return this.#move(sql.MOVE_DELIVERED, moves);
  }

  moveRead(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> {
    return this.#move(sql.MOVE_READ, moves);
  }

  async #move(statement: string, moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> {
    if (moves.length === 0) return [];
    // In one order on every server, against deadlocks.
    const sorted = [...moves].sort(
      (a, b) =>
        a.conversation.conversationNo - b.conversation.conversationNo || a.userNo - b.userNo || a.deviceNo - b.deviceNo,
    );
    const rows = await this.#query<{ user_no: number; conversation_no: number; seq: number; version: number }>(statement, [
      integerArray(sorted.map((move) => move.userNo)),
      integerArray(sorted.map((move) => move.conversation.conversationNo)),
      integerArray(sorted.map((move) => move.seq)),
      integerArray(sorted.map((move) => move.deviceNo)),
      integerArray(sorted.map((move) => move.cursorVersion)),
    ]);
    return rows.map((row) => ({
      userNo: row.user_no,
      conversationNo: row.conversation_no,
      seq: row.seq,
      version: row.version,
    }));
  }

  async peerCursors(userNo: number, conversationNos: readonly number[]): Promise<readonly PeerCursorRow[]> {
    const rows = await this.#query<PeerRow>(sql.PEER_CURSORS, [userNo, integerArray(conversationNos)]);
    return rows.map((row) => ({
      conversation: { conversationNo: row.conversation_no, conversationId: row.conversation_id },
      userId: row.user_id,
      deliveredSeq: row.delivered_seq,
      readSeq: row.read_seq,
      version: row.version,
    }));
  }

  async summaries(user: UserRef, before: ListPosition | undefined, limit: number): Promise<SummariesPage> {
    const rows = await this.#query<SummaryRow>(sql.SUMMARIES, [user.userNo, before?.sentAt ?? null, before?.conversationNo ?? null, limit]);
    const cursors = await this.peerCursors(user.userNo, rows.map((row) => row.conversation_no));
    const page = rows.map((row) => summary(row, user, cursors));
    const last = rows.length < limit ? undefined : rows.at(-1);
    return { page, next: last && { sentAt: last.sent_at, conversationNo: last.conversation_no } };
  }

  async history(conversation: Conversation, query: HistoryQuery): Promise<readonly StoredEntry[]> {
    const forward = query.after !== undefined;
    const rows = await this.#query<EntryRow>(forward ? sql.HISTORY_AFTER : sql.HISTORY_BEFORE, [
      conversation.conversationNo,
      query.after ?? query.before ?? Number.MAX_SAFE_INTEGER,
      query.limit,
    ]);
    const entries = rows.map((row) => storedEntry(row, conversation));
    return forward ? entries : entries.reverse();
  }

  async contacts(userNo: number): Promise<readonly UserRef[]> {
    const rows = await this.#query<{ user_no: number; id: string }>(sql.CONTACTS, [userNo]);
    return rows.map((row) => ({ userNo: row.user_no, userId: row.id }));
  }

  async touchLastSeen(userIds: readonly string[]): Promise<number> {
    const rows = await this.#query<{ at: number }>(sql.TOUCH_LAST_SEEN, [userIds]);
    return rows[0]?.at ?? 0;
  }

  async lastSeen(userIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#query<{ id: string; last_seen_at: number }>(sql.LAST_SEEN, [userIds]);
    return new Map(rows.map((row) => [row.id, row.last_seen_at]));
  }

  async #query<Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>({ name: sql.nameOf(text), text, values })).rows;
    } catch (error) {
      throw storeError(error, true);
    }
  }
}

type EntryRow = {
  seq: number;
  sent_at: number;
  type: number;
  from: string;
  key: string;
  message: string | null;
  details: EntryDetails | null;
};
type PositionRow = {
  conversation_no: number;
  id: string;
  last_seq: number;
  joined_seq: number;
  delivered_seq: number;
  cursor_version: number;
  known_cursor_version: number;
};
type PeerRow = {
  conversation_no: number;
  conversation_id: string;
  user_id: string;
  delivered_seq: number;
  read_seq: number;
  version: number;
};
type SummaryRow = EntryRow & {
  conversation_no: number;
  conversation_id: string;
  last_seq: number;
  read_seq: number;
  unread: number;
  cursor_version: number;
  peer_name: string | null;
};

function storedEntry(row: EntryRow, conversation: Conversation): StoredEntry {
  return {
    conversationId: conversation.conversationId,
    conversationNo: conversation.conversationNo,
    seq: row.seq,
    sentAt: row.sent_at,
    type: entryTypeOf(row.type),
    from: row.from,
    key: row.key,
    message: row.message,
    details: row.details,
  };
}

function summary(row: SummaryRow, user: UserRef, cursors: readonly PeerCursorRow[]): ConversationSummary {
  const conversation = { conversationNo: row.conversation_no, conversationId: row.conversation_id };
  const parsed = parseConversationId(row.conversation_id);
  return {
    conversationId: row.conversation_id,
    ...(parsed?.kind === 'direct' ? { to: parsed.a === user.userId ? parsed.b : parsed.a } : {}),
    ...(parsed?.kind === 'room' ? { roomId: parsed.roomId } : {}),
    ...(row.peer_name === null ? {} : { name: row.peer_name }),
    lastSeq: row.last_seq,
    readSeq: row.read_seq,
    unread: row.unread,
    last: toChatMessage(storedEntry(row, conversation)) as ChatEntry, // the statement picks a CHAT entry
    cursors: cursors
      .filter((cursor) => cursor.conversation.conversationNo === row.conversation_no)
      .map(({ userId, deliveredSeq, readSeq }) => ({ userId, deliveredSeq, readSeq })),
    cursorVersion: row.cursor_version,
  };
}
