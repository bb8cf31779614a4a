import type { Conversation } from './log-entry.ts';

export type CursorMove = {
  readonly userNo: number;
  readonly conversation: Conversation;
  readonly seq: number;
  /** 0: no device of its own moves with it. */
  readonly deviceNo: number;
  /** The newest version of the conversation's cursors that this device has. */
  readonly cursorVersion: number;
  /** Whether anybody is to be told. */
  readonly announce: boolean;
};

/** A user's cursor that really moved. */
export type MovedCursor = {
  readonly userNo: number;
  readonly conversationNo: number;
  readonly seq: number;
  /** The others are to be told. If not, they must not be: the conversation is large, or the user does not want it. */
  readonly told: boolean;
  /** The room is too large to tell each member. */
  readonly large: boolean;
  /** The conversation's new version where `told`: each has its own, without a hole. Otherwise 0. */
  readonly version: number;
};

/** The cursors of one member, as of one moment for all members of the conversation. */
export type MemberCursor = {
  readonly conversation: Conversation;
  readonly userNo: number;
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** The user turned receipts off: `readSeq` is for the user's own eyes. */
  readonly hidesReading: boolean;
  /** The version of the conversation's cursors. */
  readonly version: number;
  /** How often the member's cursor moved and only the member's own devices were told. */
  readonly silentMoves: number;
};

/** What a device was sent, up to `seq`, and did not acknowledge. */
export type Unproven = { readonly deviceNo: number; readonly conversationNo: number; readonly seq: number };

export type CursorVersion = Conversation & { readonly version: number };

export type Reader = { readonly userId: string; readonly displayName: string; readonly read: boolean };

/**
 * How far everyone is. Cursors only move forward, whatever comes in whichever order. Reads see what was committed
 * before they began. Everything here rejects with `StoreUnavailable` while the database cannot answer.
 */
export interface CursorStore {
  /**
   * The device of that name, made on first use: a new one starts after the furthest of the user's devices. A user has
   * so many at most; those not seen for longest are forgotten for new ones.
   */
  openDevice(userNo: number, name: string): Promise<number>;

  /** Moves delivered cursors forward (never back) and answers those of users, not of single devices, that moved. */
  moveDelivered(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]>;

  /** The same for read cursors of members; past the end of the log counts as the end. What is read is delivered. */
  moveRead(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]>;

  /**
   * Counts once more that these came and were not acknowledged, where that is still so. Answers what has come six times
   * by that: up to which entry. It counts as delivered from then on, which the caller has to see to.
   */
  noteUnproven(unproven: readonly Unproven[]): Promise<readonly Unproven[]>;

  /**
   * The cursors of the members of these conversations, as of one moment for each; of large rooms only those of
   * `userNo`, if there is one.
   */
  memberCursors(userNo: number | undefined, conversationNos: readonly number[]): Promise<readonly MemberCursor[]>;

  /** How often cursors moved and were told, in those conversations of these users in which they did. */
  cursorVersions(userNos: readonly number[]): Promise<readonly CursorVersion[]>;

  /**
   * For each seq, in the order given: how many present members of those who were members then, without the sender,
   * have not read it. Costs the same whatever the number of members.
   */
  notReadOf(conversation: Conversation, seqs: readonly number[]): Promise<readonly number[]>;

  /** The seqs of the newest CHAT entries, newest first. */
  newestChats(conversation: Conversation, limit: number): Promise<readonly number[]>;

  /** Members at present. */
  memberCount(conversation: Conversation): Promise<number>;

  /** Who has and who has not read an entry, of the same people, by id; without those who turned receipts off. */
  readers(conversation: Conversation, seq: number): Promise<readonly Reader[]>;

  /** The thousand seqs that end with this one are all there: counts them for later. */
  countBlock(conversationNo: number, lastSeq: number): Promise<void>;

  /** Forgets devices that were away for very long, and what else is kept for nobody. */
  clean(): Promise<void>;
}
