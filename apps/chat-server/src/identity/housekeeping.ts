import type { DatabaseClock } from './database-clock.ts';
import type { IdentityLog } from './identity-log.ts';
import type { SignIns } from './sign-ins.ts';

const MEASURE_EVERY_MS = 60_000;
const DELETE_EVERY_MS = 3_600_000;
const DELETED_AT_ONCE = 1_000;

/** Keeps the clock true and the table of sign-ins short. Every server does it; they do not disturb each other. */
export class Housekeeping {
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(clock: DatabaseClock, signIns: SignIns, log: IdentityLog) {
    const every = (ms: number, what: string, work: () => Promise<void>): NodeJS.Timeout => {
      const attempt = (): void => {
        work().catch((error: unknown) => log.warn({ err: error }, `${what} failed; trying again later`));
      };
      return setInterval(attempt, ms).unref();
    };
    this.#timers = [
      every(MEASURE_EVERY_MS, "measuring the database's clock", () => clock.measure()),
      every(DELETE_EVERY_MS, 'deleting old sign-ins', async () => {
        while ((await signIns.deleteOld(DELETED_AT_ONCE)) === DELETED_AT_ONCE);
      }),
    ];
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}
