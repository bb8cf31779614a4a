import type { ErrorBody } from '@chat/protocol';
import { RequestError } from '../api/request-error.ts';
import type { StompHeaders } from '../connection/transport.port.ts';
import type { Clock } from '../platform/clock.ts';
import { randomId } from '../platform/random-id.ts';

export type RequestsParts = {
  readonly clock: Clock;
  /** Sends one SEND with its id as receipt id. */
  readonly transmit: (destination: string, body: object, receipt: string) => void;
};

/** What the server says of an entry that it stored: `seq`, `id`, `conversation-id`. */
export type RequestOutcome = StompHeaders;

type Pending = {
  readonly destination: string;
  readonly body: object;
  readonly resolve: (headers: RequestOutcome) => void;
  readonly reject: (error: RequestError) => void;
};

/** Codes that say nothing about the request: it may well be granted a moment later. */
const WORTH_REPEATING: ReadonlySet<string> = new Set(['rate-limited', 'unavailable']);
const REPEAT_AFTER_MS = 1_000;

/**
 * SENDs that are asked for by hand and answered with a RECEIPT: join, leave, edit, delete, react. Each may be repeated
 * without harm, and is, on the next connection, until its outcome is known. Not kept over a restart: nobody waits for
 * the outcome then.
 */
export class Requests {
  readonly #parts: RequestsParts;
  readonly #pending = new Map<string, Pending>();
  #online = false;

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  /** Rejects with `RequestError` if the server refuses. `body` gets a `clientId` where `asEntry`. */
  request(destination: string, body: object, asEntry: boolean): Promise<RequestOutcome> {
    const id = randomId();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { destination, body: asEntry ? { ...body, clientId: id } : body, resolve, reject });
      this.#transmit(id);
    });
  }

  connected(): void {
    this.#online = true;
    for (const id of this.#pending.keys()) this.#transmit(id);
  }

  disconnected(): void {
    this.#online = false;
  }

  /** False if the receipt answers no request of this kind. */
  receipt(receiptId: string, headers: StompHeaders): boolean {
    return this.#settle(receiptId, (pending) => pending.resolve(headers));
  }

  /** False if the error answers no request of this kind. */
  refused(receiptId: string, error: ErrorBody): boolean {
    if (!this.#pending.has(receiptId)) return false;
    if (WORTH_REPEATING.has(error.code)) {
      this.#parts.clock.after(error.retryAfterMs ?? REPEAT_AFTER_MS, () => this.#transmit(receiptId));
      return true;
    }
    return this.#settle(receiptId, (pending) => pending.reject(new RequestError(error.code, error.message, 0)));
  }

  #transmit(id: string): void {
    const pending = this.#pending.get(id);
    if (pending && this.#online) this.#parts.transmit(pending.destination, pending.body, id);
  }

  #settle(id: string, tell: (pending: Pending) => void): boolean {
    const pending = this.#pending.get(id);
    if (!pending) return false;
    this.#pending.delete(id);
    tell(pending);
    return true;
  }
}
