import { ChatError, ChatSyncBody, SendDestination } from '@chat/protocol';
import { BodySchema } from './body-schema.ts';
import type { Caller, Command, Outcome } from './command-table.ts';

/** Cursors that one sync may name, over all its frames. */
const CURSORS_LIMIT = 100_000;

/** `/app/chat.sync`: resume from the device's own cursors. Its RECEIPT says that SYNCED has been sent. */
export class ChatSync implements Command {
  readonly destination = SendDestination.chatSync;
  readonly #schema = new BodySchema(SendDestination.chatSync, ChatSyncBody);
  readonly #cursorsPerFrame: number;
  /** Cursors of syncs that come in several frames; gone with their session. */
  readonly #partial = new WeakMap<Caller, Map<string, number>>();

  constructor(cursorsPerFrame: number) {
    this.#cursorsPerFrame = cursorsPerFrame;
  }

  handle(raw: unknown, caller: Caller, outcome: Outcome): void {
    const body = this.#schema.check(raw);
    const cursors = this.#gather(Object.entries(body.cursors), caller);
    if (body.more === true) {
      this.#partial.set(caller, cursors);
      outcome.done();
      return;
    }
    caller.sync({ kind: 'sync', cursors, fresh: body.fresh === true, limit: body.limit }, outcome);
  }

  /** These and what came before them with `more`, which is forgotten here: a sync that is refused begins anew. */
  #gather(named: readonly (readonly [string, number])[], caller: Caller): Map<string, number> {
    const cursors = this.#partial.get(caller) ?? new Map<string, number>();
    this.#partial.delete(caller);
    if (named.length > this.#cursorsPerFrame) {
      throw new ChatError('too-large', `One frame of a sync names at most ${this.#cursorsPerFrame} conversations.`);
    }
    for (const [conversationId, seq] of named) cursors.set(conversationId, seq);
    if (cursors.size > CURSORS_LIMIT) throw new ChatError('too-large', `A sync names at most ${CURSORS_LIMIT} conversations.`);
    return cursors;
  }
}
