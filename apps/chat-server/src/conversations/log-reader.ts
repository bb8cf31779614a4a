import { toLogEntry, type Conversation, type LogEntry } from './log-entry.ts';
import { StoreUnavailable, type LogRange, type MessageStore } from './message-store.port.ts';

/** Reads pieces of conversations' logs. */
export interface LogReader {
  /**
   * Entries with `after < seq <= upTo`, from the lowest, one page at most; fewer than asked for only at the end of the
   * page. While the store is away it waits and tries again. Rejects if the reader is closed, and where the log cannot be
   * read, which is a defect.
   */
  read(conversation: Conversation, after: number, upTo: number): Promise<readonly LogEntry[]>;
}

export const PAGE = 200;
const RANGES_PER_STATEMENT = 64;
const STATEMENTS_IN_FLIGHT = 2;
const RETRY_MS = [50, 100, 250, 500, 1_000];

type Request = {
  readonly range: LogRange;
  readonly resolve: (entries: readonly LogEntry[]) => void;
  readonly reject: (error: Error) => void;
};

/**
 * Gathers the reads of many conversations into few statements: after a fault every conversation reads at once.
 * Its queue is bounded by its callers: one read for each conversation and for each opening session.
 */
export class BatchingLogReader implements LogReader {
  readonly #store: MessageStore;
  readonly #onDefect: (error: unknown) => void;
  readonly #waiting: Request[] = [];
  #inFlight = 0;
  #closed = false;

  constructor(store: MessageStore, onDefect: (error: unknown) => void) {
    this.#store = store;
    this.#onDefect = onDefect;
  }

  read(conversation: Conversation, after: number, upTo: number): Promise<readonly LogEntry[]> {
    return new Promise((resolve, reject) => {
      const { conversationId, conversationNo } = conversation;
      this.#waiting.push({ range: { conversationId, conversationNo, after, upTo }, resolve, reject });
      // The rest of this turn's requests go into the same statement.
      queueMicrotask(() => this.#next());
    });
  }

  close(): void {
    this.#closed = true;
    this.#next();
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#inFlight < STATEMENTS_IN_FLIGHT) {
      const requests = this.#waiting.splice(0, RANGES_PER_STATEMENT);
      this.#inFlight++;
      void this.#serve(requests).finally(() => {
        this.#inFlight--;
        this.#next();
      });
    }
  }

  async #serve(requests: readonly Request[]): Promise<void> {
    const ranges = requests.map((request) => request.range);
    for (let attempt = 0; !this.#closed; attempt++) {
      try {
        const pages = await this.#store.readRanges(ranges, PAGE);
        requests.forEach((request, i) => request.resolve((pages[i] ?? []).map(toLogEntry)));
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) return await this.#serveOneByOne(requests, error);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
      }
    }
    for (const request of requests) request.reject(new Error('The log reader is closed.'));
  }

  /** One range cannot be read, which the others must not suffer from. */
  async #serveOneByOne(requests: readonly Request[], cause: unknown): Promise<void> {
    const [only] = requests;
    if (requests.length === 1 && only !== undefined) {
      this.#onDefect(cause);
      only.reject(cause instanceof Error ? cause : new Error(String(cause)));
      return;
    }
    for (const request of requests) await this.#serve([request]);
  }
}
