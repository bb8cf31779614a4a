import type { Clock } from '../platform/clock.ts';

/** Scrolling through a conversation reads many entries: only the last of each such while is told. */
const COALESCE_MS = 250;

const RECEIPT_PREFIX = 'read:';

type Reading = { wanted: number; stored: number; scheduled: boolean };

/** Moves the user's own read cursors: forward only, coalesced, repeated on the next connection until stored. */
export class ReadMarker {
  readonly #clock: Clock;
  readonly #send: (conversationId: string, seq: number, receipt: string) => void;
  readonly #conversations = new Map<string, Reading>();

  /** `send` does nothing while there is no connection. */
  constructor(clock: Clock, send: (conversationId: string, seq: number, receipt: string) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  mark(conversationId: string, seq: number): void {
    const reading = this.#conversations.get(conversationId) ?? { wanted: 0, stored: 0, scheduled: false };
    this.#conversations.set(conversationId, reading);
    if (seq <= reading.wanted) return;
    reading.wanted = seq;
    if (reading.scheduled) return;
    // The first at once: a page that is closed right after must not bring the badge back.
    this.#tell(conversationId, reading);
    this.#schedule(conversationId, reading);
  }

  #schedule(conversationId: string, reading: Reading): void {
    const told = reading.wanted;
    reading.scheduled = true;
    this.#clock.after(COALESCE_MS, () => {
      reading.scheduled = false;
      if (reading.wanted === told) return;
      this.#tell(conversationId, reading);
      this.#schedule(conversationId, reading);
    });
  }

  /** A connection is there: what the last one did not get to store is told again. */
  resume(): void {
    for (const [conversationId, reading] of this.#conversations) this.#tell(conversationId, reading);
  }

  receipt(receiptId: string): void {
    if (!receiptId.startsWith(RECEIPT_PREFIX)) return;
    const [seq = '', ...conversation] = receiptId.slice(RECEIPT_PREFIX.length).split(':');
    const reading = this.#conversations.get(conversation.join(':'));
    if (reading) reading.stored = Math.max(reading.stored, Number(seq));
  }

  #tell(conversationId: string, reading: Reading): void {
    if (reading.wanted <= reading.stored) return;
    this.#send(conversationId, reading.wanted, `${RECEIPT_PREFIX}${reading.wanted}:${conversationId}`);
  }
}
