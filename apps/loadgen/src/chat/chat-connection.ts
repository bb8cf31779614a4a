import net from 'node:net';
import { FrameDecoder, FrameError, type Frame } from '@chat/protocol';
import { WebSocket } from 'ws';
import {
  connectFrame, ERRORS_SUBSCRIPTION, MESSAGES_RECEIPT, type StreamStart, subscribeErrorsFrame, subscribeMessagesFrame, syncFrame,
} from './chat-frames.ts';

/** Why a connection ended. */
export type ConnectionEnd = {
  /** The WebSocket close code; 1006 where it broke. */
  readonly closeCode: number;
  /** What the socket or the server's ERROR said, if anything. */
  readonly cause: string;
  /** The system's name of the failure, such as ECONNREFUSED. */
  readonly systemCode: string | undefined;
};

/** What a connection tells its user, in the order in which it happened. */
export interface ConnectionListener {
  /** CONNECTED came. `server` is what the server calls itself. */
  onConnected(server: string | undefined): void;
  /** The stream is live: everything that is missed from now on is a fault. */
  onSubscribed(): void;
  onMessage(body: Uint8Array): void;
  onReceipt(frame: Frame): void;
  onRefusal(body: Uint8Array): void;
  /** Once, and nothing after it. */
  onEnded(end: ConnectionEnd): void;
}

export type ConnectionOptions = {
  readonly url: string;
  readonly accessToken: string;
  readonly device: string;
  /** Where the stream goes on; undefined where the server decides, as on a device's first connection. */
  readonly start: StreamStart | undefined;
};

/** A connection on which nothing was heard for this long is pinged, and given up after as long again. */
const SILENCE_MS = 10_000;
const HANDSHAKE_MS = 15_000;
const AS_TEXT = { binary: false };

/** One STOMP session over one WebSocket, from CONNECT to its end. */
export class ChatConnection {
  readonly #listener: ConnectionListener;
  readonly #options: ConnectionOptions;
  readonly #decoder = new FrameDecoder({ from: 'server' });
  readonly #socket: WebSocket;
  #tcp: net.Socket | undefined;
  #isCorked = false;
  #receivedBefore = 0;
  #connected = false;
  #heardAt: number;
  #pingedAt = 0;
  #error: Error | undefined;
  #stompError: string | undefined;

  /** @param now the clock that `checkAlive` is called with */
  constructor(options: ConnectionOptions, listener: ConnectionListener, now: number) {
    this.#options = options;
    this.#listener = listener;
    this.#heardAt = now;
    this.#socket = new WebSocket(options.url, ['v12.stomp'], {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      handshakeTimeout: HANDSHAKE_MS,
      ...(options.url.startsWith('ws:') ? { createConnection: () => this.#openTcp(options.url) } : {}),
    });
    this.#socket.on('open', () => this.write(connectFrame(new URL(options.url).host, options.accessToken, options.device)));
    this.#socket.on('message', (data: Buffer) => this.#onData(data));
    this.#socket.on('error', (error) => (this.#error ??= error));
    this.#socket.on('close', (code) => this.#onClose(code));
  }

  /** What is written in one turn of the event loop leaves in one piece. */
  write(frame: Uint8Array): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return; // its end is on the way, and all without outcome goes again
    if (this.#tcp && !this.#isCorked) {
      this.#isCorked = true;
      this.#tcp.cork();
      process.nextTick(uncork, this);
    }
    this.#socket.send(frame, AS_TEXT);
  }

  uncork(): void {
    this.#isCorked = false;
    this.#tcp?.uncork();
  }

  /** To be called every second or so. Any byte that comes, a pong too, shows that the server lives. */
  checkAlive(now: number): void {
    const received = this.#tcp?.bytesRead;
    if (received === undefined) return;
    if (received !== this.#receivedBefore) {
      this.#receivedBefore = received;
      this.#heardAt = now;
      this.#pingedAt = 0;
    } else if (this.#pingedAt > 0 && now - this.#pingedAt > SILENCE_MS) {
      this.#error ??= new Error(`nothing came for ${2 * SILENCE_MS} ms`);
      this.#socket.terminate();
    } else if (this.#pingedAt === 0 && now - this.#heardAt > SILENCE_MS) {
      this.#pingedAt = now;
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
    }
  }

  close(): void {
    this.#socket.close(1000);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #openTcp(url: string): net.Socket {
    const { hostname, port } = new URL(url);
    // An IPv6 address stands in brackets in a URL only.
    this.#tcp = net.connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), noDelay: true });
    return this.#tcp;
  }

  #onData(data: Buffer): void {
    this.#decoder.push(data);
    try {
      for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next()) this.#onFrame(frame);
    } catch (error) {
      if (!(error instanceof FrameError)) throw error;
      this.#error ??= error;
      this.#socket.close(error.closeCode);
    }
  }

  #onFrame(frame: Frame): void {
    switch (frame.command) {
      case 'MESSAGE':
        if (frame.headers.get('subscription') === ERRORS_SUBSCRIPTION) this.#listener.onRefusal(frame.body);
        else this.#listener.onMessage(frame.body);
        return;
      case 'RECEIPT':
        if (frame.headers.get('receipt-id') === MESSAGES_RECEIPT) this.#listener.onSubscribed();
        else this.#listener.onReceipt(frame);
        return;
      case 'CONNECTED':
        return this.#onConnected(frame);
      case 'ERROR':
        this.#stompError = frame.headers.get('message') ?? 'an ERROR without a message';
        return;
    }
  }

  #onConnected(frame: Frame): void {
    if (this.#connected) return;
    this.#connected = true;
    this.#decoder.version = '1.2';
    this.#listener.onConnected(frame.headers.get('server'));
    const { start } = this.#options;
    this.write(subscribeErrorsFrame());
    this.write(subscribeMessagesFrame(start !== undefined));
    if (start !== undefined) this.write(syncFrame(start));
  }

  #onClose(closeCode: number): void {
    const systemCode = this.#error && 'code' in this.#error && typeof this.#error.code === 'string' ? this.#error.code : undefined;
    this.#listener.onEnded({ closeCode, cause: this.#stompError ?? this.#error?.message ?? '', systemCode });
  }
}

// Not a closure for each frame.
function uncork(connection: ChatConnection): void {
  connection.uncork();
}
