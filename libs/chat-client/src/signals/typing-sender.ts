import type { Clock } from '../platform/clock.ts';

/** Half of the time after which TYPING ends by itself: one lost does no harm. */
const REPEAT_AFTER_MS = 3_000;

/** Tells the others that this user types: at the first key, then at most every three seconds, and at the end. */
export class TypingSender {
  readonly #clock: Clock;
  readonly #send: (conversationId: string, typing: boolean) => void;
  readonly #lastSent = new Map<string, number>();

  constructor(clock: Clock, send: (conversationId: string, typing: boolean) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  set(conversationId: string, typing: boolean): void {
    const last = this.#lastSent.get(conversationId);
    if (!typing) {
      this.#lastSent.delete(conversationId);
      const othersMayStillSeeIt = last !== undefined && this.#clock.now() - last < 2 * REPEAT_AFTER_MS;
      if (othersMayStillSeeIt) this.#send(conversationId, false);
      return;
    }
    if (last !== undefined && this.#clock.now() - last < REPEAT_AFTER_MS) return;
    this.#lastSent.set(conversationId, this.#clock.now());
    this.#send(conversationId, true);
  }

  /** A message went out: for the others that ends the typing, without a word. */
  sent(conversationId: string): void {
    this.#lastSent.delete(conversationId);
  }
}
