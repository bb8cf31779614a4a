import { ChatError } from '@chat/protocol';
import { StoreUnavailable } from '../conversations/message-store.port.ts';

const IN_FLIGHT = 8;
const WAITING = 10_000;
const RETRY_MS = 500;

type Read = { readonly key: string; readonly run: () => void; readonly refuse: (error: ChatError) => void; readonly answer: Promise<unknown> };

/**
 * Reads of opening sessions: so many at once, so many more that wait, the rest refused (`unavailable`; the session ends
 * and comes back later). While the store is away they wait for it, until `close`. A read that has not begun serves
 * whoever asks for the same meanwhile.
 */
export class BoundedReads {
  readonly #waiting = new Map<string, Read>();
  readonly #retries = new Set<() => void>();
  #inFlight = 0;
  #closed = false;
  /** Refused because too many waited. */
  refused = 0;

  get inFlight(): number {
    return this.#inFlight;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** `key` names what is read. What is answered was read after this call. */
  read<Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    if (this.#closed) return Promise.reject(ending());
    const same = this.#waiting.get(key);
    if (same !== undefined) return same.answer as Promise<Answer>; // a key names one kind of read
    if (this.#waiting.size >= WAITING) {
      this.refused++;
      return Promise.reject(new ChatError('unavailable', 'Too many sessions are opening. Come back in a moment.', 1_000));
    }
    let run = (): void => undefined;
    let refuse: (error: ChatError) => void = () => undefined;
    const answer = new Promise<Answer>((resolve, reject) => {
      run = () => void this.#untilAnswered(ask).then(resolve, reject).finally(() => this.#next());
      refuse = reject;
    });
    this.#waiting.set(key, { key, run, refuse, answer });
    if (this.#inFlight < IN_FLIGHT) this.#begin();
    return answer;
  }

  close(): void {
    this.#closed = true;
    for (const { refuse } of this.#waiting.values()) refuse(ending());
    this.#waiting.clear();
    for (const retry of this.#retries) retry();
    this.#retries.clear();
  }

  #begin(): void {
    const [next] = this.#waiting.values();
    if (next === undefined) return;
    this.#waiting.delete(next.key);
    this.#inFlight++;
    next.run();
  }

  #next(): void {
    this.#inFlight--;
    this.#begin();
  }

  async #untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        if (!this.#closed) await this.#delay();
        if (this.#closed) throw ending();
      }
    }
  }

  #delay(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#retries.delete(done);
        resolve();
      };
      const timer = setTimeout(done, RETRY_MS);
      this.#retries.add(done);
    });
  }
}

function ending(): ChatError {
  return new ChatError('unavailable', 'The server is ending. Reconnect.');
}
