import { ChatError, parseConversationId } from '@chat/protocol';
import type { Conversation, OpenConversation } from './log-entry.ts';
import { StoreUnavailable, type MessageStore, type OpenedRoom, type UserRef } from './message-store.port.ts';
import { RecentMap } from './recent-map.ts';
import { refusalError } from './refusals.ts';

/** Direct conversations remembered by number. They never change, so forgetting some costs a read only. */
const DIRECT_REMEMBERED = 100_000;
/** Memberships in rooms remembered: one for each user and room. */
const WRITERS_REMEMBERED = 100_000;

/**
 * Finds conversations for those who are in them, and makes direct ones on first use. That somebody is in a room is
 * remembered with the room's leave version: whoever writes with an old one is looked up again where it is stored.
 */
export class ConversationBook {
  readonly #store: MessageStore;
  readonly #direct = new RecentMap<OpenConversation>(DIRECT_REMEMBERED);
  readonly #rooms = new RecentMap<OpenConversation>(WRITERS_REMEMBERED);

  constructor(store: MessageStore) {
    this.#store = store;
  }

  /** A conversation that this user has used here before and, as far as is known here, is in. */
  known(conversationId: string, user: UserRef): OpenConversation | undefined {
    if (conversationId.startsWith('room:')) return this.#rooms.get(memberKey(conversationId, user));
    return isInDirect(conversationId, user.userId) ? this.#direct.get(conversationId) : undefined;
  }

  /**
   * Throws `ChatError` not-found for a conversation that there is not, or that this user is not in and may not know of:
   * one answer, so that nobody learns which. In a public or archived room it is `forbidden`.
   */
  async open(conversationId: string, user: UserRef): Promise<OpenConversation> {
    const opened: OpenedRoom = await this.openToRepeat(conversationId, user);
    if (opened.writing !== undefined) throw refusalError(opened.writing);
    return opened;
  }

  /**
   * The same for sends, where somebody who was in a room once may still repeat what is stored ([A4]): anything new is
   * refused by the store.
   */
  async openToRepeat(conversationId: string, user: UserRef): Promise<OpenedRoom> {
    const parsed = parseConversationId(conversationId);
    if (parsed?.kind === 'room') return this.#openRoom(parsed.roomId, user);
    if (parsed === undefined || !isInDirect(conversationId, user.userId)) throw new ChatError('not-found', 'There is no such conversation.');
    const peer = parsed.a === user.userId ? parsed.b : parsed.a;
    const conversation = await orUnavailable(this.#store.openDirect(user, peer));
    if (conversation === undefined) throw new ChatError('not-found', `There is no user ${peer}.`);
    this.#direct.set(conversationId, conversation);
    return conversation;
  }

  /** What the store found out about the sender of an entry; see `AppenderListener.onWriter`. */
  onWriter({ conversation, senderNo }: { readonly conversation: Conversation; readonly senderNo: number }, leaveVersion: number | undefined): void {
    const { conversationId, conversationNo } = conversation;
    if (!conversationId.startsWith('room:')) return;
    const key = memberKey(conversationId, { userNo: senderNo });
    if (leaveVersion === undefined) this.#rooms.delete(key);
    else this.#rooms.set(key, { conversationId, conversationNo, leaveVersion });
  }

  async #openRoom(roomId: string, user: UserRef): Promise<OpenedRoom> {
    const opened = await orUnavailable(this.#store.openRoom(roomId, user.userNo));
    if ('refused' in opened) throw refusalError(opened.refused);
    if (opened.writing === undefined) this.#rooms.set(memberKey(opened.conversationId, user), opened);
    return opened;
  }
}

function memberKey(conversationId: string, user: { readonly userNo: number }): string {
  return `${user.userNo} ${conversationId}`;
}

async function orUnavailable<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new ChatError('unavailable', 'Messages cannot be stored right now. Try again.', 1_000);
    throw error;
  }
}

function isInDirect(conversationId: string, userId: string): boolean {
  return conversationId.startsWith(`direct:${userId}:`) || (conversationId.startsWith('direct:') && conversationId.endsWith(`:${userId}`));
}
