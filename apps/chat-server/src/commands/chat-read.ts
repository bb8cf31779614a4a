import { addressOf, ChatReadBody, SendDestination } from '@chat/protocol';
import type { ConversationBook } from '../conversations/conversation-book.ts';
import type { CursorBook } from '../delivery/cursor-book.ts';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';

export type ChatReadParts = { readonly conversations: ConversationBook; readonly cursors: CursorBook };

/** `/app/chat.read`: moves the reader's cursor. Its RECEIPT says that the cursor is stored. */
export class ChatRead implements Command {
  readonly destination = SendDestination.chatRead;
  readonly #parts: ChatReadParts;
  readonly #schema = new BodySchema(SendDestination.chatRead, ChatReadBody);

  constructor(parts: ChatReadParts) {
    this.#parts = parts;
  }

  async handle(raw: unknown, caller: Caller, outcome: Outcome): Promise<void> {
    const body = this.#schema.check(raw);
    const { principal } = caller;
    const conversationId = addressOf(body, principal.userId);
    const conversation =
      this.#parts.conversations.known(conversationId, principal) ??
      (await this.#parts.conversations.open(conversationId, principal));
    this.#parts.cursors.read(principal, conversation, body.seq, (error) => {
      if (error === undefined) outcome.done();
      else outcome.refused(error);
    });
  }
}
