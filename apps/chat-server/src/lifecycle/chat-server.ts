import type { Server as MetricsServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { BusReceiver } from '../bus/bus-receiver.ts';
import { measureProcess, type LoadSample } from '../admission/load-monitor.ts';
import { compose, composeHttp, type ServerParts } from '../compose.ts';
import type { Settings } from '../config/settings.ts';
import { FrontDoor } from '../gateway/front-door.ts';
import { Readiness } from '../gateway/readiness.ts';
import { serveMetrics } from '../observability/metrics.ts';
import { readings } from '../observability/readings.ts';
import { openDatabase, type Database } from './database.ts';
import { Ending } from './ending.ts';
import { prepareGround } from './ground.ts';

/** How long sessions may take to answer the close frame when the server ends, and requests under way to be answered. */
const CLOSE_WITHIN_MS = 2_000;
/** How long the server waits at its end for a store or a service that does not answer. */
const AWAY_WITHIN_MS = 2_500;
const SOON_MS = 500;
/** PostgreSQL of this process ends with a checkpoint. */
const EMBEDDED_WITHIN_MS = 10_000;
/** How often the store is asked whether it answers while nobody sends. */
const CHECK_STORE_MS = 2_000;

export interface ServerListener {
  /** The server cannot go on and has to end. */
  onFatal(reason: string): void;
}

/** The server was told to end while it was still starting. */
export class StartCancelled extends Error {
  override readonly name = 'StartCancelled';
}

/** Resolves once it serves. What had been started of a start that fails is ended again. */
export async function startServer(settings: Settings, log: Logger, listener: ServerListener): Promise<ChatServer> {
  const server = new ChatServer(settings, log, listener);
  await server.start();
  return server;
}

/**
 * Starts the parts that `compose.ts` wires, and ends them: in this order, because others rely on it. The port opens first,
 * so that whoever looks after the process can see it start; sessions are let in last.
 */
export class ChatServer {
  readonly #settings: Settings;
  readonly #log: Logger;
  readonly #listener: ServerListener;
  readonly #readiness = new Readiness();
  readonly #cancelled = Promise.withResolvers<never>();
  #door: FrontDoor | undefined;
  #opening: Promise<Database> | undefined;
  #parts: ServerParts | undefined;
  #http: FastifyInstance | undefined;
  #metrics: MetricsServer | undefined;
  #checkStore: NodeJS.Timeout | undefined;
  #stopMeasuring: () => void = () => undefined;
  #stopping: Promise<void> | undefined;

  constructor(settings: Settings, log: Logger, listener: ServerListener) {
    this.#settings = settings;
    this.#log = log;
    this.#listener = listener;
    this.#cancelled.promise.catch(() => undefined); // heard only while a start waits
  }

  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  get url(): string {
    if (this.#door === undefined) throw new Error('The server does not listen yet.');
    return this.#door.url;
  }

  /** Resolves once it serves. Rejects with what keeps it from that, having ended what it had started. */
  async start(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Ends cleanly, also in the middle of a start: sessions are told to go elsewhere, spread over this time, and what was
   * taken is stored.
   */
  stop(drainMs = this.#settings.drainSeconds * 1_000): Promise<void> {
    this.#cancelled.reject(new StartCancelled('The server ends before it has started.'));
    return (this.#stopping ??= this.#stop(drainMs));
  }

  async #start(): Promise<void> {
    const settings = this.#settings;
    this.#door = await FrontDoor.open(settings.http, this.#readiness);
    this.#opening = openDatabase(settings, this.#log, { onLost: (reason) => this.#listener.onFatal(reason) });
    const database = await this.#waitFor('postgresql', this.#opening);
    const ground = await this.#waitFor('postgresql', prepareGround(settings, this.#log, this.#readiness, database));
    const parts = (this.#parts = compose(ground));
    parts.identity.watchEndedSignIns((signIns) => parts.sessions.endSignIns(signIns));
    if (settings.metrics !== undefined) this.#metrics = await serveMetrics(settings.metrics, readings(parts, database.pool));
    await this.#waitFor('redis', this.#startDirectory(parts));
    await this.#waitFor('rabbitmq', this.#startBus(parts));
    this.#http = await this.#unlessStopped(composeHttp(parts, ground));
    await this.#http.ready();
    this.#door.leadTo(this.#http.server);
    parts.searchIndexer.start();
    parts.retention.start();
    this.#stopMeasuring = measureProcess((sample) => this.#onLoad(parts, sample));
    this.#checkStore = setInterval(() => void parts.appender.check(), CHECK_STORE_MS);
    await this.#unlessStopped(Promise.resolve());
    this.#readiness.enter('ready');
  }

  #onLoad({ load }: ServerParts, sample: LoadSample): void {
    if (!load.onSample(sample)) return;
    this.#readiness.setDegraded('overload', load.overloaded);
    this.#log.warn({ overloaded: load.overloaded, ...sample }, load.overloaded ? 'too much to do: nobody new is let in' : 'everybody is let in again');
  }

  /** `/readyz` names what a start waits for. */
  async #waitFor<Result>(name: string, started: Promise<Result>): Promise<Result> {
    this.#readiness.setDegraded(name, true);
    const result = await this.#unlessStopped(started);
    this.#readiness.setDegraded(name, false);
    return result;
  }

  #unlessStopped<Result>(started: Promise<Result>): Promise<Result> {
    return Promise.race([this.#cancelled.promise, started]);
  }

  #startDirectory({ directory, reachability, presence, publisher }: ServerParts): Promise<void> {
    return directory.start({
      onServersEnded: (serverIds) => {
        reachability.onServersEnded(serverIds);
        publisher.onServersEnded(serverIds);
        presence.onServersEnded();
      },
      onReregistered: (reason) => reachability.onReregistered(reason),
      onSuperseded: () => this.#listener.onFatal(`A newer process serves as ${this.#settings.serverId}.`),
      onAvailability: (available) => reachability.onDirectoryAvailability(available),
    });
  }

  #startBus({ bus, local, presence, reachability }: ServerParts): Promise<void> {
    const receiver = new BusReceiver({
      local,
      presence,
      onPossibleLoss: (reason) => reachability.onPossibleLoss(reason),
      onAvailability: (available) => reachability.onBusAvailability(available),
    });
    return bus.start(receiver);
  }

  /** Nobody new; everybody elsewhere; what was taken is stored and told; then the connections to the services. */
  async #stop(drainMs: number): Promise<void> {
    this.#readiness.enter('draining');
    clearInterval(this.#checkStore);
    this.#stopMeasuring();
    const ending = new Ending(this.#log);
    if (this.#parts !== undefined) await this.#endSessions(ending, this.#parts, drainMs);
    await ending.step('http', 2 * CLOSE_WITHIN_MS, () => this.#closeHttp());
    if (this.#parts !== undefined) await this.#endServices(ending, this.#parts);
    this.#metrics?.close();
    this.#metrics?.closeIdleConnections();
    const databaseWithinMs = this.#settings.mode === 'embedded' ? EMBEDDED_WITHIN_MS : AWAY_WITHIN_MS;
    await ending.step('database', databaseWithinMs, () => this.#closeDatabase());
  }

  async #endSessions(ending: Ending, parts: ServerParts, drainMs: number): Promise<void> {
    const { reachability, sessions, sockJs, appender } = parts;
    await ending.step('drain', drainMs + CLOSE_WITHIN_MS, () => sessions.drain(drainMs));
    reachability.stop();
    await ending.step('appender', 2 * AWAY_WITHIN_MS, async () => {
      const entries = await appender.stop(AWAY_WITHIN_MS);
      if (entries > 0) this.#log.warn({ entries }, 'the store was away at the end: these sends were not, or not knowingly, stored');
    });
    await this.#waitForSessions(parts);
    sessions.terminateAll();
    sessions.stop();
    sockJs.stop();
  }

  async #endServices(ending: Ending, parts: ServerParts): Promise<void> {
    const { appender, cursors, redeliveries, presence, catchUp, publisher, bus, directory, logReader, identity, reads, notRead, upkeep, searchIndexer, retention } = parts;
    reads.close();
    notRead.close();
    upkeep.close();
    await ending.step('search', AWAY_WITHIN_MS, () => searchIndexer.stop());
    await ending.step('retention', AWAY_WITHIN_MS, () => retention.stop());
    // A store that has just been waited for in vain is not waited for again.
    await ending.step('cursors', appender.available ? AWAY_WITHIN_MS : SOON_MS, async () => {
      await redeliveries.flush();
      const unstored = await cursors.close();
      if (unstored > 0) this.#log.warn({ cursors: unstored }, 'the store was away at the end: these cursors were not stored');
    });
    presence.stop();
    catchUp.stop();
    await ending.step('publisher', AWAY_WITHIN_MS, () => publisher.close());
    await ending.step('bus', AWAY_WITHIN_MS, () => bus.close());
    await ending.step('directory', AWAY_WITHIN_MS, () => directory.close());
    logReader.close();
    identity.close();
  }

  async #closeHttp(): Promise<void> {
    await this.#http?.close();
    await this.#door?.close(CLOSE_WITHIN_MS);
  }

  /** Also one that is just being opened: a PostgreSQL that this process has started must not stay behind. */
  async #closeDatabase(): Promise<void> {
    const database = await this.#opening?.catch(() => undefined); // its failure is told by the start
    await database?.close();
  }

  async #waitForSessions({ sessions }: ServerParts): Promise<void> {
    const deadline = performance.now() + CLOSE_WITHIN_MS;
    while (sessions.size > 0 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
