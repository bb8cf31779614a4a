import { ChatError, type HistoryEntry } from '@chat/protocol';
import type { MessageStore, UserRef } from '../conversations/message-store.port.ts';
import type { History } from './history.ts';
import type { HistoryAccess, ReadableConversations } from './readable-conversations.ts';

const ENTRIES_AT_A_TIME = 200;
const CONVERSATIONS_AT_A_TIME = 100;

export type ExportsParts = {
  readonly history: History;
  readonly readable: ReadableConversations;
  readonly store: Pick<MessageStore, 'summaries'>;
};

/**
 * What somebody may read, as JSON Lines, one ChatMessage a line in its present form. Read page by page, as fast as it is
 * taken: an export of millions needs no more memory than one page.
 */
export class Exports {
  readonly #parts: ExportsParts;

  constructor(parts: ExportsParts) {
    this.#parts = parts;
  }

  async *conversation(conversation: HistoryAccess, user: UserRef): AsyncGenerator<string> {
    for await (const page of this.#pages(conversation, user)) yield lines(page);
  }

  /** Everything of one's own: who one is, one's conversations, and what one wrote in them. */
  async *account(profile: object, user: UserRef): AsyncGenerator<string> {
    yield lines([{ type: 'ACCOUNT', ...profile }]);
    const { store } = this.#parts;
    let next: Parameters<MessageStore['summaries']>[1];
    do {
      const summaries = await store.summaries(user, next, CONVERSATIONS_AT_A_TIME);
      next = summaries.next;
      for (const { conversationId, name, readSeq } of summaries.page) {
        yield lines([{ type: 'CONVERSATION', conversationId, name, readSeq }]);
        const conversation = await this.#stillReadable(conversationId, user);
        if (conversation === undefined) continue;
        for await (const page of this.#pages(conversation, user)) yield lines(page.filter((message) => message.from === user.userId));
      }
    } while (next !== undefined);
  }

  /** `undefined` if it was left since the list was read: nothing of it may be read any more. */
  async #stillReadable(conversationId: string, user: UserRef): Promise<HistoryAccess | undefined> {
    try {
      return await this.#parts.readable.find(conversationId, user);
    } catch (error) {
      if (error instanceof ChatError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async *#pages(conversation: HistoryAccess, user: UserRef): AsyncGenerator<readonly HistoryEntry[]> {
    const { history } = this.#parts;
    let { readFrom } = conversation;
    for (;;) {
      const page = await history.page(conversation, { readFrom, after: readFrom, limit: ENTRIES_AT_A_TIME });
      const last = page.at(-1);
      if (last === undefined) return;
      readFrom = last.seq;
      yield await history.present(user.userNo, page);
    }
  }
}

function lines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
