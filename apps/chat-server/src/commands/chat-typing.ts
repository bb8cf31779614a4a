import { addressOf, ChatTypingBody, SendDestination } from '@chat/protocol';
import type { ConversationBook } from '../conversations/conversation-book.ts';
import { addressee } from '../delivery/cursor-book.ts';
import type { Signal } from '../delivery/signal.ts';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';

export type ChatTypingParts = {
  readonly conversations: ConversationBook;
  readonly onSignals: (signals: readonly Signal[]) => void;
};

/** Signals of the same kind within this time are one: who types says so once a keystroke. */
const COALESCE_MS = 1_000;
const REMEMBERED = 10_000;

/** `/app/chat.typing`: TYPING to the others who are online; never stored. */
export class ChatTyping implements Command {
  readonly destination = SendDestination.chatTyping;
  readonly #parts: ChatTypingParts;
  readonly #schema = new BodySchema(SendDestination.chatTyping, ChatTypingBody);
  readonly #last = new Map<string, { readonly typing: boolean; readonly at: number }>();

  constructor(parts: ChatTypingParts) {
    this.#parts = parts;
  }

  async handle(raw: unknown, caller: Caller, outcome: Outcome): Promise<void> {
    const body = this.#schema.check(raw);
    const from = caller.principal.userId;
    const conversationId = addressOf(body, from);
    if (this.#parts.conversations.known(conversationId, caller.principal) === undefined) {
      await this.#parts.conversations.open(conversationId, caller.principal);
    }
    if (!this.#isRepeat(`${from} ${conversationId}`, body.typing)) {
      const message = { type: 'TYPING', conversationId, from, ...addressee(conversationId, from), typing: body.typing };
      const signal = { kind: 'typing' as const, conversationId, from, version: 0, body: Buffer.from(JSON.stringify(message)) };
      this.#parts.onSignals([signal]);
    }
    outcome.done();
  }

  #isRepeat(key: string, typing: boolean): boolean {
    const now = performance.now();
    const last = this.#last.get(key);
    if (last?.typing === typing && now - last.at < COALESCE_MS) return true;
    if (this.#last.size >= REMEMBERED) this.#last.clear();
    this.#last.set(key, { typing, at: now });
    return false;
  }
}
