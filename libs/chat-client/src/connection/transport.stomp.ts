import { Client, type IFrame, type IMessage, type IStompSocket, Versions } from '@stomp/stompjs';
import type { Clock } from '../platform/clock.ts';
import type { StompConnection, StompHeaders, Transport, TransportListener } from './transport.port.ts';

export type OpenWebSocket = (url: string, subProtocols: string[]) => IStompSocket;

const openGlobalWebSocket: OpenWebSocket = (url, subProtocols) => new WebSocket(url, subProtocols);

/** How long DISCONNECT may wait for its RECEIPT. */
const GOODBYE_MS = 2_000;

/** What browsers report when a connection broke without a close frame. */
const BROKEN = 1006;

/** STOMP over WebSocket by stompjs, whose own reconnecting stays off: it would come back at a fixed pace. */
export class StompTransport implements Transport {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #openWebSocket: OpenWebSocket;

  constructor(options: { readonly url: string; readonly clock: Clock; readonly openWebSocket?: OpenWebSocket }) {
    this.#url = options.url;
    this.#clock = options.clock;
    this.#openWebSocket = options.openWebSocket ?? openGlobalWebSocket;
  }

  open(headers: StompHeaders, listener: TransportListener): StompConnection {
    let socket: IStompSocket;
    try {
      socket = this.#openWebSocket(this.#url, Versions.default.protocolVersions());
    } catch {
      // An address that cannot be one, or a page that may not connect: as good as a connection that broke.
      queueMicrotask(() => listener.closed(BROKEN));
      return { subscribe: () => undefined, unsubscribe: () => undefined, send: () => undefined, close: () => undefined, abort: () => undefined };
    }
    return new StompjsConnection(socket, headers, listener, this.#clock);
  }
}

class StompjsConnection implements StompConnection {
  readonly #client: Client;
  readonly #socket: IStompSocket;
  readonly #clock: Clock;
  #listener: TransportListener | undefined;

  constructor(socket: IStompSocket, headers: StompHeaders, listener: TransportListener, clock: Clock) {
    this.#listener = listener;
    this.#socket = socket;
    this.#clock = clock;
    this.#client = new Client({
      webSocketFactory: () => socket,
      connectHeaders: { ...headers },
      reconnectDelay: 0,
      heartbeatIncoming: 10_000,
      heartbeatOutgoing: 10_000,
      // A socket whose network is gone would otherwise take minutes to say that it closed.
      discardWebsocketOnCommFailure: true,
      onConnect: (frame: IFrame) => this.#listener?.connected(frame.headers),
      onUnhandledReceipt: (frame: IFrame) => this.#listener?.receipt(frame.headers['receipt-id'] ?? '', frame.headers),
      onStompError: (frame: IFrame) => this.#listener?.error(frame.headers['message'] ?? ''),
      onWebSocketClose: (event: { code?: number }) => this.#onClose(event.code ?? BROKEN),
    });
    this.#client.activate();
  }

  subscribe(id: string, destination: string, headers: StompHeaders = {}): void {
    if (!this.#client.connected) return;
    const onMessage = (message: IMessage): void => this.#listener?.message(id, message.headers, message.body);
    this.#client.subscribe(destination, onMessage, { ...headers, id });
  }

  unsubscribe(id: string): void {
    if (this.#client.connected) this.#client.unsubscribe(id);
  }

  send(destination: string, body: string, headers: StompHeaders = {}): void {
    if (!this.#client.connected) return;
    this.#client.publish({ destination, body, headers: { ...headers } });
  }

  close(): void {
    if (!this.#client.connected) return this.abort();
    this.#listener = undefined;
    const cancelGoodbye = this.#clock.after(GOODBYE_MS, () => this.abort());
    void this.#client.deactivate().finally(cancelGoodbye);
  }

  abort(): void {
    this.#listener = undefined;
    void this.#client.deactivate({ force: true });
    // stompjs takes hold of the socket a moment after it was asked to: until then nobody else would close it.
    this.#socket.close();
  }

  #onClose(code: number): void {
    const listener = this.#listener;
    this.#listener = undefined;
    void this.#client.deactivate();
    listener?.closed(code);
  }
}
