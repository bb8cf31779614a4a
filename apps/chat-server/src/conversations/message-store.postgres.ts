import type { ChatEntry, ConversationSummary } from '@chat/protocol';
import { directConversationId, parseConversationId, roomConversationId } from '@chat/protocol';
import type { Pool, QueryResultRow } from 'pg';
import { refusalOf } from './append-checked.ts';
import { NO_LEAVE_VERSION } from './append-statement.ts';
import { append } from './append.ts';
import type { MemberCursor } from './cursor-store.port.ts';
import { memberCursors } from './cursor-store.postgres.ts';
import { entryTypeOf, toChatMessage, type Conversation, type EntryDetails, type OpenConversation, type StoredEntry } from './log-entry.ts';
import type {
  Appended,
  ConversationPosition,
  ListPosition,
  LogEnd,
  LogRange,
  MessageStore,
  NewEntry,
  OpenedRoom,
  ReadableConversation,
  Refused,
  SummariesPage,
  UserRef,
} from './message-store.port.ts';
import { integerArray } from './postgres-arrays.ts';
import { storeError } from './postgres-errors.ts';
import { CONVERSATION_ACCESS, OPEN_ROOM } from './room-statements.ts';
import * as sql from './statements.ts';

/** Text of one range in an answer, about: many ranges are read in one statement. */
const RANGE_BYTES = 256 * 1024;

/**
 * The log in PostgreSQL. `appendPool` has one connection whose planner settings suit the append statement
 * (`APPEND_OPTIONS`); `pool` serves everything else.
 */
export class PostgresMessageStore implements MessageStore {
  readonly #pool: Pool;
  readonly #appendPool: Pool;
  readonly #largestTold: number;

  /** `largestTold`: members up to which each is told of the others' cursors. */
  constructor(pools: { readonly pool: Pool; readonly appendPool: Pool }, largestTold: number) {
    this.#largestTold = largestTold;
    this.#pool = pools.pool;
    this.#appendPool = pools.appendPool;
  }

