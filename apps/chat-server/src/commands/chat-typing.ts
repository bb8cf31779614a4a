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

/** One signal in this time for each sender and conversation, the newest: who types says so once a keystroke, or once a loop. */
const COALESCE_MS = 1_000;
const REMEMBERED = 10_000;

type Last = { told: boolean; at: number; wanted: boolean; timer: NodeJS.Timeout | undefined };

/** `/app/chat.typing`: TYPING to the others who are online; never stored. */
export class ChatTyping implements Command {
  readonly destination = SendDestination.chatTyping;
  readonly #parts: ChatTypingParts;
  readonly #schema = new BodySchema(SendDestination.chatTyping, ChatTypingBody);
  readonly #last = new Map<string, Last>();

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
    this.#note(conversationId, from, body.typing);
    outcome.done();
  }

  /** A message went out, which ends the typing for those who see it: the next key is news again. */
  onSend(conversationId: string, from: string): void {
    if (this.#last.size === 0) return;
    const key = keyOf(conversationId, from);
    clearTimeout(this.#last.get(key)?.timer);
    this.#last.delete(key);
  }

  #note(conversationId: string, from: string, typing: boolean): void {
    const key = keyOf(conversationId, from);
    const now = performance.now();
    const last = this.#last.get(key);
    if (last === undefined || now - last.at >= COALESCE_MS) {
      if (this.#last.size >= REMEMBERED) this.#last.clear();
      clearTimeout(last?.timer);
      this.#last.set(key, { told: typing, at: now, wanted: typing, timer: undefined });
      this.#tell(conversationId, from, typing);
      return;
    }
    last.wanted = typing;
    if (last.wanted === last.told) return;
    last.timer ??= setTimeout(() => this.#tellWanted(conversationId, from, last), last.at + COALESCE_MS - now).unref();
  }

  #tellWanted(conversationId: string, from: string, last: Last): void {
    last.timer = undefined;
    if (last.wanted === last.told) return;
    last.told = last.wanted;
    last.at = performance.now();
    this.#tell(conversationId, from, last.wanted);
  }

  #tell(conversationId: string, from: string, typing: boolean): void {
    const message = { type: 'TYPING', conversationId, from, ...addressee(conversationId, from), typing };
    this.#parts.onSignals([{ kind: 'typing', conversationId, from, version: 0, body: Buffer.from(JSON.stringify(message)) }]);
  }
}

function keyOf(conversationId: string, from: string): string {
  return `${from} ${conversationId}`;
}
