import type { ErrorBody } from '@chat/protocol';
import type { CancelTimer, Clock } from '../platform/clock.ts';

/** How a send ended, as far as this connection is concerned. */
export type SendOutcome =
  | { readonly kind: 'stored'; readonly seq: number }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Not stored for now: to be repeated after a while. */
  | { readonly kind: 'later'; readonly afterMs: number | undefined }
  /** The connection is gone, the outcome unknown: to be repeated on the next. */
  | { readonly kind: 'unknown' };

/** Neither RECEIPT nor error within this time: the send is repeated, which is harmless. */
const OUTCOME_WITHIN_MS = 10_000;

/** These say nothing about the message: it may well be taken later. */
const WORTH_REPEATING: ReadonlySet<string> = new Set(['rate-limited', 'unavailable', 'internal']);

type Waiting = { readonly resolve: (outcome: SendOutcome) => void; readonly cancel: CancelTimer };

/** Waits for the outcome of sends, each known by its clientId, which is its receipt id as well. */
export class Sending {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Waiting>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async outcomeOf(clientId: string): Promise<SendOutcome> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(OUTCOME_WITHIN_MS, () => this.#settle(clientId, { kind: 'later', afterMs: 0 }));
      this.#waiting.set(clientId, { resolve, cancel });
    });
  }

  stored(clientId: string, seq: number): void {
    this.#settle(clientId, { kind: 'stored', seq });
  }

  refused(clientId: string, error: ErrorBody): void {
    const { code, message, retryAfterMs } = error;
    this.#settle(clientId, WORTH_REPEATING.has(code) ? { kind: 'later', afterMs: retryAfterMs } : { kind: 'refused', code, message });
  }

  connectionLost(): void {
    for (const clientId of [...this.#waiting.keys()]) this.#settle(clientId, { kind: 'unknown' });
  }

  #settle(clientId: string, outcome: SendOutcome): void {
    const waiting = this.#waiting.get(clientId);
    if (!waiting) return;
    this.#waiting.delete(clientId);
    waiting.cancel();
    waiting.resolve(outcome);
  }
}
