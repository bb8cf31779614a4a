import { ChatError, ChatSyncBody, SendDestination } from '@chat/protocol';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';

/** Cursors that one sync may name, over all its frames. */
const CURSORS_LIMIT = 100_000;

/** `/app/chat.sync`: resume from the device's own cursors. */
export class ChatSync implements Command {
  readonly destination = SendDestination.chatSync;
  readonly #schema = new BodySchema(SendDestination.chatSync, ChatSyncBody);
  /** Cursors of syncs that come in several frames; gone with their session. */
  readonly #partial = new WeakMap<Caller, Map<string, number>>();

  handle(raw: unknown, caller: Caller, outcome: Outcome): void {
    const body = this.#schema.check(raw);
    const cursors = this.#partial.get(caller) ?? new Map<string, number>();
    for (const [conversationId, seq] of Object.entries(body.cursors)) cursors.set(conversationId, seq);
    if (cursors.size > CURSORS_LIMIT) {
      this.#partial.delete(caller);
      throw new ChatError('too-large', `A sync names at most ${CURSORS_LIMIT} conversations.`);
    }
    if (body.more === true) {
      this.#partial.set(caller, cursors);
    } else {
      this.#partial.delete(caller);
      caller.sync({ kind: 'sync', cursors, fresh: body.fresh === true, limit: body.limit });
    }
    outcome.done();
  }
}
