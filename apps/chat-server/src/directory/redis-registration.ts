import { DirectoryUnavailable, LeaseHeld } from './directory.port.ts';
import type { RedisClient } from './redis-client.ts';
import { SCRIPTS, leasesIn, type Script } from './redis-scripts.ts';
import { WantedEntries } from './wanted-entries.ts';
import { within } from '../timing/within.ts';

export type RegistrationOptions = {
  readonly serverId: string;
  /** Greater at each call, whichever server calls; not from Redis, which may be emptied. */
  readonly nextEpoch: () => Promise<number>;
  readonly leaseMs: number;
  readonly renewMs: number;
  readonly commandTimeoutMs: number;
};

export interface RegistrationListener {
  /** All leases that live, as epochs by server. */
  onLeases(leases: ReadonlyMap<string, number>): void;
  onReregistered(reason: string): void;
  onSuperseded(): void;
  onHealth(healthy: boolean): void;
  onProblem(problem: string): void;
}

type Answer = { readonly status: string; readonly rest: readonly string[] };

/** Entries in one call of the script: about 2 ms in which Redis does nothing else. */
const BATCH = 500;
const MAX_RETRY_MS = 500;

/**
 * Keeps this server's lease and entries in Redis as they should be. All that it writes goes through one loop, a call at
 * a time: so a renewal never meets a write under way, and two writes of one entry are never in flight.
 *
 * A call that got no answer may or may not have been done, and may even be done later. Each write therefore carries a
 * count of its own and the counts after which it is right: those from the last confirmed to the last tried. One that
 * comes late finds a greater count and does nothing but tell that it came late, which nobody listens to any more.
 */
export class RedisRegistration {
  readonly wanted = new WantedEntries();
  readonly #redis: RedisClient;
  readonly #options: RegistrationOptions;
  readonly #listener: RegistrationListener;
  #state: 'new' | 'running' | 'closing' | 'ended' = 'new';
  #epoch = 0;
  #epochTried = 0;
  #countConfirmed = 0;
  #countTried = 0;
  /** Why the lease is to be taken anew. */
  #lost: string | undefined;
  /** Why everything is being written anew. */
  #rewriting: string | undefined;
  #renewAt = 0;
  /** Who asked for a confirmation, all in one, and when the last of them did. */
  #confirming: { since: number; readonly asked: PromiseWithResolvers<void> } | undefined;
  #cutSleep: (() => void) | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(redis: RedisClient, options: RegistrationOptions, listener: RegistrationListener) {
    this.#redis = redis;
    this.#options = options;
    this.#listener = listener;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Resolves with the lease taken. `isHopeless` says of a failure that trying again is no use. */
  async start(isHopeless: (error: unknown) => boolean): Promise<void> {
    this.#state = 'running';
    const taken = this.#takeFirst(isHopeless);
    this.#loop = taken.catch(() => undefined); // for `close` to wait for
    await taken;
    if (this.#state !== 'running') throw new DirectoryUnavailable('closed while starting');
    this.#loop = this.#run();
  }

  async #takeFirst(isHopeless: (error: unknown) => boolean): Promise<void> {
    let holder: string | undefined;
    while (this.#state === 'running') {
      try {
        const { status, rest } = await this.#take('start');
        if (status === 'ok') break;
        if (status !== 'held') continue;
        const [lease, leftMs] = rest;
        // Its expiry has moved, so somebody lives and renews it.
        if (lease !== (holder ?? lease)) throw new LeaseHeld(`another process is ${this.#options.serverId}`);
        holder = lease;
        await this.#sleep(Math.min(Number(leftMs) + 1, this.#options.renewMs));
      } catch (error) {
        if (error instanceof LeaseHeld || isHopeless(error)) throw error;
        await this.#onFailure(error);
      }
    }
  }

  /** Resolves once a renewal that began after this call has confirmed the lease; asks for one at once. */
  confirmed(): Promise<void> {
    const since = performance.now();
    this.#confirming ??= { since, asked: Promise.withResolvers<void>() };
    this.#confirming.since = since;
    this.wake();
    return this.#confirming.asked.promise;
  }

  /** To be called when `wanted` has changed. */
  wake(): void {
    this.#cutSleep?.();
  }

  /** Finds out by a renewal whether Redis is there. */
  probe(): void {
    this.#renewAt = 0;
    this.wake();
  }

