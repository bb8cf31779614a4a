import type { ChatMessage, ErrorBody } from '@chat/protocol';
import type { StompConnection, StompHeaders, Transport, TransportListener } from '../connection/transport.port.ts';

export type SentFrame = { readonly destination: string; readonly body: Record<string, unknown>; readonly receipt: string | undefined };

/** One connection as the other side of the wire sees it. */
export class ScriptedConnection implements StompConnection {
  readonly headers: StompHeaders;
  readonly sent: SentFrame[] = [];
  readonly unsubscribed: string[] = [];
  readonly subscriptions: { readonly id: string; readonly destination: string; readonly headers: StompHeaders }[] = [];
  ending: 'closed' | 'aborted' | undefined;
  readonly #listener: TransportListener;

  constructor(headers: StompHeaders, listener: TransportListener) {
    this.headers = headers;
    this.#listener = listener;
  }

  subscribe(id: string, destination: string, headers: StompHeaders = {}): void {
    this.subscriptions.push({ id, destination, headers });
  }

  unsubscribe(id: string): void {
    this.unsubscribed.push(id);
  }

  send(destination: string, body: string, headers: StompHeaders = {}): void {
    this.sent.push({ destination, body: JSON.parse(body) as Record<string, unknown>, receipt: headers['receipt'] });
  }

  close(): void {
    this.ending ??= 'closed';
  }

  abort(): void {
    this.ending ??= 'aborted';
  }

  sentTo(destination: string): SentFrame[] {
    return this.sent.filter((frame) => frame.destination === destination);
  }

  // What the server does.

  connected(server = 'server1'): void {
    this.#listener.connected({ server, version: '1.2' });
  }

  deliver(message: ChatMessage, subscription = message.type === 'PRESENCE' ? 'presence' : 'messages'): void {
    this.#listener.message(subscription, {}, JSON.stringify(message));
  }

  synced(cursors: Record<string, number> = {}): void {
    this.deliver({ type: 'SYNCED', cursors });
  }

  receipt(receiptId: string, headers: StompHeaders = {}): void {
    this.#listener.receipt(receiptId, { 'receipt-id': receiptId, ...headers });
  }

  refuse(error: ErrorBody): void {
    this.#listener.message('errors', {}, JSON.stringify(error));
  }

  drop(code: number): void {
    this.#listener.closed(code);
  }
}

/** Connections that a test opens, answers and breaks by hand. */
export class ScriptedTransport implements Transport {
  readonly connections: ScriptedConnection[] = [];

  open(headers: StompHeaders, listener: TransportListener): ScriptedConnection {
    const connection = new ScriptedConnection(headers, listener);
    this.connections.push(connection);
    return connection;
  }

  /** The connection opened last. */
  get last(): ScriptedConnection {
    const last = this.connections.at(-1);
    if (!last) throw new Error('No connection has been opened.');
    return last;
  }
}
