import { cursorSignal } from './cursor-book.ts';
import type { Signal } from './signal.ts';
import type { Conversation } from '../conversations/log-entry.ts';
import { StoreUnavailable, type ConversationPosition, type MessageStore } from '../conversations/message-store.port.ts';

const RETRY_MS = 500;

/** What a session reads when it goes live. Sessions stay while the store is away, so each read waits for it. */
export class FeedReads {
  readonly #store: MessageStore;

  constructor(store: MessageStore) {
    this.#store = store;
  }

  openDevice(userNo: number, name: string): Promise<number> {
    return waitForStore(() => this.#store.openDevice(userNo, name));
  }

  positions(userNo: number, deviceNo: number): Promise<readonly ConversationPosition[]> {
    return waitForStore(() => this.#store.positions(userNo, deviceNo));
  }

  async cursorSignals(userNo: number, conversations: readonly Conversation[]): Promise<readonly Signal[]> {
    const numbers = conversations.map((conversation) => conversation.conversationNo);
    const rows = await waitForStore(() => this.#store.peerCursors(userNo, numbers));
    return rows.flatMap(({ conversation, userId, deliveredSeq, readSeq, version }) => [
      ...(deliveredSeq > readSeq ? [cursorSignal('DELIVERED', conversation.conversationId, userId, deliveredSeq, version)] : []),
      ...(readSeq > 0 ? [cursorSignal('READ', conversation.conversationId, userId, readSeq, version)] : []),
    ]);
  }
}

async function waitForStore<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