  append(batch: readonly NewEntry[]): Promise<readonly (Appended | Refused)[]> {
    return append(this.#appendPool, batch);
  }

  async findRepeat(entry: NewEntry): Promise<Appended | undefined> {
    const { conversation, senderNo, key } = entry;
    const [row] = await this.#query<EntryRow>(sql.FIND_REPEAT, [conversation.conversationNo, senderNo, key]);
    if (row === undefined) return undefined;
    const { type, message, details } = storedEntry({ ...row, from: entry.from, key }, conversation);
    return { seq: row.seq, sentAt: row.sent_at, repeatOf: { type, message, details } };
  }

  async openDirect(from: UserRef, to: string): Promise<OpenConversation | undefined> {
    const conversationId = directConversationId(from.userId, to);
    const found = await this.#query<{ conversation_no: number }>(sql.FIND_CONVERSATION, [conversationId]);
    if (found[0] !== undefined) return { conversationId, conversationNo: found[0].conversation_no, leaveVersion: 0 };
    const users = await this.#query<{ user_no: number }>(sql.FIND_PEER, [to, from.userNo]);
    const peer = users[0];
    if (peer === undefined) return undefined;
    const made = await this.#query<{ conversation_no: number }>(sql.MAKE_DIRECT, [
      conversationId,
      integerArray([...new Set([from.userNo, peer.user_no])]),
    ]);
    // No row: another server made it at the same time, and has committed; or one of the two is gone.
    return made[0] === undefined ? this.openDirect(from, to) : { conversationId, conversationNo: made[0].conversation_no, leaveVersion: 0 };
  }

  async openRoom(roomId: string, userNo: number): Promise<OpenedRoom | Refused> {
    const [row] = await this.#query<OpenRoomRow>(OPEN_ROOM, [roomId, userNo]);
    if (row === undefined) return { refused: 'not-found' };
    const refused = refusalOf(row);
    const conversation = { conversationId: roomConversationId(roomId), conversationNo: row.conversation_no };
    if (refused === undefined) return { ...conversation, leaveVersion: row.leave_version };
    return row.known ? { ...conversation, leaveVersion: NO_LEAVE_VERSION, writing: refused } : { refused };
  }

  async findForMember(conversationId: string, userNo: number): Promise<ReadableConversation | undefined> {
    const [row] = await this.#query<AccessRow>(CONVERSATION_ACCESS, [conversationId, userNo]);
    if (row === undefined) return undefined;
    const { conversation_no: conversationNo, leave_version: leaveVersion, member, read_from: readFrom } = row;
    return { conversationId, conversationNo, leaveVersion, member, readFrom };
  }

  async readRanges(ranges: readonly LogRange[], limit: number): Promise<readonly (readonly StoredEntry[])[]> {
    const rows = await this.#query<EntryRow & { place: number }>(sql.READ_RANGES, [
      integerArray(ranges.map((range) => range.conversationNo)),
      integerArray(ranges.map((range) => range.after)),
      integerArray(ranges.map((range) => range.upTo)),
      limit,
      RANGE_BYTES,
    ]);
    const answer = ranges.map((): StoredEntry[] => []);
    for (const row of rows) {
      const range = ranges[row.place - 1];
      if (range !== undefined) answer[row.place - 1]?.push(storedEntry(row, range));
    }
    return answer;
  }

  async positions(userNo: number, deviceNo: number): Promise<readonly ConversationPosition[]> {
    const rows = await this.#query<PositionRow>(sql.POSITIONS, [userNo, deviceNo]);
    return rows.map((row) => ({
      conversationNo: row.conversation_no,
      conversationId: row.id,
      lastSeq: row.last_seq,
      joinedSeq: row.joined_seq,
      leftSeq: row.left_seq,
      deliveredSeq: row.delivered_seq,
      toldVersion: row.told_version,
      cursorVersion: row.cursor_version,
      knownCursorVersion: row.known_cursor_version,
    }));
  }

  async lastSeqs(userNos: readonly number[]): Promise<readonly LogEnd[]> {
    type Row = { conversation_no: number; id: string; last_seq: number; left_seq: number | null };
    const rows = await this.#query<Row>(sql.LAST_SEQS, [integerArray(userNos)]);
    return rows.map((row) => ({
      conversationNo: row.conversation_no,
      conversationId: row.id,
      lastSeq: row.last_seq,
      leftSeq: row.left_seq,
    }));
  }

  async summaries(user: UserRef, before: ListPosition | undefined, limit: number): Promise<SummariesPage> {
    const rows = await this.#query<SummaryRow>(sql.SUMMARIES, [user.userNo, before?.sentAt ?? null, before?.conversationNo ?? null, limit]);
    const cursors = await memberCursors(this.#pool, this.#largestTold, user.userNo, rows.map((row) => row.conversation_no));
    const page = rows.map((row) => summary(row, user, cursors));
    const last = rows.length < limit ? undefined : rows.at(-1);
    return { page, next: last && { sentAt: last.listed_at, conversationNo: last.conversation_no } };
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
  left_seq: number | null;
  delivered_seq: number;
  told_version: number;
  cursor_version: number;
  known_cursor_version: number;
};
type OpenRoomRow = {
  conversation_no: number;
  leave_version: number;
  public: boolean;
  archived: boolean;
  known: boolean;
  member: boolean;
};
type AccessRow = { conversation_no: number; leave_version: number; member: boolean; read_from: number };
/** Without a last message the fields of an entry are null. */
type SummaryRow = (EntryRow | { seq: null }) & {
  conversation_no: number;
  listed_at: number;
  room_name: string | null;
  members: number | null;
  archived: boolean;
  joined_at: number | null;
  muted_until: number | null;
  conversation_id: string;
  last_seq: number;
  read_seq: number;
  unread: number;
  cursor_version: number;
  peer_name: string | null;
  peer_deleted: boolean;
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

function summary(row: SummaryRow, user: UserRef, cursors: readonly MemberCursor[]): ConversationSummary {
  const conversation = { conversationNo: row.conversation_no, conversationId: row.conversation_id };
  const parsed = parseConversationId(row.conversation_id);
  return {
    conversationId: row.conversation_id,
    ...(parsed?.kind === 'direct' ? { to: parsed.a === user.userId ? parsed.b : parsed.a } : {}),
    ...(parsed?.kind === 'room' ? { roomId: parsed.roomId } : {}),
    ...nameOf(row),
    ...(row.members === null ? {} : { members: row.members }),
    ...(row.archived ? { archived: true } : {}),
    ...(row.joined_at === null ? {} : { joinedAt: row.joined_at }),
    ...(row.muted_until === null ? {} : { mutedUntil: row.muted_until }),
    ...(row.peer_deleted ? { deleted: true } : {}),
    lastSeq: row.last_seq,
    readSeq: row.read_seq,
    unread: row.unread,
    // The statement picks a CHAT entry.
    ...(row.seq === null ? {} : { last: toChatMessage(storedEntry(row, conversation)) as ChatEntry }),
    cursors: cursors
      .filter((cursor) => cursor.conversation.conversationNo === row.conversation_no && cursor.userNo !== user.userNo)
      .map(({ userId, deliveredSeq, readSeq, hidesReading }) => ({ userId, deliveredSeq, readSeq: hidesReading ? 0 : readSeq })),
    cursorVersion: row.cursor_version,
  };
}

function nameOf({ room_name: roomName, peer_name: peerName }: SummaryRow): { readonly name?: string } {
  const name = roomName ?? peerName;
  return name === null ? {} : { name };
}
