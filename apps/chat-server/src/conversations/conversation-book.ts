import { ChatError, parseConversationId } from '@chat/protocol';
import type { Conversation } from './log-entry.ts';
import { StoreUnavailable, type MessageStore, type UserRef } from './message-store.port.ts';

/** Direct conversations that are remembered by number. They never change, so forgetting some costs a read only. */
const REMEMBERED = 100_000;

/** Finds conversations for those who are in them, and makes direct ones on first use. */
export class ConversationBook {
  readonly #store: MessageStore;
  #known = new Map<string, Conversation>();
  #older = new Map<string, Conversation>();

  constructor(store: MessageStore) {
    this.#store = store;
  }

  /** A direct conversation that has been used here before and has this user in it. */
  known(conversationId: string, user: UserRef): Conversation | undefined {
    let conversation = this.#known.get(conversationId);
    if (conversation === undefined) {
      conversation = this.#older.get(conversationId);
      if (conversation === undefined) return undefined;
      this.#remember(conversation);
    }
    return isIn(conversationId, user.userId) ? conversation : undefined;
  }

  /**
   * Throws `ChatError` not-found for a conversation that there is not, or that this user is not in: one answer, so that
   * nobody learns which.
   */
  async open(conversationId: string, user: UserRef): Promise<Conversation> {
    const parsed = parseConversationId(conversationId);
    if (parsed?.kind !== 'direct') throw new ChatError('not-found', 'There is no such room.');
    if (!isIn(conversationId, user.userId)) throw new ChatError('not-found', 'There is no such conversation.');
    const peer = parsed.a === user.userId ? parsed.b : parsed.a;
    const conversation = await this.#openDirect(user, peer);
    if (conversation === undefined) throw new ChatError('not-found', `There is no user ${peer}.`);
    this.#remember(conversation);
    return conversation;
  }

  async #openDirect(user: UserRef, peer: string): Promise<Conversation | undefined> {
    try {
      return await this.#store.openDirect(user, peer);
    } catch (error) {
      if (error instanceof StoreUnavailable) throw new ChatError('unavailable', 'Messages cannot be stored right now. Try again.', 1_000);
      throw error;
    }
  }

  /** Two generations instead of a list by use: half of the memory is dropped when it is full. */
  #remember(conversation: Conversation): void {
    if (this.#known.size >= REMEMBERED / 2) {
      this.#older = this.#known;
      this.#known = new Map();
    }
    this.#known.set(conversation.conversationId, conversation);
  }
}

function isIn(conversationId: string, userId: string): boolean {
  return conversationId.startsWith(`direct:${userId}:`) || (conversationId.startsWith('direct:') && conversationId.endsWith(`:${userId}`));
}
