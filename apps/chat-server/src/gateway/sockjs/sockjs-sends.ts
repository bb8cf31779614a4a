import type { IncomingMessage } from 'node:http';
import { parseMessages } from './sockjs-frames.ts';

/** `xhr_send` requests of one session that may wait for their turn. Clients send the next when they have the answer. */
const WAITING_SENDS = 8;

/** What became of a request to send. */
export type SendAnswer = 'taken' | 'gone' | 'busy' | 'too-large' | 'empty' | 'broken' | 'no messages';

export type SockJsSendsParts = {
  readonly onMessages: (messages: readonly string[]) => void;
  readonly onTooLarge: () => void;
  /** Bytes of one request's body. */
  readonly maxBytes: () => number;
};

/**
 * What a client sends in requests of their own: read one after the other, and neither read nor answered while the session
 * does not read. So a client that only writes is slowed down, and not buffered.
 */
export class SockJsSends {
  readonly #parts: SockJsSendsParts;
  #waiting = 0;
  #last = Promise.resolve();
  #resumed: PromiseWithResolvers<void> | undefined;
  #reading: IncomingMessage | undefined;
  #ended = false;

  constructor(parts: SockJsSendsParts) {
    this.#parts = parts;
  }

  async take(request: IncomingMessage): Promise<SendAnswer> {
    if (this.#waiting >= WAITING_SENDS) return 'busy';
    this.#waiting++;
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    this.#last = turn.promise;
    try {
      await before;
      await this.#resumed?.promise;
      const answer = await this.#read(request);
      await this.#resumed?.promise;
      return answer;
    } finally {
      this.#waiting--;
      turn.resolve();
    }
  }

  pause(): void {
    if (!this.#ended) this.#resumed ??= Promise.withResolvers();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  /** The session is gone: who waits is told so, and who is being read is cut off. */
  end(): void {
    this.#ended = true;
    this.resume();
    this.#reading?.destroy();
  }

  async #read(request: IncomingMessage): Promise<SendAnswer> {
    if (this.#ended) return 'gone';
    const text = await this.#readText(request);
    if (this.#ended || text === undefined) return 'gone';
    if (text === 'too-large') {
      this.#parts.onTooLarge();
      return 'too-large';
    }
    const received = parseMessages(text.text, false);
    if ('fault' in received) return received.fault;
    this.#parts.onMessages(received.messages);
    return 'taken';
  }

  /** Nothing if the request broke off. */
  async #readText(request: IncomingMessage): Promise<{ readonly text: string } | 'too-large' | undefined> {
    const maxBytes = this.#parts.maxBytes();
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too-large';
    this.#reading = request;
    try {
      const parts: Buffer[] = [];
      let bytes = 0;
      // Not destroyed at the end, as it is still to be answered.
      for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) { // no encoding is set
        bytes += part.length;
        if (bytes > maxBytes) return 'too-large';
        parts.push(part);
      }
      return { text: Buffer.concat(parts).toString() };
    } catch {
      return undefined;
    } finally {
      this.#reading = undefined;
    }
  }
}
