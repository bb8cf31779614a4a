import { createHash, randomBytes } from 'node:crypto';
import {
  ChatError,
  type CreateInviteBody,
  type InvitePreview,
  type MembershipChange,
  type NewRoomInvite,
  type Room,
  type RoomInvite,
} from '@chat/protocol';
import type { UserRef } from '../conversations/message-store.port.ts';
import { refusalError } from '../conversations/refusals.ts';
import { membershipAnswer } from './memberships.ts';
import { knownTo } from './room-rules.ts';
import type { FoundInvite, RoomView } from './room-store.port.ts';
import { checkTexts } from './room-text.ts';
import { CHANGE_TOKENS, MEMBERSHIP_TOKENS, takeTokens, type RoomsParts } from './rooms.ts';

const WEEK_SECONDS = 7 * 86_400;

/**
 * Links into rooms. What a link carries is a token of 256 random bits, of which the database keeps the hash. Everything
 * throws `ChatError` for what may not be.
 */
export class RoomInvites {
  readonly #parts: RoomsParts;

  constructor(parts: RoomsParts) {
    this.#parts = parts;
  }

  /** The only time that the token is shown. */
  async create(roomId: string, user: UserRef, body: CreateInviteBody): Promise<NewRoomInvite> {
    const { conversation, room } = mayInvite(await this.#parts.store.view(roomId, user.userNo));
    if (room.archivedAt !== undefined) throw refusalError('archived');
    checkTexts({ label: body.label });
    takeTokens(this.#parts.rates, user, CHANGE_TOKENS);
    const token = randomBytes(32).toString('base64url');
    const invite = await this.#parts.store.addInvite(conversation.conversationNo, user.userNo, {
      tokenHash: inviteTokenHash(token),
      expiresInMs: (body.expiresInSeconds ?? WEEK_SECONDS) * 1000,
      uses: body.uses,
      label: body.label,
    });
    if (invite === undefined) throw new ChatError('conflict', 'The room has too many invites: remove one first.');
    return { ...invite, token };
  }

  /** Moderators see all of them, others their own. */
  async list(roomId: string, user: UserRef): Promise<readonly RoomInvite[]> {
    const view = knownTo('member', await this.#parts.store.view(roomId, user.userNo));
    return this.#parts.store.invites(view.conversation.conversationNo, onlyOwn(view, user));
  }

  async remove(roomId: string, user: UserRef, inviteId: string): Promise<void> {
    const view = knownTo('member', await this.#parts.store.view(roomId, user.userNo));
    const tokenHash = Buffer.from(inviteId, 'base64url');
    const removed = await this.#parts.store.removeInvite(view.conversation.conversationNo, tokenHash, onlyOwn(view, user));
    if (!removed) throw refusalError('invite-invalid');
  }

  async preview(token: string, user: UserRef): Promise<InvitePreview> {
    const { room, invite } = await this.#find(token, user);
    const { id, name, topic, picture, visibility, members, me } = room;
    const { invitedBy, expiresAt } = invite;
    const shown = { id, name, topic, ...(picture !== undefined && { picture }), visibility, members };
    return { room: shown, invitedBy, expiresAt, member: me.role !== undefined };
  }

  /** Who is in the room already does not use it up. */
  async accept(token: string, user: UserRef): Promise<MembershipChange> {
    takeTokens(this.#parts.rates, user, MEMBERSHIP_TOKENS);
    const { id: roomId } = (await this.#find(token, user)).room;
    const tokenHash = inviteTokenHash(token);
    const changed = await this.#parts.memberships.change({ roomId, user, by: user, change: 'join', inviteTokenHash: tokenHash });
    const answer = membershipAnswer(user.userId, changed);
    if (answer === undefined) throw refusalError('invite-invalid');
    return answer;
  }

  /** What is used up is still an answer to those who came by it. */
  async #find(token: string, user: UserRef): Promise<{ readonly room: Room; readonly invite: FoundInvite }> {
    const invite = await this.#parts.store.invite(inviteTokenHash(token));
    const view = invite && (await this.#parts.store.view(invite.roomId, user.userNo));
    if (invite === undefined || view === undefined) throw refusalError('invite-invalid');
    const { room } = view;
    if (!invite.usable && room.me.role === undefined) throw refusalError('invite-invalid');
    if (room.me.banned === true) throw refusalError('banned');
    if (room.archivedAt !== undefined) throw refusalError('archived');
    return { room, invite };
  }
}

/** SHA-256 is enough: there is nothing to guess in 256 random bits. */
export function inviteTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Into a public room anybody may come; a private one is opened by those who look after it. */
function mayInvite(view: RoomView | undefined): RoomView {
  return knownTo(view?.room.visibility === 'public' ? 'member' : 'moderator', view);
}

function onlyOwn({ room }: RoomView, user: UserRef): number | undefined {
  return room.me.role === 'member' ? user.userNo : undefined;
}
