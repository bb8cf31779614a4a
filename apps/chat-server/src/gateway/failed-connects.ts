import type { ConnectGuard } from '../stomp/session-services.ts';
import { addressKey, TokenBuckets } from './http-rate-limit.ts';

/** Bounds the failed CONNECTs of an address. Only failures count: a whole office comes back from one address. */
export class FailedConnects implements ConnectGuard {
  readonly #buckets: TokenBuckets | undefined;

  /** Without a rate every address may try as often as it likes. */
  constructor(perMinute: number | undefined) {
    this.#buckets = perMinute === undefined ? undefined : new TokenBuckets({ burst: perMinute, perMinute });
  }

  check(address: string): void {
    const key = addressKey(address);
    this.#buckets?.take(key);
    this.#buckets?.giveBack(key);
  }

  failed(address: string): void {
    try {
      this.#buckets?.take(addressKey(address));
    } catch {
      // Several at once had passed the check while there was one token: the bucket is empty, as it should be.
    }
  }
}
