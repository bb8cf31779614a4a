import type { Pool, QueryResultRow } from 'pg';
import type { CursorMove, CursorStore, CursorVersion, MemberCursor, MovedCursor, Reader, Unproven } from './cursor-store.port.ts';
import * as sql from './cursor-statements.ts';
import type { Conversation } from './log-entry.ts';
import { integerArray } from './postgres-arrays.ts';
import { storeError } from './postgres-errors.ts';
import { nameOf } from './statements.ts';

/** Devices of one user that are remembered. */
export const DEVICES_PER_USER = 64;
const DEVICE_DAYS = 90;
const DAY_MS = 24 * 3_600_000;
const CLEANED_AT_ONCE = 1_000;
const BLOCK = 1_000;
/** The first time, and five times again. */
const DELIVERIES = 6;

/** Cursors and devices in PostgreSQL. `largestTold`: members up to which each is told of the others' cursors. */
export class PostgresCursorStore implements CursorStore {
  readonly #pool: Pool;
  readonly #largestTold: number;

  constructor(pool: Pool, largestTold: number) {
    this.#pool = pool;
    this.#largestTold = largestTold;
  }

  async openDevice(userNo: number, name: string): Promise<number> {
    const known = await query<{ device_no: number }>(this.#pool, sql.SEE_DEVICE, [userNo, name]);
    if (known[0] !== undefined) return known[0].device_no;
    const made = await query<{ device_no: number }>(this.#pool, sql.MAKE_DEVICE, [userNo, name]);
    if (made[0] === undefined) return this.openDevice(userNo, name);
    await query(this.#pool, sql.DROP_OLDEST_DEVICES, [userNo, DEVICES_PER_USER]);
    return made[0].device_no;
  }

  moveDelivered(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> {
    return this.#move(sql.MOVE_DELIVERED, moves);
  }

  moveRead(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> {
    return this.#move(sql.MOVE_READ, moves);
  }

  async noteUnproven(unproven: readonly Unproven[]): Promise<readonly Unproven[]> {
    const rows = await query<UnprovenRow>(this.#pool, sql.NOTE_UNPROVEN, [
      integerArray(unproven.map((one) => one.deviceNo)),
      integerArray(unproven.map((one) => one.conversationNo)),
      integerArray(unproven.map((one) => one.seq)),
      DELIVERIES,
    ]);
    return rows.map((row) => ({ deviceNo: row.device_no, conversationNo: row.conversation_no, seq: row.unproven_seq }));
  }

  async #move(statement: string, moves: readonly CursorMove[]): Promise<readonly MovedCursor[]> {
    if (moves.length === 0) return [];
    const rows = await query<MovedRow>(this.#pool, statement, [
      integerArray(moves.map((move) => move.userNo)),
      integerArray(moves.map((move) => move.conversation.conversationNo)),
      integerArray(moves.map((move) => move.seq)),
      integerArray(moves.map((move) => move.deviceNo)),
      integerArray(moves.map((move) => move.cursorVersion)),
      `{${moves.map((move) => move.announce).join(',')}}`,
      this.#largestTold,
    ]);
    return rows.map(({ user_no, conversation_no, ...row }) => ({ userNo: user_no, conversationNo: conversation_no, ...row }));
  }

  memberCursors(userNo: number | undefined, conversationNos: readonly number[]): Promise<readonly MemberCursor[]> {
    return memberCursors(this.#pool, this.#largestTold, userNo, conversationNos);
  }

  async cursorVersions(userNos: readonly number[]): Promise<readonly CursorVersion[]> {
    const rows = await query<VersionRow>(this.#pool, sql.CURSOR_VERSIONS, [integerArray(userNos)]);
    return rows.map((row) => ({ conversationNo: row.conversation_no, conversationId: row.conversation_id, version: row.version }));
  }

  async notReadOf({ conversationId, conversationNo }: Conversation, seqs: readonly number[]): Promise<readonly number[]> {
    if (seqs.length === 0) return [];
    const statement = conversationId.startsWith('room:') ? sql.NOT_READ_ROOM : sql.NOT_READ_DIRECT;
    const rows = await query<{ not_read: number }>(this.#pool, statement, [conversationNo, integerArray(seqs)]);
    return rows.map((row) => row.not_read);
  }

  async newestChats({ conversationNo }: Conversation, limit: number): Promise<readonly number[]> {
    const rows = await query<{ seq: number }>(this.#pool, sql.NEWEST_CHATS, [conversationNo, limit]);
    return rows.map((row) => row.seq);
  }

  async memberCount({ conversationNo }: Conversation): Promise<number> {
    const [row] = await query<{ members: number }>(this.#pool, sql.MEMBERS, [conversationNo]);
    return row?.members ?? 0;
  }

  async readers({ conversationNo }: Conversation, seq: number): Promise<readonly Reader[]> {
    const rows = await query<ReaderRow>(this.#pool, sql.READERS, [conversationNo, seq]);
    return rows.map((row) => ({ userId: row.user_id, displayName: row.display_name, read: row.read }));
  }

  async countBlock(conversationNo: number, lastSeq: number): Promise<void> {
    await query(this.#pool, sql.COUNT_CHAT_BLOCK, [conversationNo, lastSeq / BLOCK - 1]);
  }

  async clean(): Promise<void> {
    await query(this.#pool, sql.DROP_UNSEEN_DEVICES, [DEVICE_DAYS * DAY_MS, CLEANED_AT_ONCE]);
    await query(this.#pool, sql.DROP_EMPTY_POSITIONS, [CLEANED_AT_ONCE]);
  }
}

type MovedRow = { user_no: number; conversation_no: number; seq: number; told: boolean; large: boolean; version: number };
type UnprovenRow = { device_no: number; conversation_no: number; unproven_seq: number };
type VersionRow = { conversation_no: number; conversation_id: string; version: number };
type ReaderRow = { user_id: string; display_name: string; read: boolean };
type MemberRow = VersionRow & {
  user_no: number;
  user_id: string;
  delivered_seq: number;
  read_seq: number;
  silent_moves: number;
  read_receipts: boolean;
};

/** As `CursorStore.memberCursors`; the list of conversations shows cursors as well. */
export async function memberCursors(
  pool: Pool,
  largestTold: number,
  userNo: number | undefined,
  conversationNos: readonly number[],
): Promise<readonly MemberCursor[]> {
  const rows = await query<MemberRow>(pool, sql.MEMBER_CURSORS, [userNo ?? null, integerArray(conversationNos), largestTold]);
  return rows.map((row) => ({
    conversation: { conversationNo: row.conversation_no, conversationId: row.conversation_id },
    userNo: row.user_no,
    userId: row.user_id,
    deliveredSeq: row.delivered_seq,
    readSeq: row.read_seq,
    hidesReading: !row.read_receipts,
    version: row.version,
    silentMoves: row.silent_moves,
  }));
}

async function query<Row extends QueryResultRow>(pool: Pool, text: string, values: unknown[]): Promise<Row[]> {
  try {
    return (await pool.query<Row>({ name: nameOf(text), text, values })).rows;
  } catch (error) {
    throw storeError(error, true);
  }
}
