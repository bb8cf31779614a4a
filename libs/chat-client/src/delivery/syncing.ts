import type { ChatSyncBody } from '@chat/protocol';
import { BackOff } from '../connection/back-off.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Cursors } from './entry-order.ts';
import { syncRequests } from './sync-request.ts';

export type SyncingParts = {
  readonly clock: Clock;
  readonly random: () => number;
  readonly limit: number | undefined;
  readonly isFresh: boolean;
  readonly cursors: () => Cursors;
  readonly send: (body: ChatSyncBody) => void;
  readonly started: () => void;
};

/** A sync that has not ended within this time is asked for again: entries that come twice are dropped by their `seq`. */
const SYNCED_WITHIN_MS = 60_000;

/** Asks for what was missed, one sync at a time, again until SYNCED has come. */
export class Syncing {
  readonly #parts: SyncingParts;
  readonly #backOff: BackOff;
  #isFresh: boolean;
  #cancel: CancelTimer = () => undefined;

  constructor(parts: SyncingParts) {
    this.#parts = parts;
    this.#isFresh = parts.isFresh;
    this.#backOff = new BackOff({ baseMs: 1_000, random: parts.random });
  }

  /** Whether this device has never been synced. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  start(): void {
    this.#cancel();
    this.#parts.started();
    for (const body of syncRequests(this.#isFresh ? undefined : this.#parts.cursors(), this.#parts.limit)) this.#parts.send(body);
    this.#cancel = this.#parts.clock.after(SYNCED_WITHIN_MS, () => this.start());
  }

  refused(retryAfterMs: number | undefined): void {
    this.#cancel();
    this.#cancel = this.#parts.clock.after(retryAfterMs ?? this.#backOff.next(), () => this.start());
  }

  finished(): void {
    this.#cancel();
    this.#backOff.reset();
    this.#isFresh = false;
  }

  connectionLost(): void {
    this.#cancel();
  }
}
