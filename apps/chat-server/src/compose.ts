import type { Server as MetricsServer } from 'node:http';
import { CloseCode } from '@chat/protocol';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { MemoryBus } from './bus/bus.memory.ts';
import type { Bus } from './bus/bus.port.ts';
import { RabbitMqBus } from './bus/bus.rabbitmq.ts';
import { BusReceiver } from './bus/bus-receiver.ts';
import { Publisher } from './bus/publisher.ts';
import { AuthRefresh } from './commands/auth-refresh.ts';
import { ChatRead } from './commands/chat-read.ts';
import { ChatSend } from './commands/chat-send.ts';
import { ChatSync } from './commands/chat-sync.ts';
import { ChatTyping } from './commands/chat-typing.ts';
import { CommandTable } from './commands/command-table.ts';
import { SendRates } from './commands/send-rates.ts';
import type { Settings } from './config/settings.ts';
import { Appender } from './conversations/appender.ts';
import { ConversationBook } from './conversations/conversation-book.ts';
import { BatchingLogReader } from './conversations/log-reader.ts';
import { PostgresMessageStore } from './conversations/message-store.postgres.ts';
import { CatchUp } from './delivery/catch-up.ts';
import { CursorBook } from './delivery/cursor-book.ts';
import { newDeliveryCounts } from './delivery/delivery-counts.ts';
import { FeedReads } from './delivery/feed-reads.ts';
import { Gates } from './delivery/gates.ts';
import { MemoryDirectory } from './directory/directory.memory.ts';
import type { Directory } from './directory/directory.port.ts';
import { RedisDirectory } from './directory/directory.redis.ts';
import { buildHttp } from './gateway/http.ts';
import { registerConversations } from './gateway/http-conversations.ts';
import { FailedConnects } from './gateway/failed-connects.ts';
import { Readiness } from './gateway/readiness.ts';
import { registerWebSocket } from './gateway/websocket.ts';
import { Identity } from './identity/identity.ts';
import { signingSecret } from './identity/signing-secret.ts';
import { openDatabase, type Database } from './lifecycle/database.ts';
import { serveMetrics, type Reading } from './observability/metrics.ts';
import { Presence } from './presence/presence.ts';
import { Router } from './routing/router.ts';
import { MessageFrames } from './stomp/message-frames.ts';
import { Sessions } from './stomp/sessions.ts';

/** How long sessions may take to answer the close frame when the server ends. */
const CLOSE_WITHIN_MS = 2_000;
/** Slow readers are cut at this many bytes. */
const OUTBOUND_BYTES = 4 * 1024 * 1024;
/** A WebSocket message may hold this many frames of the largest size. One frame that is too large is then told so by ERROR. */
const MESSAGE_FRAMES = 4;
/** Catch-ups that many servers have reason for at the same moment are spread over this time. */
const SPREAD_MS = 2_000;
/** While the bus or the directory is away others cannot tell this server anything: it reads the log by itself. */
const WHILE_AWAY_MS = 1_000;
/** How often the store is asked whether it answers while nobody sends. */
const CHECK_STORE_MS = 2_000;

export type ChatServer = {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Ends cleanly: sessions are told to go elsewhere, what was taken is stored. */
  stop(): Promise<void>;
};

export interface ServerListener {
  /** The server cannot go on and has to end. */
  onFatal(reason: string): void;
}

/** Wires a server by hand and starts it. The only place that names adapters. */
export async function startServer(settings: Settings, log: Logger, listener: ServerListener): Promise<ChatServer> {
  const database = await openDatabase(settings, log, { onLost: (reason) => listener.onFatal(reason) });
  try {
    return await new Composition(settings, log, listener, database).start();
  } catch (error) {
    await database.close();
    throw error;
  }
}

