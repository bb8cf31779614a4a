import type { ConversationSummary } from '@chat/protocol';
import type { EntryGroup } from './entry-groups.ts';
import type { Conversation, EntryContent, OpenConversation, StoredEntry } from './log-entry.ts';
import type { Refusal } from './refusals.ts';

/** An entry that wants a place in its conversation's log. */
export type NewEntry = EntryContent & {
  readonly conversation: OpenConversation;
  readonly senderNo: number;
  readonly from: string;
  /** Idempotency key: the same sender, conversation and key store one entry however often they come. */
  readonly key: string;
  /** Entries of one group stand side by side in a batch, and are stored together or not at all. */
  readonly group?: EntryGroup;
};

export type Appended = {
  readonly seq: number;
  readonly sentAt: number;
  /** There was an entry under this key already; this is what it says. */
  readonly repeatOf?: EntryContent;
  /** The conversation's leave version, where it had to be looked up: the sender may write under it. */
  readonly leaveVersion?: number;
};

/** Nothing was stored. `companion`: only because another entry of its group was refused. */
export type Refused = { readonly refused: Refusal; readonly companion?: true };

/** A user as the database numbers it. */
export type UserRef = { readonly userNo: number; readonly userId: string };

/**
 * A user's membership in a conversation at one moment: where the conversation's log ends, and how far a device of the
 * user is.
 */
export type ConversationPosition = Conversation & {
  readonly lastSeq: number;
  /** Before the first entry of this membership. */
  readonly joinedSeq: number;
  /** The LEAVE by which it ended, and the last entry that it brings. */
  readonly leftSeq: number | null;
  /** What this device is known to have. */
  readonly deliveredSeq: number;
  /** The version of the conversation's cursors, and the one this device is known to have. */
  readonly cursorVersion: number;
  readonly knownCursorVersion: number;
  /** The part of `cursorVersion` that all members are told of. */
  readonly toldVersion?: number;
};

/** `leftSeq`: nothing above concerns those who were asked for. */
export type LogEnd = Conversation & { readonly lastSeq: number; readonly leftSeq: number | null };

/**
 * `writing`: why this user, who is or was a member, may not write there now. Only what they stored before can be
 * repeated ([A4]).
 */
export type OpenedRoom = OpenConversation & { readonly writing?: Refusal };

/** `readFrom`: only entries after this one may be read. */
export type ReadableConversation = OpenConversation & { readonly member: boolean; readonly readFrom: number };

export type LogRange = Conversation & { readonly after: number; readonly upTo: number };

/** A place in a user's list of conversations: many may have their last entry at the same time. */
export type ListPosition = { readonly sentAt: number; readonly conversationNo: number };

export type SummariesPage = { readonly page: readonly ConversationSummary[]; readonly next: ListPosition | undefined };

/**
 * The log: the truth about every conversation. All reads see what was committed before they began (the primary, never
 * a replica). Everything here rejects with `StoreUnavailable` while the database cannot answer.
 */
export interface MessageStore {
  /**
   * Stores a batch in the order given; each conversation's entries get the next numbers without a gap. Answers entry by
   * entry once it is committed and safe on disk. A repeat (also within the batch) stores nothing and answers with the
   * first one's place, whatever has become of its sender since. What its sender may not write, because they left the
   * room or it was archived, is refused by itself: all others are stored, all or nothing. Of a group (`EntryGroup`) all are
   * refused if one is, also where a repeat has other content than the first. After a rejection with
   * `outcomeKnown` false the batch may or may not be stored: repeating it with the same keys finds out.
   */
  append(batch: readonly NewEntry[]): Promise<readonly (Appended | Refused)[]>;

  /** The entry stored under this one's key, if there is one. */
  findRepeat(entry: NewEntry): Promise<Appended | undefined>;

  /** The direct conversation of two users, made on first use; `undefined` if there is no user of that id, or none any more. */
  openDirect(from: UserRef, to: string): Promise<OpenConversation | undefined>;

  /** A room for somebody who wants to write there, or why there is nothing of theirs in it. */
  openRoom(roomId: string, userNo: number): Promise<OpenedRoom | Refused>;

  /**
   * A conversation by its id if this user may read in it: members may, and in public rooms everybody. Who left a private
   * room may not read in it any more.
   */
  findForMember(conversationId: string, userNo: number): Promise<ReadableConversation | undefined>;

  /** Up to `limit` entries of each range, by rising seq, and fewer of long texts; ranges in the order given. */
  readRanges(ranges: readonly LogRange[], limit: number): Promise<readonly (readonly StoredEntry[])[]>;

  /**
   * All memberships of a user as of one moment, by conversation and then by time: the present ones, and those that ended
   * within 90 days, which is for how long devices are remembered.
   */
  positions(userNo: number, deviceNo: number): Promise<readonly ConversationPosition[]>;

  /**
   * Where the logs of all conversations of these users end. With conversations that somebody of them left within a day
   * and nobody of them is in: no further than the last LEAVE.
   */
  lastSeqs(userNos: readonly number[]): Promise<readonly LogEnd[]>;

  /** A page of a user's conversations, newest first. `before` is `next` of the page before. */
  summaries(user: UserRef, before: ListPosition | undefined, limit: number): Promise<SummariesPage>;

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
