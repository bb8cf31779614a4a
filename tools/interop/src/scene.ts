import { createHmac, randomUUID } from 'node:crypto';
import type { ClientConnection, ClientDriver, ConnectOptions, Headers } from './client-driver.ts';
import type { ClientEvent } from './client-events.ts';

export type Addresses = { readonly server1: string; readonly server2: string; readonly nginx: string; readonly jwtSecret: string };

export type Person = { readonly id: string; readonly token: string; readonly login: Headers };

export type MessageBody = { readonly type: string; readonly conversationId: string; readonly seq: number; readonly from: string; readonly message: string };

const MESSAGES = '/user/queue/messages';
const LIFETIME_SECONDS = 3_600;

/** What one case of one client works with: people of its own, on the servers that all share. */
export class Scene {
  readonly at: Addresses;
  readonly #driver: ClientDriver;
  readonly #connections: ClientConnection[] = [];
  #receipts = 0;
  constructor(driver: ClientDriver, at: Addresses) {
    this.#driver = driver;
    this.at = at;
  }

  /** They are there from their first connection on. */
  person(): Person {
    const id = `u-${randomUUID()}`;
    const token = accessToken(id, this.at.jwtSecret);
    return { id, token, login: { Authorization: `Bearer ${token}`, device: 'interop' } };
  }

  open(options: Partial<ConnectOptions> & Pick<ConnectOptions, 'url' | 'headers'>): ClientConnection {
    const connection = this.#driver.open({ heartBeat: 0, reconnectDelay: 0, ...options });
    this.#connections.push(connection);
    return connection;
  }

  async connected(url: string, { login }: Person): Promise<ClientConnection> {
    const connection = this.open({ url, headers: login });
    await connection.events.first('connected');
    return connection;
  }

  /** Both are live: what follows reaches them. */
  async subscribed(url: string, person: Person, headers: Headers = {}): Promise<ClientConnection> {
    const connection = await this.connected(url, person);
    await this.subscribe(connection, headers);
    return connection;
  }

  async subscribe(connection: ClientConnection, headers: Headers = {}): Promise<void> {
    connection.do({ kind: 'subscribe', id: 'errors', destination: '/user/queue/errors', headers: {} });
    connection.do({ kind: 'subscribe', id: 'messages', destination: MESSAGES, headers });
    // One's own echo comes behind what was missed, and proves, for libraries that ask for no receipt here, that both live.
    await this.probe(connection);
  }

  /** A note to oneself, which comes back behind everything before it. */
  async probe(connection: ClientConnection): Promise<void> {
    const own = connection.events.of('connected').at(-1)?.headers['user-name'] ?? '';
    const note = `note ${randomUUID()}`;
    connection.do({ kind: 'send', destination: '/app/chat.send', headers: {}, body: JSON.stringify({ to: own, message: note }) });
    await connection.events.first('message', (event) => event.body.includes(note));
  }

  /** Stored when it resolves. */
  async say(connection: ClientConnection, to: Person, message: string, headers: Headers = {}): Promise<ClientEvent> {
    const receipt = `said-${++this.#receipts}`;
    connection.do({ kind: 'send', destination: '/app/chat.send', headers: { receipt, ...headers }, body: JSON.stringify({ to: to.id, message }) });
    return connection.events.first('receipt', (event) => event.headers['receipt-id'] === receipt);
  }

  end(): void {
    for (const connection of this.#connections) connection.abandon();
  }
}

export function bodyOf(event: ClientEvent): MessageBody {
  return JSON.parse(event.body) as MessageBody; // what protocol says a message is; the cases look at the values
}

/** CHAT entries from somebody, in the order in which they came. */
export function saidBy(person: Person): (event: ClientEvent) => boolean {
  return (event) => event.headers['destination'] === MESSAGES && bodyOf(event).type === 'CHAT' && bodyOf(event).from === person.id;
}

/** As it is made by who holds the servers' secret. */
function accessToken(user: string, secret: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + LIFETIME_SECONDS;
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: user, name: user, exp })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
