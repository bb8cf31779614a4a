// SockJS through the shipped nginx to three real servers: what clients that cannot open a WebSocket depend on.
import { pollUntil } from '@chat/services';
import { Client } from '@stomp/stompjs';
import SockJS from 'sockjs-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster, type Cluster } from './cluster.ts';

const TRANSPORTS = ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'];
const EACH = 3;

let cluster: Cluster;
const people: Person[] = [];

/** A user with stock libraries, reconnecting as they do by themselves. */
class Person {
  readonly id: string;
  readonly heard = new Set<string>();
  /** The server that each of the sessions so far was on. */
  readonly servers: string[] = [];
  readonly #client: Client;

  constructor(id: string, transport: string, accessToken: string) {
    this.id = id;
    this.#client = new Client({
      // It implements as much of a WebSocket as stompjs needs.
      webSocketFactory: () => new SockJS(`${cluster.url}/ws-chat`, null, { transports: [transport] }),
      connectHeaders: { Authorization: `Bearer ${accessToken}` },
      reconnectDelay: 300,
      onConnect: (frame) => {
        this.servers.push(frame.headers['server'] ?? '');
        this.#client.subscribe('/user/queue/messages', ({ body }) => {
          const { type, from, message } = JSON.parse(body) as { type: string; from: string; message: string }; // the server's own entries
          if (type === 'CHAT' && from !== this.id) this.heard.add(message);
        });
      },
    });
    this.#client.activate();
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  /** Sends and waits for the receipt; false if the connection ends before it. */
  async say(to: string, message: string): Promise<boolean> {
    if (!this.connected) return false;
    const receipt = crypto.randomUUID();
    let got = false;
    this.#client.watchForReceipt(receipt, () => (got = true));
    this.#client.publish({ destination: '/app/chat.send', headers: { receipt }, body: JSON.stringify({ to, message, clientId: message }) });
    await pollUntil(() => got || !this.connected, { timeoutMs: 20_000 });
    return got;
  }

  stop(): Promise<void> {
    return this.#client.deactivate({ force: true });
  }
}

async function register(id: string): Promise<string> {
  const response = await fetch(`${cluster.url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, password: 'long enough' }),
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { accessToken: string }).accessToken; // as the protocol has it
}

/** Each tells the next one a text that nobody has heard, until it has a receipt; then all have heard theirs. */
async function tellAround(round: string): Promise<void> {
  const said = await Promise.all(
    people.map((person, i) => pollUntil(() => person.say(people[(i + 1) % people.length]?.id ?? '', `${round} of ${person.id}`), { timeoutMs: 40_000 })),
  );
  expect(said).toEqual(people.map(() => true));
  const missing = (): string[] => people.filter((person, i) => !person.heard.has(`${round} of ${people.at(i - 1)?.id}`)).map(({ id }) => id);
  await pollUntil(() => missing().length === 0, { timeoutMs: 20_000 });
  expect(missing()).toEqual([]);
}

beforeAll(async () => {
  cluster = await startCluster({ servers: 3, env: { RATE_LIMITS: 'off' } });
  for (const transport of TRANSPORTS) {
    for (let n = 0; n < EACH; n++) {
      const id = `${transport}-${n}`;
      people.push(new Person(id, transport, await register(id)));
    }
  }
  await pollUntil(() => people.every(({ connected }) => connected), { timeoutMs: 20_000 });
  expect(people.filter(({ connected }) => !connected).map(({ id }) => id)).toEqual([]);
});

afterAll(async () => {
  await Promise.all(people.map((person) => person.stop()));
  await cluster.stop();
});

test('each transport chats with each other, and no session is ever lost by going to another server', async () => {
  for (const round of ['first', 'second', 'third']) await tellAround(round);
  // One session each: had a request of one gone to another server, it would have ended.
  expect(people.filter(({ servers }) => servers.length !== 1).map(({ id, servers }) => [id, servers])).toEqual([]);
  expect(new Set(people.flatMap(({ servers }) => servers)).size).toBeGreaterThan(1);
});

test('when a server is killed its sessions end, and its people chat on with new ones elsewhere', async () => {
  const counts = new Map<string, number>();
  for (const id of people.map(({ servers }) => servers.at(-1) ?? '')) counts.set(id, (counts.get(id) ?? 0) + 1);
  const [busiest] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const killed = cluster.servers.find(({ id }) => id === busiest);
  if (killed === undefined) throw new Error('nobody is connected');
  const moved = people.filter(({ servers }) => servers.at(-1) === killed.id);
  await killed.stop('SIGKILL');
  await pollUntil(() => moved.every(({ connected, servers }) => connected && servers.at(-1) !== killed.id), { timeoutMs: 40_000 });
  expect(moved.map(({ servers }) => servers.length > 1 && servers.at(-1) !== killed.id)).toEqual(moved.map(() => true));
  await tellAround('after the kill');
  expect(people.filter((person) => !moved.includes(person) && person.servers.length !== 1).map(({ id }) => id)).toEqual([]);

  await killed.start();
  await tellAround('with all of them again');
});
