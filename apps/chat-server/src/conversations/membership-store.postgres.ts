import { roomConversationId, type RoomRole } from '@chat/protocol';
import type { Pool } from 'pg';
import { entryTypeOf, type Conversation, type EntryDetails, type EntryType, type StoredEntry } from './log-entry.ts';
import { outside, refusedJoin, refusedLeave, type Standing } from './membership-rules.ts';
import {
  ROLE_NUMBER,
  type MembershipChange,
  type MembershipOutcome,
  type MembershipRefusal,
  type MembershipStore,
  type NewRoom,
  type RoleChange,
  type RoomAccess,
  type RoomSnapshot,
} from './membership-store.port.ts';
import type { UserRef } from './message-store.port.ts';
import { integerArray } from './postgres-arrays.ts';
import { storeError } from './postgres-errors.ts';
import { refusalError } from './refusals.ts';
import * as sql from './room-statements.ts';
import { inTransaction, type Transaction } from './room-transaction.ts';
import { nameOf } from './statements.ts';

type Refused = { readonly refused: MembershipRefusal };

/** Who is in which room, in PostgreSQL. */
export class PostgresMembershipStore implements MembershipStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async createRoom(room: NewRoom): Promise<StoredEntry> {
    const { roomId, name, searchName, topic, picture, visibility, history, owner, key } = room;
    const entry = await inTransaction<StoredEntry | undefined>(this.#pool, async (transaction) => {
      const values = [roomId, name, topic, picture, visibility === 'public' ? 1 : 2, history === 'all' ? 1 : 2, owner.userNo, key, searchName];
      if ((await transaction.query(sql.HOLD_USER, [owner.userNo])).length === 0) return { answer: undefined, keep: false };
      const [made = (await transaction.query<Created>(sql.FIND_CREATED_ROOM, [roomId, owner.userNo, key]))[0]] =
        await transaction.query<Created>(sql.CREATE_ROOM, values);
      if (made === undefined) throw new Error(`There is another room ${roomId}.`);
      const conversation = { conversationId: roomConversationId(roomId), conversationNo: made.conversation_no };
      const place = { seq: 1, sentAt: made.at, type: 'JOIN' as const };
      return { answer: { ...conversation, ...place, from: owner.userId, key, message: null, details: null }, keep: true };
    });
    if (entry === undefined) throw refusalError('account-deleted');
    return entry;
  }

  changeMembership(change: MembershipChange): Promise<MembershipOutcome> {
    return inTransaction(this.#pool, async (transaction) => {
      const answer = await changeLocked(transaction, change);
      return { answer, keep: !('refused' in answer) };
    });
  }

  changeRole({ roomId, user, by, role }: RoleChange): Promise<'changed' | Refused> {
    return this.#administer(roomId, user, by, async (transaction, conversationNo, standing) => {
      if (standing.role === null) return 'not-member';
      // The owner hands the room over to somebody else, and is what it takes to do so.
      if (user.userNo === by.userNo) return role === 'owner' ? undefined : 'owner-stays';
      await transaction.query(sql.SET_ROLE, [conversationNo, user.userNo, ROLE_NUMBER[role]]);
      if (role === 'owner') await transaction.query(sql.SET_ROLE, [conversationNo, by.userNo, ROLE_NUMBER.moderator]);
      return undefined;
    });
  }

  archive(roomId: string, by: UserRef, archived: boolean): Promise<'changed' | Refused> {
    return this.#administer(roomId, by, by, async (transaction, conversationNo) => {
      await transaction.query(sql.ARCHIVE, [conversationNo, archived]);
      return undefined;
    });
  }

  /** For the owner alone. */
  #administer(
    roomId: string,
    user: UserRef,
    by: UserRef,
    work: (transaction: Transaction, conversationNo: number, standing: Standing) => Promise<MembershipRefusal | undefined>,
  ): Promise<'changed' | Refused> {
    return inTransaction<'changed' | Refused>(this.#pool, async (transaction) => {
      const found = await lock(transaction, roomId, user, by, '');
      const refused = found === undefined ? 'not-found' : refusedAdministration(found.standing);
      const failed = found === undefined || refused !== undefined ? refused : await work(transaction, found.conversationNo, found.standing);
      return failed === undefined ? { answer: 'changed', keep: true } : { answer: { refused: failed }, keep: false };
    });
  }

  async roomAccess(roomId: string, userNo: number): Promise<RoomAccess | undefined> {
    const [row] = await this.#query<AccessRow>(sql.ROOM_ACCESS, [roomConversationId(roomId), userNo]);
    if (row === undefined) return undefined;
    return {
      conversation: { conversationId: row.id, conversationNo: row.conversation_no, leaveVersion: row.leave_version },
      lastSeq: row.last_seq,
      public: row.public,
      archived: row.archived,
      member: row.member,
      role: row.role === null ? undefined : roleOf(row.role),
      readFrom: row.read_from,
      readTo: null,
    };
  }

  async roomSnapshot(conversation: Conversation, userNos: readonly number[]): Promise<RoomSnapshot> {
    const rows = await this.#query<SnapshotRow>(sql.ROOM_SNAPSHOT, [conversation.conversationNo, integerArray(userNos)]);
    const members = rows.flatMap((row) =>
      row.user_no === null ? [] : [{ userNo: row.user_no, joinedSeq: row.joined_seq, leftSeq: row.left_seq }],
    );
    return { lastSeq: rows[0]?.last_seq ?? 0, members };
  }

  async #query<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await this.#pool.query<Row>({ name: nameOf(text), text, values })).rows;
    } catch (error) {
      throw storeError(error, true);
    }
  }
}

