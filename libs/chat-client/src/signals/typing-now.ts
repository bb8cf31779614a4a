import type { CancelTimer, Clock } from '../platform/clock.ts';

/** TYPING ends by itself after this time without another (the protocol's `TYPING_EXPIRES_MS`). */
const EXPIRES_MS = 6_000;

/** Who is typing where, as far as was heard. */
export class TypingNow {
  readonly #clock: Clock;
  readonly #onChange: (conversationId: string) => void;
  readonly #conversations = new Map<string, Map<string, CancelTimer>>();

  constructor(clock: Clock, onChange: (conversationId: string) => void) {
    this.#clock = clock;
    this.#onChange = onChange;
  }

  in(conversationId: string): readonly string[] {
    return [...(this.#conversations.get(conversationId)?.keys() ?? [])];
  }

  heard(conversationId: string, userId: string, typing: boolean): void {
    const users = this.#conversations.get(conversationId) ?? new Map<string, CancelTimer>();
    const cancel = users.get(userId);
    cancel?.();
    if (typing) {
      users.set(userId, this.#clock.after(EXPIRES_MS, () => this.heard(conversationId, userId, false)));
      this.#conversations.set(conversationId, users);
    } else {
      users.delete(userId);
      if (users.size === 0) this.#conversations.delete(conversationId);
    }
    const changed = typing !== (cancel !== undefined);
    if (changed) this.#onChange(conversationId);
  }

  /** Who is offline types nowhere. */
  left(userId: string): void {
    for (const conversationId of [...this.#conversations.keys()]) this.heard(conversationId, userId, false);
  }

  /** The connection is gone: who types now is not known. */
  clear(): void {
    for (const [conversationId, users] of [...this.#conversations]) {
      for (const userId of [...users.keys()]) this.heard(conversationId, userId, false);
    }
  }
}
