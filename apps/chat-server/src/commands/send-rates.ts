import { ChatError } from '@chat/protocol';

export type Rate = { readonly burst: number; readonly perMinute: number };

/** Users whose buckets are remembered. Past it the full buckets are forgotten, which changes nothing for them. */
const REMEMBERED = 50_000;

type Bucket = { tokens: number; at: number };

/** One token bucket a user: what a person types never meets it, a loop does. */
export class SendRates {
  readonly #rate: Rate | undefined;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** Without a rate everything passes. `now` in ms, monotonic. */
  constructor(rate: Rate | undefined, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Takes tokens, or, if there are too few, answers a `rate-limited` with the time to wait. */
  take(userId: string, tokens: number): ChatError | undefined {
    if (this.#rate === undefined) return undefined;
    const { burst, perMinute } = this.#rate;
    const now = this.#now();
    const bucket = this.#buckets.get(userId) ?? this.#make(userId, burst, now);
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perMinute) / 60_000);
    bucket.at = now;
    if (tokens > burst) return new ChatError('too-large', `At most ${burst} messages may be sent at once.`);
    if (bucket.tokens < tokens) {
      const retryAfterMs = Math.ceil(((tokens - bucket.tokens) * 60_000) / perMinute);
      return new ChatError('rate-limited', 'Too many messages in a short time.', retryAfterMs);
    }
    bucket.tokens -= tokens;
    return undefined;
  }

  #make(userId: string, burst: number, now: number): Bucket {
    if (this.#buckets.size >= REMEMBERED) this.#forgetFull(burst, now);
    const bucket = { tokens: burst, at: now };
    this.#buckets.set(userId, bucket);
    return bucket;
  }

  #forgetFull(burst: number, now: number): void {
    const perMinute = this.#rate?.perMinute ?? 0;
    for (const [userId, bucket] of this.#buckets) {
      if (bucket.tokens + ((now - bucket.at) * perMinute) / 60_000 >= burst) this.#buckets.delete(userId);
    }
  }
}
