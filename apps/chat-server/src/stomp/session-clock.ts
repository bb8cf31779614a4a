/** When things last happened on a connection, and what that makes of it. All times in ms, monotonic. */
export class SessionClock {
  readonly openedAt = performance.now();
  readonly #silentMs: number;
  #receivedAt = this.openedAt;
  #pingedAt: number | undefined;
  #frameSince: number | undefined;

  /** Without any data for this long a client is pinged; for as long again without an answer, it is gone. */
  constructor(silentMs: number) {
    this.#silentMs = silentMs;
  }

  /** Anything at all came, a pong too. */
  onReceived(): void {
    this.#receivedAt = performance.now();
    this.#pingedAt = undefined;
  }

  onFrame(): void {
    this.#frameSince = undefined;
  }

  onPinged(now: number): void {
    this.#pingedAt = now;
  }

  /** This server is not reading: neither silence nor half a frame is the client's fault meanwhile. */
  onNotReading(now: number): void {
    this.#receivedAt = now;
    if (this.#pingedAt !== undefined) this.#pingedAt = now;
    this.#frameSince = undefined;
  }

  /** Whether the frame that has begun has not ended in time. Measured from when this first saw it. */
  isFrameLate(now: number, midFrame: boolean, within: number): boolean {
    if (!midFrame) this.#frameSince = undefined;
    else this.#frameSince ??= now;
    return this.#frameSince !== undefined && now - this.#frameSince > within;
  }

  isGone(now: number): boolean {
    return this.#pingedAt !== undefined && now - this.#pingedAt > this.#silentMs;
  }

  /** `wanted`: there is something for a pong to prove. One ping at a time. */
  isPingDue(now: number, wanted: boolean): boolean {
    return this.#pingedAt === undefined && (wanted || now - this.#receivedAt >= this.#silentMs);
  }
}
