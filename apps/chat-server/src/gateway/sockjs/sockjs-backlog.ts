import { messagesFrame } from './sockjs-frames.ts';

/** Messages that wait for a response to carry them, in order. */
export class SockJsBacklog {
  #messages: Buffer[] = [];
  #bytes = 0;

  push(message: Buffer): void {
    this.#messages.push(message);
    this.#bytes += message.length;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Takes what fits into that many bytes as one frame, one message at least. There has to be one. */
  take(room: number): { readonly frame: Buffer; readonly count: number } {
    let count = 0;
    let bytes = 0;
    for (const message of this.#messages) {
      if (count > 0 && bytes + message.length > room) break;
      bytes += message.length;
      count++;
    }
    const taken = this.#messages.splice(0, count);
    this.#bytes -= bytes;
    return { frame: messagesFrame(taken), count };
  }

  clear(): void {
    this.#messages = [];
    this.#bytes = 0;
  }
}