class Composition {
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #listener: ServerListener;
  readonly #database: Database;
  readonly #readiness = new Readiness();
  readonly #counts = newDeliveryCounts();
  readonly #store: PostgresMessageStore;
  readonly #logReader: BatchingLogReader;
  readonly #directory: Directory;
  readonly #bus: Bus;
  readonly #publisher: Publisher;
  readonly #gates: Gates;
  readonly #router: Router;
  readonly #appender: Appender;
  readonly #cursors: CursorBook;
  readonly #presence: Presence;
  readonly #catchUp: CatchUp;
  readonly #sessions: Sessions;
  /** What is away of that by which other servers reach this one. */
  readonly #away = new Set<'rabbitmq' | 'redis'>();
  #whileAway: NodeJS.Timeout | undefined;
  #checkStore: NodeJS.Timeout | undefined;
  #identity: Identity | undefined;
  #http: FastifyInstance | undefined;
  #metrics: MetricsServer | undefined;
  #stopping: Promise<void> | undefined;

  constructor(settings: Settings, log: Logger, listener: ServerListener, database: Database) {
    this.#settings = settings;
    this.#log = log;
    this.#listener = listener;
    this.#database = database;
    const { serverId } = settings;
    const onDefect = (error: unknown): void => log.error({ err: error }, 'a defect: please report this');

    this.#store = new PostgresMessageStore(database);
    this.#logReader = new BatchingLogReader(this.#store, onDefect);
    this.#directory = this.#makeDirectory();
    this.#bus = this.#makeBus();
    this.#publisher = new Publisher(this.#bus, (target) => this.#directory.liveServers.includes(target));
    this.#gates = new Gates(this.#logReader, this.#counts, (conversationId) => this.#presence.onConversation(conversationId));
    this.#router = new Router({ serverId, directory: this.#directory, publisher: this.#publisher, local: this.#gates });
    this.#appender = new Appender(this.#store, {
      onCommitted: (entries) => this.#router.onCommitted(entries),
      onAvailability: (available) => {
        log.warn({ available }, 'the store changed its availability');
        this.#readiness.setStoreAvailable(available);
      },
      onDefect,
    });
    this.#cursors = new CursorBook({ store: this.#store, onMoved: (signals) => this.#router.onSignals(signals), onDefect });
    this.#presence = new Presence({ serverId, directory: this.#directory, publisher: this.#publisher, store: this.#store, onDefect });
    this.#catchUp = new CatchUp({ gates: this.#gates, store: this.#store, counts: this.#counts, onDefect });
    this.#sessions = new Sessions(settings.limits.sessionsPerUser);
  }

  async start(): Promise<ChatServer> {
    const settings = this.#settings;
    this.#identity = await Identity.open({
      pool: this.#database.pool,
      secret: signingSecret({ jwtSecret: settings.identity.jwtSecret, dataDir: settings.dataDir }),
      settings: settings.identity,
      log: this.#log,
    });
    this.#identity.watchEndedSignIns((signIns) => this.#sessions.endSignIns(signIns));
    await this.#startDirectory();
    await this.#startBus();
    this.#http = await this.#buildHttp(this.#identity);
    const url = await this.#http.listen({ host: settings.http.host, port: settings.http.port });
    if (settings.metrics !== undefined) this.#metrics = await serveMetrics(settings.metrics, this.#readings());
    this.#checkStore = setInterval(() => void this.#appender.check(), CHECK_STORE_MS);
    this.#readiness.enter('ready');
    return { url, stop: () => (this.#stopping ??= this.#stop()) };
  }

  #makeDirectory(): Directory {
    const settings = this.#settings;
    const { serverId } = settings;
    if (settings.mode !== 'cluster') return new MemoryDirectory({ serverId });
    return new RedisDirectory({
      url: settings.redis.url,
      serverId,
      nextEpoch: () => this.#nextEpoch(),
      onProblem: (problem) => this.#log.warn({ problem }, 'Redis'),
    });
  }

  #makeBus(): Bus {
    const settings = this.#settings;
    const { serverId } = settings;
    if (settings.mode !== 'cluster') return new MemoryBus({ serverId });
    return new RabbitMqBus({
      url: settings.rabbitmq.urls,
      serverId,
      leaseConfirmed: () => this.#directory.leaseConfirmed(),
      onProblem: (problem) => this.#log.warn({ problem }, 'RabbitMQ'),
    });
  }

  async #nextEpoch(): Promise<number> {
    const { rows } = await this.#database.pool.query<{ epoch: number }>(`select nextval('server_epochs') as epoch`);
    const epoch = rows[0]?.epoch;
    if (epoch === undefined) throw new Error('The sequence of epochs answered nothing.');
    return epoch;
  }

  async #startDirectory(): Promise<void> {
    await this.#directory.start({
      onServersEnded: (serverIds) => {
        this.#log.warn({ serverIds }, 'servers ended');
        // They may have committed and died before they told anyone.
        this.#catchUpSoon(SPREAD_MS);
        this.#presence.onServersEnded();
      },
      onReregistered: (reason) => {
        this.#log.warn({ reason }, 'registered anew');
        this.#catchUpSoon(0);
      },
      onSuperseded: () => this.#listener.onFatal(`A newer process serves as ${this.#settings.serverId}.`),
      onAvailability: (available) => {
        this.#onAvailability('redis', available);
        if (available) this.#router.onDirectoryBack();
      },
    });
  }

  #onAvailability(name: 'rabbitmq' | 'redis', available: boolean): void {
    // Told once at the start as well, which is no news.
    if (available === !this.#away.has(name)) return;
    this.#log.warn({ name, available }, 'a service changed its availability');
    this.#readiness.setDegraded(name, !available);
    if (available) this.#away.delete(name);
    else this.#away.add(name);
    if (this.#away.size > 0) {
      this.#whileAway ??= setInterval(() => this.#catchUpSoon(0), WHILE_AWAY_MS);
      return;
    }
    clearInterval(this.#whileAway);
    this.#whileAway = undefined;
    this.#catchUpSoon(0);
  }

  async #startBus(): Promise<void> {
    const receiver = new BusReceiver({
      local: this.#gates,
      presence: this.#presence,
      onPossibleLoss: (reason) => {
        this.#log.warn({ reason }, 'the bus may have lost something');
        this.#catchUpSoon(0);
      },
      onAvailability: (available) => this.#onAvailability('rabbitmq', available),
    });
    await this.#bus.start(receiver);
  }

  #catchUpSoon(withinMs: number): void {
    this.#catchUp.run(withinMs).catch((error: unknown) => this.#log.error({ err: error }, 'a catch-up failed'));
  }

  async #buildHttp(identity: Identity): Promise<FastifyInstance> {
    const settings = this.#settings;
    const http = await buildHttp({ identity, readiness: this.#readiness, settings, log: this.#log });
    registerConversations(http, identity, this.#store);
    await registerWebSocket(http, {
      services: {
        serverId: settings.serverId,
        limits: { ...settings.limits, outboundBytes: OUTBOUND_BYTES },
        authenticator: identity,
        connects: new FailedConnects(settings.rates.enabled ? settings.rates.failedConnectsPerMinute : undefined),
        sessions: this.#sessions,
        commands: await this.#commands(identity),
        presence: this.#presence,
        gates: this.#gates,
        log: this.#logReader,
        reads: new FeedReads(this.#store),
        cursors: this.#cursors,
        catchUp: () => this.#catchUpSoon(0),
        counts: this.#counts,
        frames: new MessageFrames(),
        logger: this.#log,
      },
      allowedOrigins: settings.http.allowedOrigins,
      maxMessageBytes: MESSAGE_FRAMES * settings.limits.frameBytes,
      isAdmitting: () => this.#readiness.phase === 'ready',
    });
    return http;
  }

  async #commands(identity: Identity): Promise<CommandTable> {
    const { rates, limits } = this.#settings;
    const conversations = new ConversationBook(this.#store);
    const typing = new ChatTyping({ conversations, onSignals: (signals) => this.#router.onSignals(signals) });
    return new CommandTable([
      new ChatSend({
        appender: this.#appender,
        conversations,
        rates: new SendRates(rates.enabled ? { burst: rates.sendBurst, perMinute: rates.sendsPerMinute } : undefined),
        messageCodePoints: limits.messageCodePoints,
        onSend: (conversationId, from) => typing.onSend(conversationId, from),
        epoch: await this.#nextEpoch(),
      }),
      typing,
      new ChatRead({ conversations, cursors: this.#cursors }),
      new ChatSync(),
      new AuthRefresh((accessToken) => identity.authenticate(accessToken)),
    ]);
  }

  #readings(): readonly Reading[] {
    const counter = (name: string, help: string, read: () => number): Reading => ({ name, help, read, kind: 'counter' });
    const gauge = (name: string, help: string, read: () => number): Reading => ({ name, help, read, kind: 'gauge' });
    const counts = this.#counts;
    const published = this.#publisher.counts;
    return [
      gauge('chat_sessions', 'Open STOMP sessions', () => this.#sessions.size),
      gauge('chat_gates', 'Conversations that are live here', () => this.#gates.size),
      gauge('chat_append_queue', 'Entries that wait to be stored', () => this.#appender.queued),
      counter('chat_bus_envelopes_total', 'Envelopes published', () => published.envelopes),
      counter('chat_bus_records_total', 'Records published in them', () => published.records),
      counter('chat_bus_failed_total', 'Envelopes that were not confirmed', () => published.failed),
      counter('chat_bus_reached_total', "Times that 'conversation C reached N' was told instead", () => published.reachedAnnounced),
      counter('chat_gate_repeats_total', 'Entries that came twice and were dropped', () => counts.repeats),
      counter('chat_gate_log_reads_total', 'Gaps read from the log', () => counts.logReads),
      counter('chat_gate_announced_too_far_total', 'Announced entries that the log does not have: a defect', () => counts.announcedTooFar),
      counter('chat_live_holes_total', 'Holes found when going live: a defect', () => counts.holesAtGoLive),
      counter('chat_live_overflows_total', 'Sessions that had too much held while going live', () => counts.heldOverflows),
      counter('chat_slow_readers_total', 'Sessions ended because they did not read', () => counts.slowReaders),
      counter('chat_found_by_sweep_total', 'Entries that only the periodic catch-up found: a defect', () => counts.foundBySweep),
    ];
  }

  /** Nobody new; everybody elsewhere; what was taken is stored and told; then the connections to the services. */
  async #stop(): Promise<void> {
    this.#readiness.enter('draining');
    clearInterval(this.#whileAway);
    clearInterval(this.#checkStore);
    this.#sessions.endAll(CloseCode.draining, 'The server is ending. Reconnect now.');
    await this.#appender.stop();
    await this.#waitForSessions();
    this.#sessions.terminateAll();
    this.#sessions.stop();
    await this.#closeHttp();
    await this.#cursors.flush();
    this.#presence.stop();
    this.#catchUp.stop();
    await this.#publisher.close();
    await this.#bus.close();
    await this.#directory.close();
    this.#logReader.close();
    this.#identity?.close();
    this.#metrics?.close();
    await this.#database.close();
  }

  /** Answers what is being asked, for a moment: a browser may hold a connection open on which it never asks anything. */
  async #closeHttp(): Promise<void> {
    const http = this.#http;
    if (http === undefined) return;
    const timer = setTimeout(() => http.server.closeAllConnections(), CLOSE_WITHIN_MS);
    await http.close();
    clearTimeout(timer);
  }

  async #waitForSessions(): Promise<void> {
    const deadline = performance.now() + CLOSE_WITHIN_MS;
    while (this.#sessions.size > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
