import type { Logger } from 'pino';
import { within } from '../timing/within.ts';

/** Ends the parts of a server, one step after the other. None of them keeps the following ones from their turn. */
export class Ending {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** A step that fails, or takes longer than this, is left behind with a line in the log. */
  async step(name: string, withinMs: number, end: () => Promise<unknown> | void): Promise<void> {
    try {
      await within(withinMs, Promise.resolve(end()));
    } catch (error) {
      this.#log.warn({ err: error, step: name }, 'could not end cleanly');
    }
  }
}
