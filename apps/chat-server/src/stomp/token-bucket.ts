import { ChatError } from '@chat/protocol';

export type Rate = { readonly burst: number; readonly perMinute: number };

/** What one session may ask for, in bursts and in the long run. Without a rate everything. */
export class TokenBucket {
  readonly #rate: Rate | undefined;
  #tokens: number;
  #at = performance.now();

  constructor(rate: Rate | undefined) {
    this.#rate = rate;
    this.#tokens = rate?.burst ?? 0;
  }

  /** Takes one, or throws `ChatError` rate-limited with the time to wait. */
  take(): void {
    if (this.#rate === undefined) return;
    const { burst, perMinute } = this.#rate;
    const now = performance.now();
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) * perMinute) / 60_000);
    this.#at = now;
    if (this.#tokens < 1) {
      throw new ChatError('rate-limited', 'Too many subscriptions in a short time.', Math.ceil(((1 - this.#tokens) * 60_000) / perMinute));
    }
    this.#tokens--;
  }
}