type Created = { conversation_no: number; at: number };
type AccessRow = {
  conversation_no: number;
  id: string;
  last_seq: number;
  leave_version: number;
  public: boolean;
  archived: boolean;
  member: boolean;
  role: number | null;
  read_from: number;
};
/** Without a membership to tell of, only `last_seq` is there. */
type SnapshotRow = { last_seq: number } & ({ user_no: null } | { user_no: number; joined_seq: number; left_seq: number | null });

type StandingRow = {
  public: boolean;
  archived: boolean;
  members: number;
  by_role: number | null;
  role: number | null;
  known: boolean;
  banned: boolean;
  joined_seq: number | null;
  joined_at: number | null;
  left_seq: number | null;
  left_at: number | null;
  seq: number | null;
  type: number;
  sent_at: number;
  message: string | null;
  details: EntryDetails | null;
};

type Locked = Conversation & { readonly row: StandingRow; readonly standing: Standing };

/** What follows in the transaction sees everything that was committed before, and nothing happens to the room beside it. */
async function lock(transaction: Transaction, roomId: string, user: UserRef, by: UserRef, key: string): Promise<Locked | undefined> {
  const conversationId = roomConversationId(roomId);
  const [locked] = await transaction.query<{ conversation_no: number }>(sql.LOCK_ROOM, [conversationId]);
  if (locked === undefined) return undefined;
  const conversationNo = locked.conversation_no;
  const [row] = await transaction.query<StandingRow>(sql.STANDING, [conversationNo, user.userNo, by.userNo, key]);
  if (row === undefined) return undefined;
  return { conversationId, conversationNo, row, standing: { ...row, byRole: row.by_role } };
}

/** Repeats first ([A4]), then what is so already, then who may. */
async function changeLocked(transaction: Transaction, change: MembershipChange): Promise<MembershipOutcome> {
  const { user, by, key } = change;
  const room = await lock(transaction, change.roomId, user, by, key);
  if (room === undefined) return { refused: 'not-found' };
  const { row } = room;
  if (row.seq !== null) {
    const repeated = storedEntry(room, user, { ...row, seq: row.seq, key });
    const same = repeated.type === entryTypeFor(change) && (repeated.details?.by ?? user.userId) === by.userId;
    return same ? { entry: repeated, changed: false } : { refused: 'conflict' };
  }
  return change.change === 'join' ? join(transaction, room, change) : leave(transaction, room, change);
}

