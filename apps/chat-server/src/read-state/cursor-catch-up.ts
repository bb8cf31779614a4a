import type { CursorStore, CursorVersion } from '../conversations/cursor-store.port.ts';
import type { ConversationPosition } from '../conversations/message-store.port.ts';
import { stateSignals } from '../delivery/feed-reads.ts';
import type { Signal } from '../delivery/signal.ts';
import { CursorVersions } from './cursor-versions.ts';

const CONVERSATIONS_PER_READ = 200;

export type CursorCatchUpParts = {
  readonly store: CursorStore;
  /** Tells the members who have a session on this server, and nobody else. */
  readonly tellHere: (signal: Signal) => void;
};

/**
 * Cursors are state, not only events ([S4]): where a READ may have been lost on its way here, everybody's present
 * cursors are told again. Receivers keep the furthest.
 */
export class CursorCatchUp {
  readonly #parts: CursorCatchUpParts;
  readonly #versions = new CursorVersions();
  /** Conversations whose cursors were told again. */
  found = 0;

  constructor(parts: CursorCatchUpParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#versions.size;
  }

  /** What a session that opens has read: from there on everything has to come. */
  onPositions(positions: readonly ConversationPosition[]): void {
    for (const { conversationId, toldVersion = 0 } of positions) this.#versions.start(conversationId, toldVersion);
  }

  /** A signal came here, from this server or another. */
  onSignal({ conversationId, version }: Signal): void {
    if (version > 0) this.#versions.seen(conversationId, version);
  }

  /** For the conversations of these users who have a session here. Rejects with `StoreUnavailable`. */
  async run(userNos: readonly number[]): Promise<void> {
    const behind = (await this.#parts.store.cursorVersions(userNos)).filter(({ conversationId, version }) =>
      this.#versions.isBehind(conversationId, version),
    );
    for (let i = 0; i < behind.length; i += CONVERSATIONS_PER_READ) {
      await this.#tellAgain(behind.slice(i, i + CONVERSATIONS_PER_READ));
    }
  }

  /** After a pass over all users with a session here. */
  onPassEnded(): void {
    this.#versions.forgetUnused();
  }

  async #tellAgain(behind: readonly CursorVersion[]): Promise<void> {
    const cursors = await this.#parts.store.memberCursors(undefined, behind.map((one) => one.conversationNo));
    for (const cursor of cursors) {
      for (const signal of stateSignals(cursor, undefined)) this.#parts.tellHere(signal);
      if (cursor.hidesReading) for (const signal of stateSignals(cursor, cursor.userNo)) this.#parts.tellHere({ ...signal, kind: 'own-read' });
    }
    // Versions as of the moment of their cursors; of a room that has grown large nobody is told any more.
    for (const { conversationId, version } of behind) this.#versions.reached(conversationId, version);
    for (const { conversation, version } of cursors) this.#versions.reached(conversation.conversationId, version);
    this.found += behind.length;
  }
}
