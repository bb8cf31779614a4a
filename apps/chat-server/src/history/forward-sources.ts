import { ChatError } from '@chat/protocol';
import { toChatMessage } from '../conversations/log-entry.ts';
import type { UserRef } from '../conversations/message-store.port.ts';
import type { History } from './history.ts';
import type { ReadableConversations } from './readable-conversations.ts';

export type ForwardSource = {
  readonly message: string;
  readonly forwardedFrom: { readonly from: string; readonly sentAt: number };
};

/** Reads what somebody wants to pass on. */
export class ForwardSources {
  readonly #conversations: ReadableConversations;
  readonly #history: History;

  constructor(conversations: ReadableConversations, history: History) {
    this.#conversations = conversations;
    this.#history = history;
  }

  /**
   * The text as it is now, and who wrote it first, also if it had been passed on before. Throws `ChatError` not-found if
   * there is no such message that this user may read.
   */
  async read({ conversationId, seq }: { readonly conversationId: string; readonly seq: number }, user: UserRef): Promise<ForwardSource> {
    const conversation = await this.#conversations.find(conversationId, user);
    const entry = seq > conversation.readFrom ? await this.#history.entryAt(conversation, seq) : undefined;
    const message = entry && toChatMessage(entry);
    if (message?.type !== 'CHAT' || message.deleted) throw new ChatError('not-found', 'There is no such message to pass on.');
    const [present = message] = await this.#history.present(user.userNo, [message]);
    const { from, sentAt } = present.forwardedFrom ?? present;
    return { message: present.message, forwardedFrom: { from, sentAt } };
  }
}