async function join(transaction: Transaction, room: Locked, change: MembershipChange & { change: 'join' }): Promise<MembershipOutcome> {
  const { row, standing } = room;
  if (standing.role !== null) {
    return { entry: await entryAt(transaction, room, change.user, 'JOIN', (row.joined_seq ?? 0) + 1, row.joined_at ?? 0), changed: false };
  }
  const { inviteTokenHash } = change;
  const invited = inviteTokenHash !== undefined;
  if (invited) {
    const used = await transaction.query(sql.USE_INVITE, [inviteTokenHash, room.conversationNo]);
    if (used.length === 0) return { refused: 'invite-invalid' };
  }
  const refused = refusedJoin(change, standing, invited);
  if (refused !== undefined) return { refused };
  const held = await transaction.query(sql.HOLD_USER, [change.user.userNo]);
  return held.length === 0 ? { refused: 'account-deleted' } : store(transaction, room, change);
}

async function leave(transaction: Transaction, room: Locked, change: MembershipChange & { change: 'leave' }): Promise<MembershipOutcome> {
  const { row, standing, conversationNo } = room;
  const { user, by, ban } = change;
  const refused = refusedLeave(change, standing);
  if (refused !== undefined) return { refused };
  if (ban !== undefined) await transaction.query(sql.BAN, [conversationNo, user.userNo, by.userNo, ban.reason]);
  if (standing.role !== null) return store(transaction, room, change);
  if (row.left_seq === null) return { entry: undefined, changed: false };
  return { entry: await entryAt(transaction, room, user, 'LEAVE', row.left_seq, row.left_at ?? 0), changed: false };
}

async function store(transaction: Transaction, room: Locked, change: MembershipChange): Promise<MembershipOutcome> {
  const { user, by, key } = change;
  const type = entryTypeFor(change);
  const details = by.userNo === user.userNo ? null : { by: by.userId };
  const [place] = await transaction.query<{ seq: number; at: number }>(type === 'JOIN' ? sql.JOIN : sql.LEAVE, [
    room.conversationNo,
    user.userNo,
    key,
    details === null ? null : JSON.stringify(details),
  ]);
  if (place === undefined) throw new Error(`No place in ${room.conversationId}.`);
  const { conversationId, conversationNo } = room;
  const entry = { conversationId, conversationNo, seq: place.seq, sentAt: place.at, type, from: user.userId, key, message: null, details };
  return { entry, changed: true };
}

/** The entry that made a membership what it is; where it is not kept any more, what is known of it. */
async function entryAt(
  transaction: Transaction,
  room: Locked,
  user: UserRef,
  type: EntryType,
  seq: number,
  at: number,
): Promise<StoredEntry> {
  const [row] = await transaction.query<EntryRow>(sql.ENTRY_AT, [room.conversationNo, seq]);
  if (row !== undefined) return storedEntry(room, user, row);
  const { conversationId, conversationNo } = room;
  return { conversationId, conversationNo, seq, sentAt: at, type, from: user.userId, key: '', message: null, details: null };
}

type EntryRow = { seq: number; type: number; sent_at: number; key: string; message: string | null; details: EntryDetails | null };

function storedEntry({ conversationId, conversationNo }: Conversation, user: UserRef, row: EntryRow): StoredEntry {
  const { seq, sent_at: sentAt, key, message, details } = row;
  return { conversationId, conversationNo, seq, sentAt, type: entryTypeOf(row.type), from: user.userId, key, message, details };
}

function entryTypeFor({ change }: MembershipChange): 'JOIN' | 'LEAVE' {
  return change === 'join' ? 'JOIN' : 'LEAVE';
}

function refusedAdministration(standing: Standing): MembershipRefusal | undefined {
  if (standing.byRole === null) return outside(standing);
  return standing.byRole === ROLE_NUMBER.owner ? undefined : 'not-allowed';
}

function roleOf(number: number): RoomRole {
  if (number === ROLE_NUMBER.owner) return 'owner';
  return number === ROLE_NUMBER.moderator ? 'moderator' : 'member';
}
