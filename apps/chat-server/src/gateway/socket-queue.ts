import type { Duplex } from 'node:stream';

/**
 * What waits for one socket. Buffers stay what they are until the socket takes them, so one that goes to a thousand
 * sockets is in memory once; the socket gets them piece by piece, each piece in one system call, and what it has not
 * got yet can be forgotten. See docs/decisions/0020.
 */
export class SocketQueue {
  readonly #socket: Duplex;
  readonly #isOpen: () => boolean;
  #buffers: Buffer[] = [];
  /** Before this one all have been handed over. */
  #next = 0;
  #bytes = 0;
  #onDrained: (() => void)[] = [];

  /** `isOpen` is false from the moment on from which nothing more may be written. */
  constructor(socket: Duplex, isOpen: () => boolean) {
    this.#socket = socket;
    this.#isOpen = isOpen;
    socket.on('drain', () => this.#onDrain());
  }

  /** Not taken by the network yet. */
  get bytes(): number {
    return this.#bytes + this.#socket.writableLength;
  }

  push(buffer: Buffer): void {
    this.#buffers.push(buffer);
    this.#bytes += buffer.length;
  }

  /** Hands over as much as the socket should hold. The rest follows by itself. */
  flush(): void {
    if (!this.#isOpen()) this.drop();
    // Ends with the socket at its high-water mark or nothing left: so what is left is never without a 'drain' to come.
    while (this.#bytes > 0 && this.#socket.writableLength < this.#socket.writableHighWaterMark) {
      this.#handOver(this.#socket.writableHighWaterMark);
    }
  }

  /** Hands over all of it, whether the socket takes it or not. */
  flushAll(): void {
    if (!this.#isOpen()) this.drop();
    else if (this.#bytes > 0) this.#handOver(this.#bytes);
  }

  /** Forgets what the socket has not got. */
  drop(): void {
    this.#buffers = [];
    this.#next = 0;
    this.#bytes = 0;
  }

  /** Resolves when little waits, or `end` is called. */
  drained(): Promise<void> {
    if (this.#isLow()) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  /** The socket has ended. */
  end(): void {
    this.drop();
    this.#tellDrained();
  }

  #onDrain(): void {
    this.flush();
    if (this.#isLow()) this.#tellDrained();
  }

  #isLow(): boolean {
    return this.bytes < this.#socket.writableHighWaterMark;
  }

  #handOver(atLeast: number): void {
    this.#socket.cork();
    for (let handed = 0; handed < atLeast && this.#bytes > 0; ) {
      const buffer = this.#buffers[this.#next++];
      if (buffer === undefined) throw new RangeError('The count of what waits for a socket is wrong.');
      handed += buffer.length;
      this.#bytes -= buffer.length;
      this.#socket.write(buffer);
    }
    this.#forgetHandedOver();
    this.#socket.uncork();
  }

  #forgetHandedOver(): void {
    // By halves, so that a long queue is not copied for each of its pieces.
    if (this.#next * 2 < this.#buffers.length) return;
    this.#buffers = this.#buffers.slice(this.#next);
    this.#next = 0;
  }

  #tellDrained(): void {
    const waiting = this.#onDrained;
    this.#onDrained = [];
    for (const resolve of waiting) resolve();
  }
}
