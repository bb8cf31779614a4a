import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Connection, ConnectionListener, OutboundFrame } from '../stomp/connection.port.ts';

/** `drained` waits until no more than this is buffered. */
const DRAINED_BYTES = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * A WebSocket as a STOMP session sees it. Frames that were encoded once for many sockets are written to the raw socket,
 * all of one turn in one system call; `ws` writes only control frames beside them, each whole.
 */
export class WebSocketConnection implements Connection {
  readonly remoteAddress: string;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #closed = false;
  #pings = 0;
  #onDrained: (() => void)[] = [];
  readonly #strangerBytes: number;
  #onBytes: ((chunk: Buffer) => void) | undefined;
  #unfinishedBytes = 0;

  /** `strangerBytes`: what may be held of one unfinished message before the session trusts the other side. */
  constructor(webSocket: WebSocket, socket: Duplex, remoteAddress: string, strangerBytes: number) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.#strangerBytes = strangerBytes;
    socket.on('drain', () => this.#tellDrained());
  }

  /** Starts to tell the session. Called in the same turn in which the WebSocket opened, so that no message is missed. */
  attach(listener: ConnectionListener): void {
    // ws gives one Buffer for a message, text or not, as binaryType is 'nodebuffer' and fragments are put together.
    this.#webSocket.on('message', (data: Buffer) => {
      this.#unfinishedBytes = 0;
      listener.onData(data);
    });
    this.#watchStranger(listener);
    this.#webSocket.on('pong', (payload: Buffer) => {
      if (payload.toString('latin1') === String(this.#pings)) listener.onPong();
      // Clients may send pongs that nobody asked for (RFC 6455, 5.5.3): a sign of life, and proof of nothing.
      else listener.onData(NOTHING);
    });
    // An error of the socket or a frame that breaks the WebSocket protocol: 'close' follows by itself.
    this.#webSocket.on('error', () => undefined);
    this.#webSocket.on('close', () => {
      this.#closed = true;
      this.#pending = [];
      this.#tellDrained();
      listener.onClosed();
    });
  }

  send(frame: OutboundFrame): void {
    if (this.#closed) return;
    if (this.#pending.length === 0) queueMicrotask(() => this.#flush());
    const message = frame.webSocket;
    this.#pending.push(message);
    this.#pendingBytes += message.length;
  }

  get bufferedBytes(): number {
    return this.#pendingBytes + this.#socket.writableLength;
  }

  drained(): Promise<void> {
    this.#flush();
    if (this.#closed || this.#socket.writableLength <= DRAINED_BYTES) return Promise.resolve();
    return new Promise((resolve) => this.#onDrained.push(resolve));
  }

  ping(): void {
    this.#flush();
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping(String(++this.#pings));
  }

  trust(): void {
    if (this.#onBytes !== undefined) this.#socket.off('data', this.#onBytes);
    this.#onBytes = undefined;
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  close(code: number, reason: string): void {
    this.#flush();
    // A close frame has room for 123 bytes of reason.
    this.#webSocket.close(code, Buffer.from(reason).subarray(0, 123));
    // A paused socket would not see the other side's answer.
    this.#webSocket.resume();
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  /**
   * `ws` bounds messages by one number for all connections, and holds the parts of a message until its end. So those of
   * a stranger are counted as they come from the network, behind `ws`, which has then told the messages they end.
   */
  #watchStranger(listener: ConnectionListener): void {
    this.#onBytes = (chunk) => {
      this.#unfinishedBytes += chunk.length;
      if (this.#unfinishedBytes <= this.#strangerBytes) return;
      this.trust();
      listener.onTooMuch();
    };
    this.#socket.on('data', this.#onBytes);
  }

  #flush(): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (this.#closed || this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    const [only] = pending;
    this.#socket.write(pending.length === 1 && only !== undefined ? only : Buffer.concat(pending));
  }

  #tellDrained(): void {
    const waiting = this.#onDrained;
    this.#onDrained = [];
    for (const resolve of waiting) resolve();
  }
}
