import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { runQuery } from './store-query.ts';

/** A longer answer says too little about the time it was given at. */
const TRUSTED_ROUND_TRIP_MS = 250;

/**
 * The database's clock, as far as it can be known without asking it each time. Servers whose own clocks are minutes apart
 * agree by it on when a token ends. It runs on by the monotonic clock: setting this machine's time changes nothing.
 */
export class DatabaseClock {
  readonly #pool: Pool;
  /** Database time minus monotonic time, in ms. */
  #offset: number | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Asks the database. Throws ChatError `unavailable`. */
  async measure(): Promise<void> {
    const before = performance.now();
    const { rows } = await runQuery<{ now: number }>(this.#pool, {
      name: 'clock',
      text: 'select now_ms() as now',
      values: [],
    });
    const after = performance.now();
    const [row] = rows;
    if (row === undefined) throw new Error('now_ms() gave no row');
    // A slow answer is taken only where there is nothing better.
    if (this.#offset !== undefined && after - before > TRUSTED_ROUND_TRIP_MS) return;
    this.#offset = row.now - (before + after) / 2;
  }

  /** Epoch milliseconds. Throws before the first measurement. */
  now(): number {
    if (this.#offset === undefined) throw new Error("the database's clock was not measured yet");
    return Math.round(this.#offset + performance.now());
  }
}
