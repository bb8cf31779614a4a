import { encodeFrame, HEARTBEAT, type ServerCommand, type StompVersion } from '@chat/protocol';
import { OutboundFrame, type Connection } from './connection.port.ts';
import type { OutboundBudget, WaitingReader } from './outbound-budget.ts';

const BEAT = new OutboundFrame(HEARTBEAT);
/** What one turn of the event loop hands over may be this many times the bound until it has been offered to the network. */
const ONE_TURN = 4;

export type OutboxParts = {
  readonly connection: Connection;
  /** Bytes that may wait for the other side. */
  readonly maxBytes: number;
  /** Bytes wait, and for so many ms none of them was taken: that is too slow as well. */
  readonly stalledMs: number;
  /** Of all sessions together. */
  readonly budget: OutboundBudget;
  /** Who reads so slowly has to come back. Called once, and again if what waits is still too much for all together. */
  readonly onTooSlow: () => void;
};

/** What a session sends, in its version of STOMP, and the bounds on what of it may wait. */
export class Outbox implements WaitingReader {
  version: StompVersion = '1.0';
  readonly #parts: OutboxParts;
  #sentAt = performance.now();
  #measuring = false;
  #replays = 0;
  #tooSlow = false;
  /** Bytes handed over, and how many of them had been taken when that was last looked at. */
  #handed = 0;
  #taken = 0;
  #tookAt = 0;
  #waits = false;
  #closed = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  send(frame: OutboundFrame): void {
    const { connection, maxBytes } = this.#parts;
    if (this.#tooSlow) return;
    const before = connection.bufferedBytes;
    connection.send(frame);
    const waiting = connection.bufferedBytes;
    this.#handed += waiting - before;
    if (waiting > ONE_TURN * maxBytes) this.endAsSlow();
    else this.#measureAfterTurn();
  }

  reply(command: ServerCommand, headers: Readonly<Record<string, string | undefined>>, body?: string): void {
    this.#sentAt = performance.now();
    this.send(new OutboundFrame(encodeFrame(command, headers, body, this.version)));
  }

  receipt(receiptId: string, headers?: Readonly<Record<string, string>>): void {
    this.reply('RECEIPT', { 'receipt-id': receiptId, ...headers });
  }

  /** Sends a beat if nothing else was said for that long. 0 is never. */
  beat(now: number, everyMs: number): void {
    // Looked at once a second, so a second early rather than late.
    if (everyMs === 0 || now - this.#sentAt < everyMs - 1_000) return;
    this.#sentAt = now;
    this.send(BEAT);
  }

  /** Once a second: whether what waits moves. */
  tick(now: number): void {
    this.#measure();
    if (this.#waits && now - this.#tookAt > this.#parts.stalledMs) this.endAsSlow();
  }

  /** For replays, which hand over one page and wait for this: their pages are never too much for the bound. */
  async drained(): Promise<void> {
    this.#replays++;
    try {
      await this.#parts.connection.drained();
    } finally {
      this.#replays--;
    }
  }

  /** The connection has ended. */
  onClosed(): void {
    this.#closed = true;
    this.#parts.budget.count(this, 0);
  }

  // What the budget of all sessions asks.

  get waitingBytes(): number {
    if (this.#closed) return 0;
    const waiting = this.#parts.connection.bufferedBytes;
    const taken = this.#handed - waiting;
    const waits = waiting > 0;
    if (waits && (!this.#waits || taken > this.#taken)) this.#tookAt = performance.now();
    this.#waits = waits;
    this.#taken = Math.max(this.#taken, taken);
    return waiting;
  }

  get tookAt(): number {
    return this.#tookAt;
  }

  endAsSlow(): void {
    this.#tooSlow = true;
    this.#parts.onTooSlow();
    this.#parts.budget.count(this, this.waitingBytes);
  }

  /** The connection offers what it got to the network at the end of the turn; this follows it. */
  #measureAfterTurn(): void {
    if (this.#measuring) return;
    this.#measuring = true;
    queueMicrotask(() => {
      this.#measuring = false;
      this.#measure();
      if (this.#replays === 0 && this.#parts.connection.bufferedBytes > this.#parts.maxBytes && !this.#tooSlow) this.endAsSlow();
    });
  }

  #measure(): void {
    this.#parts.budget.count(this, this.waitingBytes);
  }
}
