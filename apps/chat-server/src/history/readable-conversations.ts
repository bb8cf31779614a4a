import { ChatError, parseConversationId, type RoomRole } from '@chat/protocol';
import type { Conversation } from '../conversations/log-entry.ts';
import type { MembershipStore } from '../conversations/membership-store.port.ts';
import type { MessageStore, UserRef } from '../conversations/message-store.port.ts';

/** A conversation whose log somebody may read, after `readFrom`. */
export type HistoryAccess = Conversation & {
  readonly kind: 'direct' | 'room';
  readonly readFrom: number;
  /** False for who looks at a public room from outside. */
  readonly member: boolean;
  /** In direct conversations nobody has one. */
  readonly role: RoomRole | undefined;
};

/** Finds conversations for those who may read them. */
export class ReadableConversations {
  readonly #messages: Pick<MessageStore, 'findForMember'>;
  readonly #memberships: Pick<MembershipStore, 'roomAccess'>;

  constructor(messages: Pick<MessageStore, 'findForMember'>, memberships: Pick<MembershipStore, 'roomAccess'>) {
    this.#messages = messages;
    this.#memberships = memberships;
  }

  /** Throws `ChatError` not-found, in the same words whether there is none, it is hidden, or the id is none. */
  async find(conversationId: string, user: UserRef): Promise<HistoryAccess> {
    const parsed = parseConversationId(conversationId);
    const found =
      parsed?.kind === 'room' ? await this.#room(parsed.roomId, user) : parsed && (await this.#direct(conversationId, user));
    if (found === undefined) throw new ChatError('not-found', 'There is no such conversation.');
    return found;
  }

  async #room(roomId: string, user: UserRef): Promise<HistoryAccess | undefined> {
    const access = await this.#memberships.roomAccess(roomId, user.userNo);
    if (access === undefined) return undefined;
    const { conversation, readFrom, member, role } = access;
    return { kind: 'room', ...conversation, readFrom, member, role };
  }

  async #direct(conversationId: string, user: UserRef): Promise<HistoryAccess | undefined> {
    const conversation = await this.#messages.findForMember(conversationId, user.userNo);
    return conversation && { kind: 'direct', ...conversation, readFrom: 0, member: true, role: undefined };
  }
}

/** Whether someone may act on what others wrote there. */
export function isModerator({ role }: Pick<HistoryAccess, 'role'>): boolean {
  return role === 'moderator' || role === 'owner';
}
