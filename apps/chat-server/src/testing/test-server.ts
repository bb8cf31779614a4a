import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { freePort } from '@chat/services';
import { SignJWT } from 'jose';
import { inject } from 'vitest';
import { createLogger } from '../config/logger.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import { startServer, type ChatServer } from '../lifecycle/chat-server.ts';
import type {} from './provided-context.ts';
import { StompClient, type Headers, type OpenOptions } from './stomp-client.ts';
import { createTestDatabase } from './test-database.ts';

export const JWT_SECRET = 'a secret of the tests, long enough to be taken';

/** Counters that count defects: none of them may move in any test. */
const DEFECTS = ['chat_gate_announced_too_far_total', 'chat_live_holes_total', 'chat_found_by_sweep_total'];
const ERROR_LEVEL = 50;

export type TestUser = {
  readonly id: string;
  readonly token: string;
};

let users = 0;

type TestServerParts = {
  readonly settings: Settings;
  readonly server: ChatServer;
  readonly metricsPort: number;
  readonly lines: string[];
  readonly fatal: string[];
  readonly release: () => Promise<void>;
};

/** A whole server in this process, on a port of its own. */
export class TestServer {
  readonly serverId: string;
  readonly databaseUrl: string;
  readonly #server: ChatServer;
  readonly #metricsPort: number;
  readonly #lines: string[];
  readonly #fatal: string[];
  readonly #release: () => Promise<void>;
  readonly #clients: StompClient[] = [];
  #defects: readonly string[] | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(parts: TestServerParts) {
    this.serverId = parts.settings.serverId;
    this.databaseUrl = parts.settings.mode === 'embedded' ? '' : parts.settings.database.url;
    this.#server = parts.server;
    this.#metricsPort = parts.metricsPort;
    this.#lines = parts.lines;
    this.#fatal = parts.fatal;
    this.#release = parts.release;
  }

  /** `release` is called after it has ended. */
  static async start(env: NodeJS.ProcessEnv, release: () => Promise<void> = () => Promise.resolve()): Promise<TestServer> {
    const lines: string[] = [];
    const fatal: string[] = [];
    const metricsPort = await freePort();
    const settings = readSettings({
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: String(metricsPort),
      JWT_SECRET,
      RATE_LIMITS: 'off',
      ...env,
    });
    const log = createLogger('trace', new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    }));
    const server = await startServer(settings, log, { onFatal: (reason) => fatal.push(reason) });
    return new TestServer({ settings, server, metricsPort, lines, fatal, release });
  }

  get url(): string {
    return this.#server.url;
  }

  get webSocketUrl(): string {
    return `${this.url.replace('http', 'ws')}/ws-chat`;
  }

  /** Everything that was logged. */
  get log(): string {
    return this.#lines.join('');
  }

  /** Somebody who exists: users of tokens made elsewhere are made on first use. */
  async newUser(name: string): Promise<TestUser> {
    const id = `${name}${++users}`;
    const user = { id, token: await tokenOf(id) };
    const me = await this.get('/api/me', user);
    if (me.status !== 200) throw new Error(`The user was not made: ${me.status}.`);
    return user;
  }

  /** Connected, and subscribed to nothing yet. */
  async client(user: TestUser, headers: Headers = {}, options: OpenOptions = {}): Promise<StompClient> {
    const client = await this.open(options);
    await client.connect({ Authorization: `Bearer ${user.token}`, ...headers });
    return client;
  }

  /** Connected, and subscribed to messages as `m` and errors as `e`. */
  async chatting(user: TestUser, headers: Headers = {}, options: OpenOptions = {}): Promise<StompClient> {
    const client = await this.client(user, headers, options);
    await client.subscribeToErrors();
    await client.subscribeToMessages();
    return client;
  }

  /** A WebSocket without CONNECT. `rest` is what follows the path of the endpoint. */
  async open(options: OpenOptions = {}, rest = ''): Promise<StompClient> {
    const client = await StompClient.open(this.webSocketUrl + rest, options);
    this.#clients.push(client);
    return client;
  }

  async get(path: string, user?: TestUser): Promise<{ readonly status: number; readonly body: unknown }> {
    const headers = user === undefined ? undefined : { authorization: `Bearer ${user.token}` };
    const response = await fetch(this.url + path, { headers });
    return { status: response.status, body: await response.json() };
  }

  async post(path: string, body: object, user?: TestUser): Promise<{ readonly status: number; readonly body: unknown }> {
    const authorization = user === undefined ? {} : { authorization: `Bearer ${user.token}` };
    const headers = { 'content-type': 'application/json', ...authorization };
    const response = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.#metricsPort}/metrics`)).text();
    const value = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`There is no metric ${name}.`);
    return Number(value);
  }

  /** Ends the server as SIGTERM does, with its clients still there. */
  async shutDown(): Promise<void> {
    this.#defects ??= await this.#countDefects();
    await this.#server.stop();
  }

  /** Ends what is left. Fails if the server had found a fault in itself. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #countDefects(): Promise<readonly string[]> {
    const counts = await Promise.all(DEFECTS.map(async (name) => ({ name, count: await this.metric(name) })));
    return counts.filter(({ count }) => count > 0).map(({ name, count }) => `${name} is ${count}`);
  }

  async #stop(): Promise<void> {
    this.#defects ??= await this.#countDefects();
    for (const client of this.#clients) client.vanish();
    await this.#server.stop();
    await this.#release();
    const faults = [
      ...this.#defects,
      ...this.#lines.filter((line) => (JSON.parse(line) as { level: number }).level >= ERROR_LEVEL), // pino's own lines
      ...this.#fatal,
    ];
    if (faults.length > 0) throw new Error(`The server found faults in itself: ${faults.join('\n')}`);
  }
}

/** One server on a database of its own: DATABASE_URL alone. */
export async function startSingleServer(env: NodeJS.ProcessEnv = {}): Promise<TestServer> {
  const database = await createTestDatabase(inject('services').databaseUrl);
  return TestServer.start({ DATABASE_URL: database.url, SERVER_ID: 'single', ...env }, () => database.drop());
}

export type TestCluster = {
  readonly servers: readonly [TestServer, TestServer];
  /** The settings of both, but for the id. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
};

/** Two servers that know each other by RabbitMQ and Redis, on one database of their own. */
export async function startTwoServers(env: NodeJS.ProcessEnv = {}): Promise<TestCluster> {
  const { databaseUrl, rabbitmqUrl, redisUrl } = inject('services');
  const database = await createTestDatabase(databaseUrl);
  const name = `test-${randomUUID().slice(0, 8)}`;
  const common = { DATABASE_URL: database.url, RABBITMQ_URL: rabbitmqUrl, REDIS_URL: redisUrl, ...env };
  const start = (number: number): Promise<TestServer> => TestServer.start({ ...common, SERVER_ID: `${name}-${number}` });
  const servers = await Promise.all([start(1), start(2)]);
  return {
    servers,
    env: common,
    stop: async () => {
      try {
        for (const server of servers) await server.stop();
      } finally {
        await database.drop();
      }
    },
  };
}

/** An access token as another issuer makes it with the server's secret. */
export function tokenOf(userId: string, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return new SignJWT({ sub: userId, exp, ...claims }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(JWT_SECRET));
}
