import type { RoomHistory, RoomRole, RoomVisibility } from '@chat/protocol';
import type { Conversation, OpenConversation, StoredEntry } from './log-entry.ts';
import type { UserRef } from './message-store.port.ts';
import type { Refusal } from './refusals.ts';

/** Roles as the database numbers them: who has the higher number may act on who has the lower. */
export const ROLE_NUMBER = { member: 0, moderator: 1, owner: 2 } as const satisfies Record<RoomRole, number>;

export type NewRoom = {
  readonly roomId: string;
  readonly name: string;
  /** The name as it is found by. */
  readonly searchName: string;
  readonly topic: string;
  readonly picture: string | null;
  readonly visibility: RoomVisibility;
  readonly history: RoomHistory;
  readonly owner: UserRef;
  /** Idempotency key of the owner's JOIN. */
  readonly key: string;
};

/** `by` is who does it: the same user who joins or leaves, or somebody with the right to. */
export type MembershipChange = {
  readonly roomId: string;
  readonly user: UserRef;
  readonly by: UserRef;
  /** Idempotency key, as of any entry of `user`. */
  readonly key: string;
} & (Joining | Leaving);

/**
 * Without an invite one may join a public room; anybody who is a member may bring others into a public room, and owner
 * and moderators into a private one. `inviteTokenHash` is that of a token shown by who joins: one use of it is taken.
 */
type Joining = { readonly change: 'join'; readonly inviteTokenHash?: Buffer };

/**
 * With `ban` the user may not come back, and is banned as well without being a member. With `forGood` it is because the
 * account ends.
 */
type Leaving = { readonly change: 'leave'; readonly ban?: { readonly reason: string | null }; readonly forGood?: boolean };

/**
 * The JOIN or LEAVE that made the membership what it is, whether now (`changed`) or before. `undefined` where there is
 * none: somebody was banned who had never been in the room.
 */
export type MembershipOutcome =
  | { readonly entry: StoredEntry | undefined; readonly changed: boolean }
  | { readonly refused: MembershipRefusal };

export type MembershipRefusal =
  | Refusal
  /** No such invite, or it has expired or been used up. */
  | 'invite-invalid'
  | 'banned'
  /** Not the role for it. */
  | 'not-allowed'
  /** The owner has to hand the room over first. */
  | 'owner-stays';

/** What somebody who asks for a room may do there. Whoever may not know of it gets none. */
export type RoomAccess = {
  readonly conversation: OpenConversation;
  readonly lastSeq: number;
  readonly public: boolean;
  readonly archived: boolean;
  readonly member: boolean;
  /** `undefined` without membership. */
  readonly role: RoomRole | undefined;
  /** Entries after this one may be read, and up to `readTo`; `null`: whatever comes. */
  readonly readFrom: number;
  readonly readTo: number | null;
};

/** Entries with `joinedSeq < seq <= leftSeq` are the user's. */
export type MembershipPeriod = { readonly userNo: number; readonly joinedSeq: number; readonly leftSeq: number | null };

/** The memberships of the users asked for, present ones and those that ended within a day, by user and then by time. */
export type RoomSnapshot = { readonly lastSeq: number; readonly members: readonly MembershipPeriod[] };

/**
 * Who is in which room. Every change is one transaction under the conversation's lock, in which its entry gets its
 * place in the log: no entry of somebody who left has a higher seq than the LEAVE. Everything rejects with
 * `StoreUnavailable` while the database cannot answer; a change may have happened after one with `outcomeKnown` false,
 * and repeating it with the same key finds out.
 */
export interface MembershipStore {
  /** Makes a room whose first entry is its owner's JOIN; the same one again for the same id, owner and key. */
  createRoom(room: NewRoom): Promise<StoredEntry>;

  /** Joins or leaves, once per real change. Costs the same however many members there are. */
  changeMembership(change: MembershipChange): Promise<MembershipOutcome>;

  /** Gives a member another role; `owner` makes `by`, the present owner, a moderator. */
  changeRole(change: RoleChange): Promise<'changed' | { readonly refused: MembershipRefusal }>;

  /** From now on nobody writes or joins; or they do again. Owners alone may. */
  archive(roomId: string, by: UserRef, archived: boolean): Promise<'changed' | { readonly refused: MembershipRefusal }>;

  /** `undefined` for a room that there is not, and for one that this user may not know of. */
  roomAccess(roomId: string, userNo: number): Promise<RoomAccess | undefined>;

  /** Where the log ends and who of these users is or was in the room, as of one moment. */
  roomSnapshot(conversation: Conversation, userNos: readonly number[]): Promise<RoomSnapshot>;
}

export type RoleChange = {
  readonly roomId: string;
  readonly user: UserRef;
  readonly by: UserRef;
  readonly role: RoomRole;
};
