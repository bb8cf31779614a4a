import { createRequire } from 'node:module';
import type * as stompjs7 from 'stompjs-7';
import type { ClientCommand, ClientConnection, ClientDriver, ConnectOptions } from '../client-driver.ts';
import { ClientEvents } from '../client-events.ts';
import { ReceivedMessages } from './received-messages.ts';

type Stompjs = Pick<typeof stompjs7, 'Client'>;
/** What carries the frames, in place of a plain WebSocket. */
type Carrier = (url: string) => stompjs7.IStompSocket;

const require = createRequire(import.meta.url); // the bundles of 5 and 6 are CommonJS and have no names to import

/** `@stomp/stompjs` 5, 6 or 7; the parts of its interface that are used here are the same in all. */
export class StompjsDriver implements ClientDriver {
  readonly #library: Stompjs;
  readonly #carrier: Carrier | undefined;
  readonly #connections = new Set<StompjsConnection>();

  constructor(packageName: string, carrier?: Carrier) {
    this.#library = require(packageName) as Stompjs; // the version that package.json pins
    this.#carrier = carrier;
  }

  open(options: ConnectOptions): ClientConnection {
    const connection = new StompjsConnection(this.#library, options, this.#carrier);
    this.#connections.add(connection);
    return connection;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.deactivate()));
  }
}

class StompjsConnection implements ClientConnection {
  readonly events = new ClientEvents();
  readonly #client: stompjs7.Client;
  readonly #messages = new ReceivedMessages(this.events);
  readonly #transactions = new Map<string, stompjs7.ITransaction>();

  constructor({ Client }: Stompjs, { url, headers, heartBeat, reconnectDelay }: ConnectOptions, carrier?: Carrier) {
    this.#client = new Client({
      ...(carrier ? { webSocketFactory: () => carrier(`${url}/ws-chat`) } : { brokerURL: `${url.replace('http', 'ws')}/ws-chat` }),
      connectHeaders: { ...headers },
      heartbeatIncoming: heartBeat,
      heartbeatOutgoing: heartBeat,
      reconnectDelay,
      onConnect: (frame) => this.events.add('connected', frame.headers),
      onStompError: (frame) => this.events.add('error', frame.headers, frame.body),
      onWebSocketClose: () => this.events.add('closed'),
      onUnhandledReceipt: (frame) => this.events.add('receipt', frame.headers),
    });
    this.#client.activate();
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
        this.#client.publish({ destination: command.destination, headers: { ...command.headers }, body: command.body });
        return;
      case 'ack':
      case 'nack':
        this.#messages.acknowledge(command);
        return;
      case 'begin':
        this.#transactions.set(command.transaction, this.#client.begin(command.transaction));
        return;
      case 'commit':
      case 'abort':
        this.#transactions.get(command.transaction)?.[command.kind]();
        return;
      case 'disconnect':
        void this.deactivate();
    }
  }

  abandon(): void {
    void this.deactivate();
  }

  async deactivate(): Promise<void> {
    await this.#client.deactivate();
  }
}
