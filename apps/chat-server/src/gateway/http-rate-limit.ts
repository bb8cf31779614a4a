import { performance } from 'node:perf_hooks';
import { isIPv6 } from 'node:net';
import { ChatError } from '@chat/protocol';

type Bucket = { tokens: number; filledAt: number };

const BUCKETS_AT_MOST = 20_000;

export type TokenBucketOptions = {
  readonly burst: number;
  readonly perMinute: number;
  readonly now?: () => number;
};

/** A token bucket for each key. A full one is forgotten, so memory holds only who used theirs lately. */
export class TokenBuckets {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: TokenBucketOptions) {
    this.#burst = options.burst;
    this.#perMs = options.perMinute / 60_000;
    this.#now = options.now ?? ((): number => performance.now());
  }

  /** Takes tokens, or throws ChatError `rate-limited` with the time until there are enough. */
  take(key: string, count = 1): void {
    const bucket = this.#refilled(key);
    if (bucket.tokens < count) {
      const retryAfterMs = Math.ceil((count - bucket.tokens) / this.#perMs);
      throw new ChatError('rate-limited', 'Too many requests: wait a moment.', retryAfterMs);
    }
    bucket.tokens -= count;
    // Put at the end: the order of the map is the order of use.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    this.#forgetSome();
  }

  /** Returns a token that turned out not to count. */
  giveBack(key: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket) bucket.tokens = Math.min(this.#burst, bucket.tokens + 1);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #refilled(key: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#burst, filledAt: now };
    bucket.tokens = Math.min(this.#burst, bucket.tokens + (now - bucket.filledAt) * this.#perMs);
    bucket.filledAt = now;
    return bucket;
  }

  /** The least lately used ones: full again for certain once as long as a whole refill has passed, or there are too many. */
  #forgetSome(): void {
    const fullBy = this.#now() - this.#burst / this.#perMs;
    for (const [key, bucket] of this.#buckets) {
      if (bucket.filledAt > fullBy && this.#buckets.size <= BUCKETS_AT_MOST) break;
      this.#buckets.delete(key);
    }
  }
}

/** What counts as one address: an IPv6 user has a whole /64 of them. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  // URL writes an address in its one canonical form, zeros shortened.
  const canonical = new URL(`http://[${address.split('%', 1)[0] ?? ''}]`).hostname.slice(1, -1);
  const [head = '', tail = ''] = canonical.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = canonical.includes('::') ? Array.from({ length: 8 - groups.length - after.length }, () => '0') : [];
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}
