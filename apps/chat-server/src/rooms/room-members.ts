import type {
  ChangeMemberBody,
  MembershipChange,
  PageQuery,
  Room,
  RoomBan,
  RoomBansPage,
  RoomMember,
  RoomMembersPage,
  RoomMembersQuery,
  RoomRole,
} from '@chat/protocol';
import type { UserRef } from '../conversations/message-store.port.ts';
import { refusalError } from '../conversations/refusals.ts';
import { membershipAnswer, type Changed } from './memberships.ts';
import { decodeNumberCursor, encodeCursor } from './page-cursor.ts';
import { known, knownTo, noBan, noSuchMember, noSuchUser } from './room-rules.ts';
import type { RoomView } from './room-store.port.ts';
import { checkTexts } from './room-text.ts';
import { CHANGE_TOKENS, MEMBERSHIP_TOKENS, takeTokens, type RoomsParts } from './rooms.ts';

const PAGE = 100;

/** Who is in a room, who may do what there, and who may not come back. Everything throws `ChatError` for what may not be. */
export class RoomMembers {
  readonly #parts: RoomsParts;

  constructor(parts: RoomsParts) {
    this.#parts = parts;
  }

  async list(roomId: string, user: UserRef, query: RoomMembersQuery): Promise<RoomMembersPage> {
    checkTexts({ q: query.q });
    const from = query.cursor === undefined ? undefined : decodeNumberCursor(query.cursor);
    const { conversation } = known(await this.#view(roomId, user));
    const page = { after: from && { role: from.first, userNo: from.second }, limit: query.limit ?? PAGE };
    const { items, next } = await this.#parts.store.members(conversation.conversationNo, query.q, page);
    return { members: [...items], ...(next && { cursor: encodeCursor([next.role, next.userNo]) }) };
  }

  /** Joins by oneself, or brings somebody in. */
  async add(roomId: string, by: UserRef, userId: string): Promise<MembershipChange> {
    const user = userId === by.userId ? by : await this.#other(roomId, by, 'member', userId);
    takeTokens(this.#parts.rates, by, MEMBERSHIP_TOKENS);
    return this.#answer(userId, await this.#parts.memberships.change({ roomId, user, by, change: 'join' }));
  }

  /** Leaves by oneself, or expels somebody. */
  async remove(roomId: string, by: UserRef, userId: string): Promise<MembershipChange> {
    const user = userId === by.userId ? by : await this.#other(roomId, by, 'moderator', userId);
    takeTokens(this.#parts.rates, by, MEMBERSHIP_TOKENS);
    const done = await this.#parts.memberships.change({ roomId, user, by, change: 'leave' });
    // Leaving twice is no fault; expelling who is not there is.
    if (user !== by && !done.changed) throw noSuchMember(userId);
    return this.#answer(userId, done);
  }

  async changeRole(roomId: string, by: UserRef, userId: string, { role }: ChangeMemberBody): Promise<RoomMember> {
    const user = await this.#other(roomId, by, 'owner', userId);
    takeTokens(this.#parts.rates, by, CHANGE_TOKENS);
    await this.#parts.memberships.changeRole({ roomId, user, by, role });
    const { conversation } = known(await this.#view(roomId, by));
    const member = await this.#parts.store.member(conversation.conversationNo, userId);
    if (member === undefined) throw noSuchMember(userId);
    return member;
  }

  /** The owner becomes a moderator. */
  async transfer(roomId: string, by: UserRef, userId: string): Promise<Room> {
    const user = await this.#other(roomId, by, 'owner', userId);
    takeTokens(this.#parts.rates, by, CHANGE_TOKENS);
    await this.#parts.memberships.changeRole({ roomId, user, by, role: 'owner' });
    return known(await this.#view(roomId, by)).room;
  }

  async bans(roomId: string, user: UserRef, query: PageQuery): Promise<RoomBansPage> {
    const from = query.cursor === undefined ? undefined : decodeNumberCursor(query.cursor);
    const { conversation } = knownTo('moderator', await this.#view(roomId, user));
    const page = { after: from && { at: from.first, userNo: from.second }, limit: query.limit ?? PAGE };
    const { items, next } = await this.#parts.store.bans(conversation.conversationNo, page);
    return { bans: [...items], ...(next && { cursor: encodeCursor([next.at, next.userNo]) }) };
  }

  /** Expels who is in the room, and keeps whoever it is from coming back. Again it is the ban that there is. */
  async ban(roomId: string, by: UserRef, userId: string, reason: string | undefined): Promise<RoomBan> {
    checkTexts({ reason });
    const user = await this.#other(roomId, by, 'moderator', userId);
    const { conversation } = known(await this.#view(roomId, by));
    takeTokens(this.#parts.rates, by, MEMBERSHIP_TOKENS);
    await this.#parts.memberships.change({ roomId, user, by, change: 'leave', ban: { reason: reason ?? null } });
    const ban = await this.#parts.store.ban(conversation.conversationNo, user.userNo);
    if (ban === undefined) throw noBan(userId); // taken back by somebody else in this very moment
    return ban;
  }

  async unban(roomId: string, by: UserRef, userId: string): Promise<void> {
    const user = await this.#other(roomId, by, 'moderator', userId);
    const { conversation } = known(await this.#view(roomId, by));
    takeTokens(this.#parts.rates, by, CHANGE_TOKENS);
    if (!(await this.#parts.store.unban(conversation.conversationNo, user.userNo))) throw noBan(userId);
  }

  #view(roomId: string, user: UserRef): Promise<RoomView | undefined> {
    return this.#parts.store.view(roomId, user.userNo);
  }

  /** Somebody else, for who has the role to act on others: nobody else learns here who is a user. */
  async #other(roomId: string, by: UserRef, role: RoomRole, userId: string): Promise<UserRef> {
    knownTo(role, await this.#view(roomId, by));
    if (userId === by.userId) throw refusalError('not-allowed');
    const user = await this.#parts.store.user(userId);
    if (user === undefined) throw noSuchUser(userId);
    return user;
  }

  #answer(userId: string, changed: Changed): MembershipChange {
    const answer = membershipAnswer(userId, changed);
    if (answer === undefined) throw noSuchMember(userId);
    return answer;
  }
}