  /** Removes the entries and gives up the lease, as far as Redis answers. */
  async close(): Promise<void> {
    if (this.#state === 'running') {
      this.#state = 'closing';
      this.wanted.removeAll();
      this.wake();
      // Whatever is not removed by then is worth nothing without the lease, and is swept.
      await within(2 * this.#options.commandTimeoutMs, this.#loop).catch(() => undefined);
      if (this.#epoch > 0) await this.#release();
    }
    this.#end('closed');
  }

  async #release(): Promise<void> {
    try {
      await this.#call(SCRIPTS.release, [this.#epoch]);
    } catch (error) {
      this.#listener.onProblem(`lease not given up, it runs out: ${String(error)}`);
    }
  }

  async #run(): Promise<void> {
    const isDone = (): boolean => this.wanted.settled || this.#lost !== undefined;
    while (this.#state === 'running' || (this.#state === 'closing' && !isDone())) {
      try {
        await this.#step();
      } catch (error) {
        if (this.#state !== 'running') return; // the entries end with the lease
        await this.#onFailure(error);
      }
    }
  }

  #step(): Promise<void> {
    const now = performance.now();
    if (this.#lost !== undefined) return this.#takeAgain(this.#lost);
    if (now >= this.#renewAt || this.#confirming !== undefined) return this.#renew();
    if (this.wanted.hasUnwritten) return this.#write();
    return this.#sleep(this.#renewAt - now);
  }

  async #renew(): Promise<void> {
    const sentAt = performance.now();
    const args = [this.#epoch, this.#countConfirmed, this.#countTried, this.#options.leaseMs];
    const { status, rest } = await this.#call(SCRIPTS.renew, args);
    if (status === 'ok') this.#onLease(sentAt, rest);
    else this.#onRefused(status);
  }

  async #write(): Promise<void> {
    const batch = this.wanted.take(BATCH);
    const range = [this.#countConfirmed, this.#countTried];
    this.#countTried += 1;
    const count = this.#countTried;
    const changes = batch.flatMap(({ kind, id, wanted }) => [`${wanted ? '+' : '-'}${kind}`, id]);
    try {
      const { status } = await this.#call(SCRIPTS.write, [this.#epoch, ...range, count, ...changes]);
      if (status !== 'ok') return this.#onRefused(status);
    } catch (error) {
      this.wanted.notWritten();
      throw error;
    }
    this.#countConfirmed = count;
    this.wanted.written();
    this.#finishRewriting();
  }

  async #takeAgain(reason: string): Promise<void> {
    this.#listener.onHealth(false);
    const { status } = await this.#take('again');
    if (status === 'superseded') return this.#onRefused(status);
    if (status !== 'ok') return; // 'newer': the next epoch is greater
    this.#lost = undefined;
    this.#rewriting ??= reason;
    this.wanted.forgetWritten();
    this.#finishRewriting();
  }

  async #take(mode: 'start' | 'again'): Promise<Answer> {
    const epoch = await this.#options.nextEpoch();
    const previous = this.#epochTried;
    this.#epochTried = Math.max(previous, epoch);
    const sentAt = performance.now();
    const answer = await this.#call(SCRIPTS.take, [epoch, previous, this.#options.leaseMs, mode]);
    if (answer.status === 'ok') {
      this.#epoch = epoch;
      this.#countConfirmed = 0;
      this.#countTried = 0;
      this.#onLease(sentAt, answer.rest);
    }
    return answer;
  }

  /** The lease counts from before the request was sent: an answer that comes too late confirms nothing. */
  #onLease(sentAt: number, rest: readonly string[]): void {
    this.#listener.onLeases(leasesIn(rest));
    if (performance.now() - sentAt >= this.#options.leaseMs) {
      this.#renewAt = 0;
      return;
    }
    this.#renewAt = sentAt + this.#options.renewMs;
    if (this.#confirming !== undefined && this.#confirming.since <= sentAt) {
      this.#confirming.asked.resolve();
      this.#confirming = undefined;
    }
    const isMending = this.#lost !== undefined || this.#rewriting !== undefined;
    if (!isMending && this.#state === 'running') this.#listener.onHealth(true);
  }

  #onRefused(status: string): void {
    this.wanted.notWritten();
    if (status !== 'superseded') {
      this.#lost = status;
      this.#listener.onProblem(`registering anew: ${status}`);
      return;
    }
    this.#end('superseded by a newer start of this server');
    this.#listener.onHealth(false);
    this.#listener.onSuperseded();
  }

  #finishRewriting(): void {
    if (this.#rewriting === undefined || !this.wanted.settled) return;
    const reason = this.#rewriting;
    this.#rewriting = undefined;
    this.#listener.onReregistered(reason);
    this.#listener.onHealth(true);
  }

  async #onFailure(error: unknown): Promise<void> {
    this.#listener.onHealth(false);
    this.#listener.onProblem(`directory: ${error instanceof Error ? error.message : String(error)}`);
    this.#renewAt = 0;
    await new Promise((resolve) => setTimeout(resolve, Math.min(this.#options.renewMs / 4, MAX_RETRY_MS)));
  }

  async #call(script: Script, args: readonly (string | number)[]): Promise<Answer> {
    const answer = script.run(this.#redis, [this.#options.serverId, ...args]);
    const [status, ...rest] = await within(this.#options.commandTimeoutMs, answer);
    return { status, rest };
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#cutSleep = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #end(why: string): void {
    this.#state = 'ended';
    this.wanted.end(new DirectoryUnavailable(why));
    this.wake();
  }
}
