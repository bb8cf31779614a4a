import { encodeFrame, type ClientCommand, type Frame, FrameDecoder } from '@chat/protocol';
import { WebSocket } from 'ws';
import type { Ending } from './plan.ts';

/** What a connection tells, in the order in which it happened. */
export interface ConnectionListener {
  onConnected(): void;
  /** `ack`: by which it is acknowledged, where its subscription does that. */
  onMessage(subscription: string, body: string, ack: string | undefined): void;
  onReceipt(id: string, headers: Frame['headers']): void;
  /** Once, and nothing after it. */
  onEnded(why: string): void;
}

export type ConnectionTarget = { readonly url: string; readonly token: string; readonly device: string };

type Headers = Readonly<Record<string, string | undefined>>;

const VERSION = '1.2';
/** DISCONNECT is answered by a close; a server that does not is left. */
const BYE_WITHIN_MS = 10_000;

/** One STOMP session over one WebSocket. It does what it is told, and ends as rudely as it is told. */
export class StompConnection {
  readonly #socket: WebSocket;
  readonly #listener: ConnectionListener;
  readonly #decoder = new FrameDecoder({ from: 'server', limits: { frameBytes: 1024 * 1024, headerBytes: 64 * 1024 } });
  #error = '';
  #ended = false;

  constructor({ url, token, device }: ConnectionTarget, listener: ConnectionListener) {
    this.#listener = listener;
    this.#socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws-chat`, ['v12.stomp'], { perMessageDeflate: false });
    this.#socket.on('open', () => this.frame('CONNECT', {
      'accept-version': VERSION, host: 'chat', 'heart-beat': '0,0', device, Authorization: `Bearer ${token}`,
    }));
    this.#socket.on('message', (data: Buffer) => this.#onData(data));
    this.#socket.on('error', (error) => (this.#error ||= error.message));
    this.#socket.on('close', (code) => this.#end(`${code} ${this.#error}`.trim()));
  }

  frame(command: ClientCommand, headers: Headers, body?: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return; // its end is on the way
    this.#socket.send(Buffer.from(encodeFrame(command, headers, body, VERSION)).toString());
  }

  send(destination: string, body: object, receipt?: string, transaction?: string): void {
    this.frame('SEND', { destination, receipt, transaction }, JSON.stringify(body));
  }

  end(how: Ending): void {
    switch (how) {
      case 'close':
        return this.#socket.close(1000);
      case 'disconnect':
        this.frame('DISCONNECT', { receipt: 'bye' });
        setTimeout(() => this.#socket.terminate(), BYE_WITHIN_MS).unref();
        return;
      case 'cut':
        this.#end('cut');
        return this.#socket.terminate();
      case 'vanish':
        // The server goes on writing to it for as long as it believes in it.
        this.#end('vanished');
        return this.#socket.pause();
    }
  }

  /** Frees the socket, however it ended. */
  dispose(): void {
    this.#end('disposed');
    this.#socket.terminate();
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#listener.onEnded(why);
  }

  #onData(data: Buffer): void {
    if (this.#ended) return;
    this.#decoder.push(data);
    for (let frame = this.#decoder.next(); frame !== undefined && !this.#ended; frame = this.#decoder.next()) this.#onFrame(frame);
  }

  #onFrame(frame: Frame): void {
    const { headers } = frame;
    switch (frame.command) {
      case 'CONNECTED':
        this.#decoder.version = VERSION;
        return this.#listener.onConnected();
      case 'MESSAGE':
        return this.#listener.onMessage(headers.get('subscription') ?? '', Buffer.from(frame.body).toString(), headers.get('ack'));
      case 'RECEIPT':
        return this.#listener.onReceipt(headers.get('receipt-id') ?? '', headers);
      case 'ERROR':
        this.#error = `ERROR ${headers.get('message') ?? ''}`;
        return;
    }
  }
}
