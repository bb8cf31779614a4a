import type { Conversation, LogEntry } from '../conversations/log-entry.ts';
import { PAGE, type LogReader } from '../conversations/log-reader.ts';

/**
 * Reads for sessions that missed something. Short gaps and the last page of each are read at once; what comes before
 * that of long ones is read so fast, all sessions together, that those who are there do not notice.
 */
export class PacedLogReader implements LogReader {
  readonly #log: LogReader;
  readonly #msOfPage: number;
  /** When the next page of a long gap may be read; monotonic. */
  #nextAt = 0;
  #waiting = 0;

  constructor(log: LogReader, entriesPerSecond: number) {
    this.#log = log;
    this.#msOfPage = (PAGE * 1_000) / entriesPerSecond;
  }

  /** Pages of long gaps that wait for their time: one for each session that reads so much, at most. */
  get waiting(): number {
    return this.#waiting;
  }

  async read(conversation: Conversation, after: number, upTo: number): Promise<readonly LogEntry[]> {
    if (upTo - after > PAGE) await this.#turn();
    return this.#log.read(conversation, after, upTo);
  }

  /** Pages take their turns in the order in which they were asked for. */
  async #turn(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + this.#msOfPage;
    if (at === now) return;
    this.#waiting++;
    // A server that ends does not wait for it.
    await new Promise((resolve) => setTimeout(resolve, at - now).unref());
    this.#waiting--;
  }
}
