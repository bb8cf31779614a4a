import type { Pool } from 'pg';
import type { IdentityLog } from './identity-log.ts';
import { runQuery } from './store-query.ts';

const POLL_EVERY_MS = 1_000;
const REMEMBERED_MS = 600_000;

export type EndedListener = (signIns: readonly string[]) => void;

/**
 * Asks PostgreSQL every second which sign-ins have ended, on whichever server: it needs neither Redis nor RabbitMQ.
 *
 * Nothing is missed and nothing depends on clocks: a row carries the transaction that ended it, and each poll asks from
 * the oldest transaction on that the poll before could not see to its end. An outage only delays.
 */
export class EndedSignIns {
  readonly #pool: Pool;
  readonly #log: IdentityLog;
  readonly #listeners = new Set<EndedListener>();
  /** Sign-ins seen to have ended, and when by this process's monotonic clock. */
  readonly #seen = new Map<string, number>();
  /** Transactions before this one are known. */
  #horizon: string;
  /** What the last poll brought: transactions after the horizon may come again. */
  #reported: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #failing = false;

  private constructor(pool: Pool, log: IdentityLog, horizon: string) {
    this.#pool = pool;
    this.#log = log;
    this.#horizon = horizon;
  }

  /** Everything that ends from now on will be seen. Throws ChatError `unavailable`. */
  static async open(pool: Pool, log: IdentityLog): Promise<EndedSignIns> {
    const { rows } = await runQuery<{ horizon: string }>(pool, {
      text: 'select pg_snapshot_xmin(pg_current_snapshot())::text as horizon',
      values: [],
    });
    return new EndedSignIns(pool, log, rows[0]?.horizon ?? '0');
  }

  /** Starts to poll with the first listener and ends with the last. */
  watch(onEnded: EndedListener): { stop(): void } {
    this.#listeners.add(onEnded);
    if (this.#listeners.size === 1) this.#schedule(0);
    return {
      stop: () => {
        this.#listeners.delete(onEnded);
        if (this.#listeners.size === 0) this.close();
      },
    };
  }

  has(signIn: string): boolean {
    return this.#seen.has(signIn);
  }

  close(): void {
    this.#listeners.clear();
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#pollAndGoOn(), delayMs);
    this.#timer.unref();
  }

  async #pollAndGoOn(): Promise<void> {
    try {
      await this.#poll();
      if (this.#failing) this.#log.info({}, 'ended sign-ins can be read again');
      this.#failing = false;
    } catch (error) {
      if (!this.#failing) this.#log.warn({ err: error }, 'ended sign-ins cannot be read; trying every second');
      this.#failing = true;
    }
    if (this.#listeners.size > 0) this.#schedule(POLL_EVERY_MS);
  }

  async #poll(): Promise<void> {
    // One statement, so both come from one snapshot.
    const { rows } = await runQuery<{ horizon: string; ended: string[] }>(this.#pool, {
      name: 'ended-sign-ins',
      text: `select pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
                    array(select sid from sign_ins where ended_in >= $1::xid8) as ended`,
      values: [this.#horizon],
    });
    const [row] = rows;
    if (row === undefined) throw new Error('the question for ended sign-ins gave no row');
    const fresh = row.ended.filter((signIn) => !this.#reported.has(signIn));
    this.#remember(fresh);
    if (fresh.length > 0) for (const onEnded of this.#listeners) onEnded(fresh);
    // Only now: what a listener threw at comes again.
    this.#reported = new Set(row.ended);
    this.#horizon = row.horizon;
  }

  #remember(signIns: readonly string[]): void {
    const now = performance.now();
    for (const signIn of signIns) this.#seen.set(signIn, now);
    for (const [signIn, since] of this.#seen) {
      if (now - since < REMEMBERED_MS) break; // in order of insertion, so all after it are younger
      this.#seen.delete(signIn);
    }
  }
}
