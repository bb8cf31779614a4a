import { performance } from 'node:perf_hooks';

export type Phase = 'starting' | 'ready' | 'draining';

export type ReadinessReport = {
  readonly ready: boolean;
  readonly status: Phase | 'unavailable';
  /** What is away, by name. */
  readonly degraded: readonly string[];
};

/** Sends get `unavailable` while the store is away; that long it is better to wait than to send everyone elsewhere. */
const STORE_AWAY_MS = 10_000;
const STORE = 'postgresql';

/** Whether this server should be sent new connections: what `/readyz` answers. */
export class Readiness {
  readonly #now: () => number;
  readonly #degraded = new Set<string>();
  #phase: Phase = 'starting';
  #storeAwaySince: number | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get phase(): Phase {
    return this.#phase;
  }

  enter(phase: Phase): void {
    this.#phase = phase;
  }

  /** Names something as away (`rabbitmq`, `redis`), or as back. The server serves on without it. */
  setDegraded(name: string, isDegraded: boolean): void {
    if (isDegraded) this.#degraded.add(name);
    else this.#degraded.delete(name);
  }

  setStoreAvailable(isAvailable: boolean): void {
    this.setDegraded(STORE, !isAvailable);
    this.#storeAwaySince = isAvailable ? undefined : (this.#storeAwaySince ?? this.#now());
  }

  report(): ReadinessReport {
    const storeAway = this.#storeAwaySince !== undefined && this.#now() - this.#storeAwaySince >= STORE_AWAY_MS;
    const status = this.#phase === 'ready' && storeAway ? 'unavailable' : this.#phase;
    return { ready: status === 'ready', status, degraded: [...this.#degraded].sort() };
  }
}
