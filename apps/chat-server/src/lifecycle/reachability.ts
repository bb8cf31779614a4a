import type { Logger } from 'pino';
import type { CatchUp } from '../delivery/catch-up.ts';
import type { Readiness } from '../gateway/readiness.ts';

/** Catch-ups that many servers have reason for at the same moment are spread over this time. */
const SPREAD_MS = 2_000;
/** While the bus or the directory is away others cannot tell this server anything: it reads the log by itself. */
const WHILE_AWAY_MS = 1_000;

/** By what other servers reach this one. */
type Carrier = 'rabbitmq' | 'redis';

export type ReachabilityParts = {
  readonly readiness: Readiness;
  readonly catchUp: CatchUp;
  readonly log: Logger;
  readonly onDirectoryBack: () => void;
};

/** Knows what is away, says so in `/readyz`, and has the log read wherever others may not have reached this server. */
export class Reachability {
  readonly #parts: ReachabilityParts;
  readonly #away = new Set<Carrier>();
  #whileAway: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: ReachabilityParts) {
    this.#parts = parts;
  }

  onDirectoryAvailability(available: boolean): void {
    this.#onCarrier('redis', available);
    if (available) this.#parts.onDirectoryBack();
  }

  onBusAvailability(available: boolean): void {
    this.#onCarrier('rabbitmq', available);
  }

  onStoreAvailability(available: boolean): void {
    if (this.#stopped) return;
    this.#parts.log.warn({ available }, 'the store changed its availability');
    this.#parts.readiness.setStoreAvailable(available);
  }

  /** They may have committed and died before they told anyone. */
  onServersEnded(serverIds: readonly string[]): void {
    if (this.#stopped) return;
    this.#parts.log.warn({ serverIds }, 'servers ended');
    this.catchUpSoon(SPREAD_MS);
  }

  /** This server was missing from look-ups for a while. */
  onReregistered(reason: string): void {
    this.#parts.log.warn({ reason }, 'registered anew');
    this.catchUpSoon(0);
  }

  onPossibleLoss(reason: string): void {
    this.#parts.log.warn({ reason }, 'the bus may have lost something');
    this.catchUpSoon(0);
  }

  /** Something may have passed this server by: reads from the log what is missing. */
  catchUpSoon(withinMs: number): void {
    if (this.#stopped) return;
    this.#parts.catchUp.run(withinMs).catch((error: unknown) => this.#parts.log.error({ err: error }, 'a catch-up failed'));
  }

  /** From now on what goes away does so because this server ends. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#whileAway);
  }

  #onCarrier(name: Carrier, available: boolean): void {
    // Told once at the start as well, which is no news.
    if (this.#stopped || available === !this.#away.has(name)) return;
    this.#parts.log.warn({ name, available }, 'a service changed its availability');
    this.#parts.readiness.setDegraded(name, !available);
    if (available) this.#away.delete(name);
    else this.#away.add(name);
    if (this.#away.size > 0) {
      this.#whileAway ??= setInterval(() => this.catchUpSoon(0), WHILE_AWAY_MS);
      return;
    }
    clearInterval(this.#whileAway);
    this.#whileAway = undefined;
    this.catchUpSoon(0);
  }
}
