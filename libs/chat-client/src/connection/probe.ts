import type { CancelTimer, Clock } from '../platform/clock.ts';
import { SendDestination } from '@chat/protocol';
import type { StompConnection } from './transport.port.ts';

/** Waking from sleep or changing the network leaves sockets that look open and are not: an answer is due in this time. */
const ANSWER_WITHIN_MS = 4_000;

const RECEIPT = 'probe';

/** Asks an open connection for a sign of life. */
export class Probe {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #cancel: CancelTimer | undefined;

  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** Presenting the present token again changes nothing and has to be answered. */
  ask(connection: StompConnection, accessToken: string): void {
    if (this.#cancel) return;
    this.#cancel = this.#clock.after(ANSWER_WITHIN_MS, () => {
      this.#cancel = undefined;
      this.#onSilence();
    });
    connection.send(SendDestination.authRefresh, JSON.stringify({ accessToken }), { receipt: RECEIPT });
  }

  /** Anything that came from the server is an answer. */
  heard(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
