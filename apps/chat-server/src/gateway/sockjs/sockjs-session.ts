import type { IncomingMessage } from 'node:http';
import { CloseCode } from '@chat/protocol';
import type { Connection, ConnectionListener, OutboundFrame } from '../../stomp/connection.port.ts';
import { SockJsBacklog } from './sockjs-backlog.ts';
import { ANOTHER_RECEIVER, closeFrame, HEARTBEAT_FRAME, INTERRUPTED, OPEN_FRAME } from './sockjs-frames.ts';
import { SockJsProof } from './sockjs-proof.ts';
import type { SockJsReceiver } from './sockjs-receiver.ts';
import { SockJsSends, type SendAnswer } from './sockjs-sends.ts';

/** Without a request to receive for this long a client is gone. */
const ALONE_MS = 5_000;
/** Event sources ask again 0.2 s after an end (1 s in hidden tabs); later than this, it was rather an error that took long to notice. */
const SURELY_ENDED_MS = 2_500;
/** Proxies and browsers give up on responses in which nothing moves. */
const HEARTBEAT_MS = 25_000;
/** `drained` waits until no more than this is buffered. */
const DRAINED_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

export type SockJsSessionParts = {
  readonly remoteAddress: string;
  /** Bytes of one request to send, and how many before the session trusts the other side. */
  readonly maxBodyBytes: number;
  readonly strangerBytes: number;
  /** A stream, which proves nothing by itself, ends this many ms after a ping: the request that follows is the answer. */
  readonly streamEndsMs: number;
  readonly onTrusted: () => void;
  /** It has ended. Whoever asks for it a moment later is told this, if there is anything to tell. */
  readonly onEnded: (farewell: Buffer | undefined) => void;
};

/**
 * A SockJS session over HTTP as a STOMP session sees it: one request at a time receives, others send. What waits for a
 * receiver is held here and counts as buffered; what a response carried that broke off is lost with the whole session, so
 * that it comes again where the client connects next.
 */
export class SockJsSession implements Connection {
  readonly remoteAddress: string;
  readonly #parts: SockJsSessionParts;
  readonly #backlog = new SockJsBacklog();
  readonly #proof = new SockJsProof();
  readonly #sends: SockJsSends;
  #listener: ConnectionListener | undefined;
  #receiver: SockJsReceiver | undefined;
  /** Has come before it was known here that the last response is out. */
  #next: SockJsReceiver | undefined;
  #aloneSince = performance.now();
  /** The last response was one whose client would ask again after an error too. */
  #unsure = false;
  #opened = false;
  #trusted = false;
  #flushing = false;
  #farewell: Buffer | undefined;
  #closed = false;
  #onDrained: (() => void)[] = [];

