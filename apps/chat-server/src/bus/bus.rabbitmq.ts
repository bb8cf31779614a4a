import type { ConsumeMessage } from 'amqplib';
import { Beacon } from './beacon.ts';
import { BusUnavailable, type Bus, type BusListener } from './bus.port.ts';
import { RabbitMqConnection, type RabbitMqConnectionOptions } from './rabbitmq-connection.ts';
import { RabbitMqConsumer } from './rabbitmq-consumer.ts';
import { RabbitMqPublisher, type PublishOutcome } from './rabbitmq-publisher.ts';
import { assertServerId } from './server-id.ts';

export type RabbitMqBusOptions = {
  /** `amqp://` or `amqps://`; several are tried in turn. */
  readonly url: string | readonly string[];
  readonly serverId: string;
  /** Resolves once this start's lease has been confirmed by a renewal that began after the call. */
  readonly leaseConfirmed: () => Promise<void>;
  /** Envelopes that wait for this server; at the bound publishers are refused. */
  readonly queueMaxLength?: number;
  /** For how long the queue of a dead server stays. */
  readonly queueExpiresMs?: number;
  readonly maxInFlight?: number;
  readonly maxInFlightBytes?: number;
  readonly confirmTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly heartbeatSeconds?: number;
  readonly reconnectMs?: number;
  readonly beaconEveryMs?: number;
  readonly beaconMissedMs?: number;
  /** Told in one line what went wrong, for the log. */
  readonly onProblem?: (problem: string) => void;
};

/** Read by the metrics. */
export type BusCounts = {
  published: number;
  refused: number;
  received: number;
  unreadable: number;
  deadLettersLost: number;
  rebuilt: number;
};

/** While the broker is away the same problem comes with every attempt; once in this time is enough for the log. */
const REPEAT_PROBLEM_MS = 30_000;

/** Poison comes in swarms, above all while versions are mixed; a catch-up for each would cost more than it brings. */
const MERGE_LOSSES_MS = 200;

const WHY: Readonly<Record<Exclude<PublishOutcome, 'taken'>, string>> = {
  refused: 'a queue is at its bound',
  unconfirmed: 'the broker did not confirm',
  disconnected: 'not connected to the broker',
  blocked: 'the broker takes nothing for now',
  busy: 'too much is unconfirmed',
};

export class RabbitMqBus implements Bus {
  readonly counts: BusCounts = { published: 0, refused: 0, received: 0, unreadable: 0, deadLettersLost: 0, rebuilt: 0 };
  readonly #serverId: string;
  readonly #publisher: RabbitMqPublisher;
  readonly #consumer: RabbitMqConsumer;
  readonly #beacon: Beacon;
  #listener: BusListener | undefined;
  #lossTimer: NodeJS.Timeout | undefined;

  constructor(options: RabbitMqBusOptions) {
    assertServerId(options.serverId);
    this.#serverId = options.serverId;
    // A memory or disk alarm stops the broker from reading a connection that publishes, heart-beats included.
    this.#publisher = this.#createPublisher(options, new RabbitMqConnection(connectionOptions(options, 'publish')));
    this.#consumer = this.#createConsumer(options, new RabbitMqConnection(connectionOptions(options, 'consume')));
    this.#beacon = new Beacon({
      everyMs: options.beaconEveryMs ?? 2_000,
      missedMs: options.beaconMissedMs ?? 5_000,
      send: () => this.#publisher.publishBeacon(this.#serverId),
      onMissed: (reason) => this.#consumer.rebuild(reason),
    });
  }

  get available(): boolean {
    return this.#publisher.available;
  }

  async start(listener: BusListener): Promise<void> {
    this.#listener = listener;
    try {
      await Promise.all([this.#publisher.open(), this.#consumer.open()]);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async publish(serverIds: readonly string[], envelope: Uint8Array): Promise<void> {
    const outcome = await this.#publisher.publish(serverIds, envelope);
    if (outcome === 'taken') {
      this.counts.published += 1;
      return;
    }
    this.counts.refused += 1;
    throw new BusUnavailable(WHY[outcome]);
  }

  async close(): Promise<void> {
    this.#beacon.stop();
    clearTimeout(this.#lossTimer);
    await Promise.all([this.#consumer.close(), this.#publisher.close()]);
  }

  #createPublisher(options: RabbitMqBusOptions, connection: RabbitMqConnection): RabbitMqPublisher {
    const bounds = {
      maxInFlight: options.maxInFlight ?? 1_024,
      maxInFlightBytes: options.maxInFlightBytes ?? 32 * 1024 * 1024,
      confirmTimeoutMs: options.confirmTimeoutMs ?? 3_000,
    };
    return new RabbitMqPublisher(connection, bounds, {
      onAvailability: (available) => this.#listener?.onAvailability(available),
      onBeaconReturned: () => this.#beacon.onReturned(),
      onProblem: withoutRepeats(options.onProblem),
    });
  }

  #createConsumer(options: RabbitMqBusOptions, connection: RabbitMqConnection): RabbitMqConsumer {
    const { serverId, leaseConfirmed } = options;
    const queue = { maxLength: options.queueMaxLength ?? 50_000, expiresMs: options.queueExpiresMs ?? 60_000 };
    return new RabbitMqConsumer(connection, { serverId, leaseConfirmed, queue }, {
      onMessage: (message) => this.#onMessage(message),
      onListening: (lost) => this.#onListening(lost),
      onNotListening: () => this.#beacon.stop(),
      onProblem: withoutRepeats(options.onProblem),
    });
  }

  #onMessage(message: ConsumeMessage): void {
    this.#beacon.onArrival();
    if (message.properties.type === 'beacon') return;
    this.counts.received += 1;
    try {
      this.#listener?.onEnvelope(message.content);
    } catch (error) {
      // Whatever was thrown, this envelope is lost here and others are to come: one delivery, never the server.
      this.#onUnreadable(message.content, String(error));
    }
  }

  #onUnreadable(content: Buffer, reason: string): void {
    this.counts.unreadable += 1;
    void this.#publisher.publishDeadLetter(content, this.#serverId, reason).then((outcome) => {
      if (outcome !== 'taken') this.counts.deadLettersLost += 1;
    });
    this.#lossTimer ??= setTimeout(() => {
      this.#lossTimer = undefined;
      this.#listener?.onPossibleLoss(`unreadable envelope: ${reason}`);
    }, MERGE_LOSSES_MS);
  }

  #onListening(lost: string | undefined): void {
    this.#beacon.start();
    if (lost === undefined) return;
    this.counts.rebuilt += 1;
    this.#listener?.onPossibleLoss(lost);
  }
}

function connectionOptions(options: RabbitMqBusOptions, role: string): RabbitMqConnectionOptions {
  const urls = typeof options.url === 'string' ? [options.url] : options.url;
  // An address may carry a password, so it is not repeated in the error.
  const right = urls.length > 0 && urls.every((url) => /^amqps?:\/\/[^/]/.test(url) && URL.canParse(url));
  if (!right) throw new RangeError('a RabbitMQ address begins with amqp:// or amqps://');
  return {
    urls,
    name: `chat ${role} ${options.serverId}`,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    heartbeatSeconds: options.heartbeatSeconds ?? 5,
    reconnectMs: options.reconnectMs ?? 500,
  };
}

function withoutRepeats(report: ((problem: string) => void) | undefined): (problem: string) => void {
  let last = '';
  let lastAt = -Infinity;
  return (problem) => {
    const now = performance.now();
    if (problem === last && now - lastAt < REPEAT_PROBLEM_MS) return;
    last = problem;
    lastAt = now;
    report?.(problem);
  };
}
