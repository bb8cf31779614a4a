import { CloseCode } from '@chat/protocol';
import { OutboundFrame, type Connection, type ConnectionListener } from '../../stomp/connection.port.ts';
import type { WebSocketConnection } from '../websocket-connection.ts';
import { closeFrame, HEARTBEAT_FRAME, OPEN_FRAME, parseMessages } from './sockjs-frames.ts';
import type { SockJsSessions } from './sockjs-sessions.ts';

const HEARTBEAT_MS = 25_000;
const NOTHING = Buffer.alloc(0);

/** SockJS's frames over a WebSocket, which does all the rest. Its session ends with it, whatever id it was given. */
export class SockJsWebSocketConnection implements Connection {
  readonly remoteAddress: string;
  readonly #inner: WebSocketConnection;
  readonly #sessions: SockJsSessions;
  #writtenAt = performance.now();
  #closing = false;

  constructor(inner: WebSocketConnection, sessions: SockJsSessions) {
    this.#inner = inner;
    this.#sessions = sessions;
    this.remoteAddress = inner.remoteAddress;
  }

  attach(listener: ConnectionListener): void {
    this.#inner.attach({
      onData: (chunk) => this.#onData(listener, chunk),
      onPong: () => listener.onPong(),
      onTooMuch: () => listener.onTooMuch(),
      onClosed: () => {
        this.#closing = true;
        this.#sessions.removeWebSocket(this);
        listener.onClosed();
      },
    });
    this.#sessions.addWebSocket(this);
    this.#write(OPEN_FRAME);
  }

  tick(now: number): void {
    if (!this.#closing && now - this.#writtenAt > HEARTBEAT_MS) this.#write(HEARTBEAT_FRAME);
  }

  send(frame: OutboundFrame): void {
    if (this.#closing) return;
    this.#writtenAt = performance.now();
    // A message each, for they are the same bytes for every reader and held once for all of them.
    this.#inner.send(frame.sockJsMessage);
  }

  get bufferedBytes(): number {
    return this.#inner.bufferedBytes;
  }

  drained(): Promise<void> {
    return this.#inner.drained();
  }

  ping(): void {
    this.#inner.ping();
  }

  trust(): void {
    this.#inner.trust();
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
  }

  close(code: number, reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#write(closeFrame(code, reason));
    this.#inner.close(code, reason);
  }

  terminate(): void {
    this.#inner.terminate();
  }

  #onData(listener: ConnectionListener, chunk: string | Uint8Array): void {
    if (this.#closing) return;
    const received = parseMessages(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(), true);
    if ('fault' in received) {
      // What is empty is a sign of life and no fault.
      if (received.fault === 'empty') listener.onData(NOTHING);
      else this.close(CloseCode.protocolError, 'Broken framing.');
      return;
    }
    if (received.messages.length === 0) listener.onData(NOTHING);
    for (const message of received.messages) listener.onData(message);
  }

  #write(frame: Buffer): void {
    this.#writtenAt = performance.now();
    this.#inner.send(new OutboundFrame(frame));
  }
}
