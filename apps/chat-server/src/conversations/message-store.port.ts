import type { ConversationSummary } from '@chat/protocol';
import type { Conversation, EntryContent, StoredEntry } from './log-entry.ts';

/** An entry that wants a place in its conversation's log. */
export type NewEntry = EntryContent & {
  readonly conversation: Conversation;
  readonly senderNo: number;
  readonly from: string;
  /** Idempotency key: the same sender, conversation and key store one entry however often they come. */
  readonly key: string;
};

export type Appended = {
  readonly seq: number;
  readonly sentAt: number;
  /** There was an entry under this key already; this is what it says. */
  readonly repeatOf?: EntryContent;
};

/** A user as the database numbers it. */
export type UserRef = { readonly userNo: number; readonly userId: string };

/** One conversation of a user at one moment: where its log ends, and how far a device of the user is. */
export type ConversationPosition = Conversation & {
  readonly lastSeq: number;
  /** Before the first entry that the user may read. */
  readonly joinedSeq: number;
  /** What this device is known to have. */
  readonly deliveredSeq: number;
  /** The version of the conversation's cursors, and the one this device is known to have. */
  readonly cursorVersion: number;
  readonly knownCursorVersion: number;
};

export type LogRange = Conversation & { readonly after: number; readonly upTo: number };

export type CursorMove = {
  readonly userNo: number;
  readonly conversation: Conversation;
  readonly seq: number;
  /** 0: no device of its own moves with it. */
  readonly deviceNo: number;
  /** The newest version of the conversation's cursors that this device has. */
  readonly cursorVersion: number;
};

/** A user's cursor that really moved, under the conversation's new version. */
export type MovedCursor = { readonly userNo: number; readonly conversationNo: number; readonly seq: number; readonly version: number };

/** `before` and `after` are exclusive; with neither, the newest. */
export type HistoryQuery = { readonly before?: number; readonly after?: number; readonly limit: number };

/** A place in a user's list of conversations: many may have their last entry at the same time. */
export type ListPosition = { readonly sentAt: number; readonly conversationNo: number };

export type SummariesPage = { readonly page: readonly ConversationSummary[]; readonly next: ListPosition | undefined };

export type PeerCursorRow = {
  readonly conversation: Conversation;
  readonly userId: string;
  readonly deliveredSeq: number;
  readonly readSeq: number;
  readonly version: number;
};

/**
 * The log: the truth about every conversation. All reads see what was committed before they began (the primary, never
 * a replica). Everything here rejects with `StoreUnavailable` while the database cannot answer.
 */
export interface MessageStore {
  /**
   * Stores a batch, all or nothing, in the order given; each conversation's entries get the next numbers without a gap.
   * Answers entry by entry once it is committed and safe on disk. A repeat (also within the batch) stores nothing and
   * answers with the first one's place. After a rejection with `outcomeKnown` false the batch may or may not be stored:
   * repeating it with the same keys finds out.
   */
  append(batch: readonly NewEntry[]): Promise<readonly Appended[]>;

  /** The entry stored under this one's key, if there is one. */
  findRepeat(entry: NewEntry): Promise<Appended | undefined>;

  /** The direct conversation of two users, made on first use; `undefined` if there is no user of that id. */
  openDirect(from: UserRef, to: string): Promise<Conversation | undefined>;

  /** A conversation by its id if this user is a member of it. */
  findForMember(conversationId: string, userNo: number): Promise<Conversation | undefined>;

  /** Up to `limit` entries of each range, by rising seq; ranges in the order given. */
  readRanges(ranges: readonly LogRange[], limit: number): Promise<readonly (readonly StoredEntry[])[]>;

  /** The device of that name, made on first use: a new one starts after the furthest of the user's devices. */
  openDevice(userNo: number, name: string): Promise<number>;

  /** All conversations of a user as of one moment. */
  positions(userNo: number, deviceNo: number): Promise<readonly ConversationPosition[]>;

  /** Where the logs of all conversations of these users end. */
  lastSeqs(userNos: readonly number[]): Promise<readonly (Conversation & { readonly lastSeq: number })[]>;

  /** Moves delivered cursors forward (never back) and answers those of users, not of single devices, that moved. */
  moveDelivered(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]>;

  /** The same for read cursors; past the end of the log counts as the end. What is read is delivered. */
  moveRead(moves: readonly CursorMove[]): Promise<readonly MovedCursor[]>;

  /** Cursors of the other members of these conversations. */
  peerCursors(userNo: number, conversationNos: readonly number[]): Promise<readonly PeerCursorRow[]>;

  /** A page of a user's conversations, newest first. `before` is `next` of the page before. */
  summaries(user: UserRef, before: ListPosition | undefined, limit: number): Promise<SummariesPage>;

  /** Up to `limit` entries that history shows, by rising seq, on the asked side of a seq. */
  history(conversation: Conversation, query: HistoryQuery): Promise<readonly StoredEntry[]>;

  /** The people that these users share a conversation with. */
  contacts(userNo: number): Promise<readonly UserRef[]>;

  /** Notes when users were last connected; answers the database's time, epoch ms. */
  touchLastSeen(userIds: readonly string[]): Promise<number>;
  lastSeen(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** The database did not answer. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  /** True: nothing of what was asked has happened. False: it may have. */
  readonly outcomeKnown: boolean;

  constructor(message: string, outcomeKnown: boolean, cause?: unknown) {
    super(message, { cause });
    this.outcomeKnown = outcomeKnown;
  }
}
