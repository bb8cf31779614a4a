import { createRequire } from 'node:module';
import { WebSocket } from 'ws';
import type { ClientCommand, ClientConnection, ClientDriver, ConnectOptions, Headers } from '../client-driver.ts';
import { ClientEvents } from '../client-events.ts';
import { ReceivedMessages } from './received-messages.ts';

type Frame = { readonly command?: string; readonly headers: Headers; readonly body: string };
type Message = Frame & { ack(headers?: object): void; nack(headers?: object): void };

/** The interface that `stompjs` 2.3 had and `webstomp-client` took over. */
interface CallbackClient {
  heartbeat: { outgoing: number; incoming: number };
  debug: (...args: readonly unknown[]) => void;
  onreceipt?: (frame: Frame) => void;
  connect(headers: object, onConnect: (frame: Frame) => void, onError: (error: Frame | string) => void): void;
  disconnect(done: () => void): void;
  subscribe(destination: string, onMessage: (message: Message) => void, headers: object): unknown;
  unsubscribe(id: string, headers?: object): void;
  send(destination: string, headersOrBody: object | string, bodyOrHeaders: object | string): void;
  begin(transaction: string): unknown;
  commit(transaction: string): void;
  abort(transaction: string): void;
}

type Library = {
  readonly over: (socket: WebSocket) => CallbackClient;
  readonly protocols: readonly string[];
  readonly bodyFirst: boolean;
};

const require = createRequire(import.meta.url); // both are CommonJS without names to import

export function stompjs2(): ClientDriver {
  // stomp.js alone: its index brings in a driver for TCP, which nobody needs here. Timers are the window's unless told.
  const { Stomp } = require('stompjs-2/lib/stomp.js') as {
    Stomp: { over: Library['over']; setInterval: (ms: number, tick: () => void) => NodeJS.Timeout; clearInterval: (timer: NodeJS.Timeout) => void };
  };
  Stomp.setInterval = (ms, tick) => setInterval(tick, ms);
  Stomp.clearInterval = (timer) => clearInterval(timer);
  return new CallbackDriver({ over: (socket) => Stomp.over(socket), protocols: ['v10.stomp', 'v11.stomp'], bodyFirst: false });
}

export function webstomp(): ClientDriver {
  const library = require('webstomp-client') as { over(socket: WebSocket, options: object): CallbackClient };
  const over = (socket: WebSocket) => library.over(socket, { debug: false, heartbeat: { outgoing: 0, incoming: 0 } });
  return new CallbackDriver({ over, protocols: ['v10.stomp', 'v11.stomp', 'v12.stomp'], bodyFirst: true });
}

class CallbackDriver implements ClientDriver {
  readonly #library: Library;
  readonly #connections = new Set<CallbackConnection>();

  constructor(library: Library) {
    this.#library = library;
  }

  open(options: ConnectOptions): ClientConnection {
    const connection = new CallbackConnection(this.#library, options);
    this.#connections.add(connection);
    return connection;
  }

  stop(): Promise<void> {
    for (const connection of this.#connections) connection.abandon();
    return Promise.resolve();
  }
}

class CallbackConnection implements ClientConnection {
  readonly events = new ClientEvents();
  readonly #library: Library;
  readonly #socket: WebSocket;
  readonly #client: CallbackClient;
  readonly #messages = new ReceivedMessages(this.events);

  constructor(library: Library, { url, headers, heartBeat }: ConnectOptions) {
    this.#library = library;
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}/ws-chat`, [...library.protocols]);
    this.#socket.on('error', () => undefined); // 'close' follows and is told
    this.#socket.on('close', () => this.events.add('closed'));
    this.#client = library.over(this.#socket);
    this.#client.heartbeat = { outgoing: heartBeat, incoming: heartBeat };
    this.#client.debug = () => undefined;
    // Both leave the escapes of headers as they are: that is their program's to do.
    this.#client.onreceipt = (frame) => this.events.add('receipt', unescaped(frame.headers));
    this.#client.connect(
      { ...headers },
      (frame) => this.events.add('connected', frame.headers),
      (error) => {
        // The end of the connection comes here too, as text or as an event of the socket.
        if (typeof error !== 'string' && error.command === 'ERROR') this.events.add('error', error.headers, error.body);
      },
    );
  }

  do(command: ClientCommand): void {
    switch (command.kind) {
      case 'subscribe':
        this.#client.subscribe(command.destination, this.#messages.take, { ...command.headers, id: command.id });
        return;
      case 'unsubscribe':
        this.#client.unsubscribe(command.id, { ...command.headers });
        return;
      case 'send':
        if (this.#library.bodyFirst) this.#client.send(command.destination, command.body, { ...command.headers });
        else this.#client.send(command.destination, { ...command.headers }, command.body);
        return;
      case 'ack':
      case 'nack':
        this.#messages.acknowledge(command);
        return;
      case 'begin':
      case 'commit':
      case 'abort':
        this.#client[command.kind](command.transaction);
        return;
      case 'disconnect':
        this.#client.disconnect(() => undefined);
    }
  }

  abandon(): void {
    this.#socket.terminate();
  }
}

/** Of 1.1 and 1.2, as far as RECEIPTs need it. */
function unescaped(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replaceAll('\\c', ':')]));
}
