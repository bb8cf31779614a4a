import { encodeFrame, HEARTBEAT, type ServerCommand, type StompVersion } from '@chat/protocol';
import { OutboundFrame, type Connection } from './connection.port.ts';

const BEAT = new OutboundFrame(HEARTBEAT);
/** What one turn of the event loop hands over may be this many times the bound until it has been offered to the network. */
const ONE_TURN = 4;

export type OutboxParts = {
  readonly connection: Connection;
  /** Bytes that may wait for the other side. */
  readonly maxBytes: number;
  /** More wait: who reads so slowly has to come back. Called once. */
  readonly onTooSlow: () => void;
};

/** What a session sends, in its version of STOMP, and the bound on what of it may wait. */
export class Outbox {
  version: StompVersion = '1.0';
  readonly #parts: OutboxParts;
  #sentAt = performance.now();
  #checking = false;
  #replays = 0;
  #tooSlow = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  send(frame: OutboundFrame): void {
    const { connection, maxBytes } = this.#parts;
    if (this.#tooSlow) return;
    connection.send(frame);
    const waiting = connection.bufferedBytes;
    if (waiting <= maxBytes) return;
    if (waiting > ONE_TURN * maxBytes) this.#endSlow();
    else this.#checkAfterTurn();
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

  /** For replays, which hand over one page and wait for this: their pages are never too much for the bound. */
  async drained(): Promise<void> {
    this.#replays++;
    try {
      await this.#parts.connection.drained();
    } finally {
      this.#replays--;
    }
  }

  #checkAfterTurn(): void {
    if (this.#checking) return;
    this.#checking = true;
    queueMicrotask(() => {
      this.#checking = false;
      if (this.#replays === 0 && this.#parts.connection.bufferedBytes > this.#parts.maxBytes) this.#endSlow();
    });
  }

  #endSlow(): void {
    if (this.#tooSlow) return;
    this.#tooSlow = true;
    this.#parts.onTooSlow();
  }
}