  constructor(parts: SockJsSessionParts) {
    this.#parts = parts;
    this.remoteAddress = parts.remoteAddress;
    this.#sends = new SockJsSends({
      onMessages: (messages) => this.#onMessages(messages),
      onTooLarge: () => this.#onTooLarge(),
      maxBytes: () => (this.#trusted ? parts.maxBodyBytes : parts.strangerBytes),
    });
  }

  // What requests bring.

  attach(listener: ConnectionListener): void {
    this.#listener = listener;
  }

  receive(receiver: SockJsReceiver): void {
    receiver.onDone = (whole) => this.#onDone(receiver, whole);
    receiver.onDrained = () => this.#tellDrained();
    if (this.#receiver === undefined && this.#unsure && performance.now() - this.#aloneSince > SURELY_ENDED_MS) this.#interrupt();
    if (this.#closed) receiver.dismiss(this.#farewell ?? INTERRUPTED);
    else if (this.#receiver === undefined) this.#serve(receiver);
    else if (this.#receiver.ended && this.#next === undefined) this.#next = receiver;
    else receiver.dismiss(ANOTHER_RECEIVER);
  }

  takeSend(request: IncomingMessage): Promise<SendAnswer> {
    return this.#sends.take(request);
  }

  /** About twice a second. */
  tick(now: number): void {
    const receiver = this.#receiver;
    if (receiver === undefined) {
      if (now - this.#aloneSince > ALONE_MS) this.#end();
      return;
    }
    const { askedAt } = this.#proof;
    if (receiver.ended) return;
    if (!receiver.polling && askedAt !== undefined && now - askedAt > this.#parts.streamEndsMs) receiver.end();
    else if (now - receiver.writtenAt > HEARTBEAT_MS) this.#beat(receiver);
  }

  // What the STOMP session asks.

  send(frame: OutboundFrame): void {
    if (this.#closed || this.#farewell !== undefined) return;
    this.#backlog.push(frame.sockJs);
    this.#proof.onSent();
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  get bufferedBytes(): number {
    return this.#backlog.bytes + (this.#receiver?.unsentBytes ?? 0);
  }

  drained(): Promise<void> {
    this.#flush();
    if (this.#closed || this.bufferedBytes <= DRAINED_BYTES) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  ping(): void {
    this.#flush();
    if (this.#proof.ask(performance.now())) {
      // The poll that waits came after all of it. Told later, as any answer would be.
      queueMicrotask(() => this.#tell((listener) => listener.onPong()));
    } else if (this.#receiver?.polling === true && !this.#receiver.ended) {
      this.#beat(this.#receiver);
    }
  }

  trust(): void {
    if (this.#trusted) return;
    this.#trusted = true;
    this.#parts.onTrusted();
  }

  pause(): void {
    if (this.#farewell === undefined) this.#sends.pause();
  }

  resume(): void {
    this.#sends.resume();
  }

  close(code: number, reason: string): void {
    if (this.#closed || this.#farewell !== undefined) return;
    this.#farewell = closeFrame(code, reason);
    // Who is too slow would not come for it in time.
    if (code === CloseCode.tooSlow) this.#backlog.clear();
    this.#sends.resume();
    this.#flush();
  }

  terminate(): void {
    this.#end();
  }

  // Responses.

  #serve(receiver: SockJsReceiver): void {
    this.#receiver = receiver;
    if (!this.#opened) {
      this.#opened = true;
      receiver.write(OPEN_FRAME);
    }
    const answers = this.#proof.onRequest();
    this.#tell((listener) => (answers ? listener.onPong() : listener.onData(NOTHING)));
    this.#flush();
  }

  #flush(): void {
    this.#flushing = false;
    const receiver = this.#receiver;
    if (receiver === undefined || receiver.ended) return;
    if (!receiver.isFull && !this.#backlog.isEmpty) {
      const { frame, count } = this.#backlog.take(receiver.room);
      receiver.write(frame);
      this.#proof.onCarried(count);
    }
    if (this.#farewell !== undefined && this.#backlog.isEmpty) receiver.dismiss(this.#farewell);
    else if (receiver.isFull || !this.#backlog.isEmpty) receiver.end();
  }

  #beat(receiver: SockJsReceiver): void {
    receiver.write(HEARTBEAT_FRAME);
    if (receiver.isFull) receiver.end();
  }

  #onDone(receiver: SockJsReceiver, whole: boolean): void {
    if (receiver === this.#next) this.#next = undefined;
    if (receiver !== this.#receiver) return;
    this.#receiver = undefined;
    this.#aloneSince = performance.now();
    this.#unsure = !receiver.tellsEnds;
    if (!whole) {
      this.#interrupt();
    } else if (this.#farewell !== undefined && this.#backlog.isEmpty) {
      this.#end();
    } else {
      this.#tellDrained();
      const next = this.#next;
      this.#next = undefined;
      if (next !== undefined) this.#serve(next);
    }
  }

  // What comes, and the end.

  #onMessages(messages: readonly string[]): void {
    // None at all is a sign of life.
    if (messages.length === 0) this.#tell((listener) => listener.onData(NOTHING));
    for (const message of messages) this.#tell((listener) => listener.onData(message));
  }

  #onTooLarge(): void {
    if (this.#trusted) this.close(CloseCode.tooLarge, 'A request to send is too large.');
    else this.#tell((listener) => listener.onTooMuch());
  }

  /** Nobody knows how much of the last response has arrived. */
  #interrupt(): void {
    this.#farewell ??= INTERRUPTED;
    this.#end();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#backlog.clear();
    this.#sends.end();
    this.#receiver?.destroy();
    this.#next?.dismiss(this.#farewell ?? INTERRUPTED);
    this.#tellDrained();
    this.#parts.onEnded(this.#farewell);
    this.#listener?.onClosed();
  }

  #tell(what: (listener: ConnectionListener) => void): void {
    if (!this.#closed && this.#listener !== undefined) what(this.#listener);
  }

  #tellDrained(): void {
    if (!this.#closed && this.bufferedBytes > DRAINED_BYTES) return;
    const waiting = this.#onDrained;
    this.#onDrained = [];
    for (const resolve of waiting) resolve();
  }
}
