import type { Duplex } from 'node:stream';
import { CloseCode } from '@chat/protocol';
import type { WebSocket } from 'ws';
import type { Connection, ConnectionListener, OutboundFrame } from '../stomp/connection.port.ts';
import { SocketQueue } from './socket-queue.ts';

/** RFC 6455, 5.2: a final ping without a mask, and the length of its payload. */
const PING = 0x89;
const NOTHING = Buffer.alloc(0);

/**
 * A WebSocket as a STOMP session sees it. Frames that were encoded once for many sockets are written to the raw socket,
 * those of one turn together; `ws` writes only pongs and the close frame beside them, each between two of ours.
 */
export class WebSocketConnection implements Connection {
  readonly remoteAddress: string;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #queue: SocketQueue;
  #flushing = false;
  #closed = false;
  #pings = 0;
  readonly #strangerBytes: number;
  #onBytes: ((chunk: Buffer) => void) | undefined;
  #unfinishedBytes = 0;

  /** `strangerBytes`: what may be held of one unfinished message before the session trusts the other side. */
  constructor(webSocket: WebSocket, socket: Duplex, remoteAddress: string, strangerBytes: number) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.#strangerBytes = strangerBytes;
    this.#queue = new SocketQueue(socket, () => this.#isOpen);
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
      this.#queue.end();
      listener.onClosed();
    });
  }

  send(frame: OutboundFrame): void {
    if (this.#closed) return;
    this.#queue.push(frame.webSocket);
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  get bufferedBytes(): number {
    return this.#queue.bytes;
  }

  drained(): Promise<void> {
    this.#flush();
    return this.#queue.drained();
  }

  ping(): void {
    // Behind all that waits: its pong proves that this has arrived.
    const payload = String(++this.#pings);
    this.#queue.push(Buffer.from([PING, payload.length, ...Buffer.from(payload)]));
    this.#flush();
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
    if (code === CloseCode.tooSlow) this.#queue.drop();
    else this.#queue.flushAll();
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
    this.#flushing = false;
    this.#queue.flush();
  }

  /** False once a close frame was written: nothing may follow it. */
  get #isOpen(): boolean {
    return !this.#closed && this.#webSocket.readyState === this.#webSocket.OPEN;
  }
}
