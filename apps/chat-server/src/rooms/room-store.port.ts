import type { ChangeRoomBody, Room, RoomBan, RoomInvite, RoomMember, User } from '@chat/protocol';
import type { Conversation } from '../conversations/log-entry.ts';
import type { UserRef } from '../conversations/message-store.port.ts';

/** A room as one user sees it at one moment. Whether that user may know of it is for `room-rules.ts` to say. */
export type RoomView = { readonly conversation: Conversation; readonly room: Room };

/** `after` is `next` of the page before. */
export type PageOf<Place> = { readonly after: Place | undefined; readonly limit: number };
export type Page<Item, Place> = { readonly items: readonly Item[]; readonly next: Place | undefined };

/** Rooms stand by name, several may have the same. */
export type RoomPlace = { readonly name: string; readonly conversationNo: number };
/** Members stand by role, then by number. */
export type MemberPlace = { readonly role: number; readonly userNo: number };
/** Bans stand by time, the latest first. */
export type BanPlace = { readonly at: number; readonly userNo: number };

export type NewInvite = {
  readonly tokenHash: Buffer;
  readonly expiresInMs: number;
  readonly uses: number | undefined;
  readonly label: string | undefined;
};

/** An invite; `usable`: it has neither expired nor been used up. */
export type FoundInvite = {
  readonly roomId: string;
  readonly invitedBy: User;
  readonly expiresAt: number;
  readonly usable: boolean;
};

/**
 * Rooms beside their logs: what they are called, who may do what, who may not come, and by which links one may. Who is
 * in a room is `MembershipStore`'s. Reads see what was committed before they began. Everything here rejects
 * with `StoreUnavailable` while the database cannot answer; a change may then have happened or not.
 */
export interface RoomStore {
  /** The room as this user sees it; `undefined` if there is none of that id. */
  view(roomId: string, userNo: number): Promise<RoomView | undefined>;

  /** Public rooms that are not archived, by name; with `text` those that have it in their name. */
  listPublic(userNo: number, text: string | undefined, page: PageOf<RoomPlace>): Promise<Page<Room, RoomPlace>>;

  /** Rooms that the user is in, by name, archived ones too. */
  listOwn(userNo: number, text: string | undefined, page: PageOf<RoomPlace>): Promise<Page<Room, RoomPlace>>;

  /** Members at present; with `text` those whose id or name begins with it. */
  members(conversationNo: number, text: string | undefined, page: PageOf<MemberPlace>): Promise<Page<RoomMember, MemberPlace>>;

  bans(conversationNo: number, page: PageOf<BanPlace>): Promise<Page<RoomBan, BanPlace>>;

  /** Invites that can still be used, the newest first; only those made by `madeBy`, if given. */
  invites(conversationNo: number, madeBy: number | undefined): Promise<readonly RoomInvite[]>;

  /** `undefined` for a token that there is not, or that has been gone for long. */
  invite(tokenHash: Buffer): Promise<FoundInvite | undefined>;

  /** Until when the user wants no notifications; `undefined`: wants them. */
  mute(userNo: number, conversationNo: number, until: number | undefined): Promise<void>;

  /** What is missing stays, null takes it away. */
  update(conversationNo: number, fields: ChangeRoomBody): Promise<void>;

  member(conversationNo: number, userId: string): Promise<RoomMember | undefined>;

  user(userId: string): Promise<UserRef | undefined>;

  ban(conversationNo: number, userNo: number): Promise<RoomBan | undefined>;

  /** Says whether there was one. */
  unban(conversationNo: number, userNo: number): Promise<boolean>;

  /** `undefined` if the room has as many usable ones as it may have. */
  addInvite(conversationNo: number, madeBy: number, invite: NewInvite): Promise<RoomInvite | undefined>;

  /** Says whether there was one; only of those made by `madeBy`, if given. */
  removeInvite(conversationNo: number, tokenHash: Buffer, madeBy: number | undefined): Promise<boolean>;
}
