export type StompHeaders = Readonly<Record<string, string>>;

/** What a connection reports. `closed` comes once, and nothing after it. */
export interface TransportListener {
  connected(headers: StompHeaders): void;
  message(subscription: string, headers: StompHeaders, body: string): void;
  receipt(receiptId: string, headers: StompHeaders): void;
  /** An ERROR frame: the server closes the connection after it. */
  error(message: string): void;
  closed(code: number): void;
}

/** One STOMP connection. Frames go out in the order of the calls; after it has closed, calls do nothing. */
export interface StompConnection {
  subscribe(id: string, destination: string, headers?: StompHeaders): void;
  /** Of a subscription that the server has ended already, too: that is no fault. */
  unsubscribe(id: string): void;
  send(destination: string, body: string, headers?: StompHeaders): void;
  /** Says goodbye. Nothing is reported from then on, `closed` included. */
  close(): void;
  /** Drops the connection without a word. Nothing is reported from then on. */
  abort(): void;
}

export interface Transport {
  /** Opens a connection and sends CONNECT with these headers. Never throws: what fails is reported as closed. */
  open(headers: StompHeaders, listener: TransportListener): StompConnection;
}
