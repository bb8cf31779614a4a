import type { ClientEvents } from './client-events.ts';

export type Headers = Readonly<Record<string, string>>;

export type ConnectOptions = {
  /** Of the server or of nginx, `http://…`, without a path. */
  readonly url: string;
  /** Of CONNECT. */
  readonly headers: Headers;
  /** Milliseconds, out and in; 0 for none. */
  readonly heartBeat: number;
  /** After how long the library comes back by itself; 0 for never. Those that have no reconnect ignore it. */
  readonly reconnectDelay: number;
};

/** What a program asks of a STOMP library. Headers are those beside the ones that the fields say. */
export type ClientCommand =
  | { readonly kind: 'subscribe'; readonly id: string; readonly destination: string; readonly headers: Headers }
  | { readonly kind: 'unsubscribe'; readonly id: string; readonly headers: Headers }
  | { readonly kind: 'send'; readonly destination: string; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'ack' | 'nack'; readonly message: Headers; readonly transaction?: string }
  | { readonly kind: 'begin' | 'commit' | 'abort'; readonly transaction: string }
  | { readonly kind: 'disconnect' };

/** One connection of a library, or, where it comes back by itself, one after the other. */
export interface ClientConnection {
  readonly events: ClientEvents;
  /** In the order of the calls. What fails comes as an event `failed`. */
  do(command: ClientCommand): void;
  /** Ends it for good, without STOMP's DISCONNECT where the library lets us. */
  abandon(): void;
}

/** A library under test. */
export interface ClientDriver {
  open(options: ConnectOptions): ClientConnection;
  stop(): Promise<void>;
}
