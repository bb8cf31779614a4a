import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import { isRefusal, type RabbitMqConnection, type RabbitMqConnectionListener } from './rabbitmq-connection.ts';
import { DEAD_LETTERS, EXCHANGE, declareExchanges, routingKeyOf } from './rabbitmq-topology.ts';
import { within } from '../timing/within.ts';

/**
 * What became of a publish. `taken`: the broker has it. `refused`: it sent a nack, so some queue is at its bound.
 * `unconfirmed`: nobody knows. The others were never sent.
 */
export type PublishOutcome = 'taken' | 'refused' | 'unconfirmed' | 'disconnected' | 'blocked' | 'busy';

export type PublisherBounds = {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  readonly confirmTimeoutMs: number;
};

export interface PublisherListener {
  onAvailability(available: boolean): void;
  /** No queue is bound to this server's own key. */
  onBeaconReturned(): void;
  onProblem(problem: string): void;
}

const SET_UP_TIMEOUT_MS = 10_000;
const BEACON = 'beacon';
const NOTHING = Buffer.alloc(0);

/**
 * Publishes with confirms, and holds nothing back: what cannot be sent now is the caller's again at once. What was sent
 * and is not confirmed is bounded by `maxInFlight` and `maxInFlightBytes`; at the bound a publish is `busy`. That bound
 * is also what bounds amqplib's write buffer, so its `drain` need not be waited for.
 */
export class RabbitMqPublisher implements RabbitMqConnectionListener {
  readonly #connection: RabbitMqConnection;
  readonly #bounds: PublisherBounds;
  readonly #listener: PublisherListener;
  readonly #ready = Promise.withResolvers<void>();
  #channel: ConfirmChannel | undefined;
  #blocked = false;
  #available = false;
  #inFlight = 0;
  #inFlightBytes = 0;
  #onIdle: (() => void) | undefined;

  constructor(connection: RabbitMqConnection, bounds: PublisherBounds, listener: PublisherListener) {
    this.#connection = connection;
    this.#bounds = bounds;
    this.#listener = listener;
  }

  get available(): boolean {
    return this.#available;
  }

  /** Resolves when it can publish for the first time; rejects if the broker refuses access. */
  open(): Promise<void> {
    this.#connection.open(this);
    return this.#ready.promise;
  }

  /** One publish for all of the servers: the first by the routing key, the others by the `CC` header. */
  publish(serverIds: readonly string[], envelope: Uint8Array): Promise<PublishOutcome> {
    const [first, ...others] = serverIds.map(routingKeyOf);
    if (first === undefined) return Promise.resolve('taken');
    const content = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.byteLength);
    return this.#send(EXCHANGE, first, content, others.length > 0 ? { CC: others } : {});
  }

  /** `mandatory` tells only if no target at all has a queue. A beacon has one target, so here that is worth asking. */
  publishBeacon(serverId: string): Promise<PublishOutcome> {
    return this.#send(EXCHANGE, routingKeyOf(serverId), NOTHING, { type: BEACON, mandatory: true });
  }

  publishDeadLetter(content: Buffer, serverId: string, reason: string): Promise<PublishOutcome> {
    const headers = { server: serverId, reason: reason.slice(0, 500) };
    return this.#send(DEAD_LETTERS, '', content, { persistent: true, headers });
  }

  /** Waits for the confirms under way, at most for the confirm time-out, and ends the connection. */
  async close(): Promise<void> {
    if (this.#inFlight > 0) {
      const idle = new Promise<void>((resolve) => (this.#onIdle = resolve));
      await within(this.#bounds.confirmTimeoutMs, idle).catch(() => undefined); // late ones are told `unconfirmed`
    }
    this.#channel = undefined;
    this.#announce();
    await this.#connection.close();
  }

  onOpen(model: ChannelModel): void {
    this.#blocked = false;
    this.#setUp(model).then(
      () => this.#ready.resolve(),
      (error: Error) => {
        if (isRefusal(error)) this.#ready.reject(error);
        this.#listener.onProblem(`publisher not set up: ${error.message}`);
        this.#connection.drop('publisher not set up');
      },
    );
  }

  onLost(reason: string): void {
    this.#channel = undefined;
    this.#blocked = false;
    this.#announce();
    this.#listener.onProblem(`publisher disconnected: ${reason}`);
  }

  onConnectFailed(error: Error): void {
    if (isRefusal(error)) this.#ready.reject(error);
    this.#listener.onProblem(`publisher not connected: ${error.message}`);
  }

  onBlocked(blocked: boolean): void {
    this.#blocked = blocked;
    this.#announce();
    this.#listener.onProblem(blocked ? 'publisher blocked by the broker' : 'publisher no longer blocked');
  }

  async #setUp(model: ChannelModel): Promise<void> {
    const channel = await within(SET_UP_TIMEOUT_MS, model.createConfirmChannel());
    // An error is followed by 'close', which acts on it.
    channel.on('error', (error) => this.#listener.onProblem(`publisher channel: ${error.message}`));
    channel.on('close', () => this.#onChannelClosed(channel));
    channel.on('return', (message) => {
      if (message.properties.type === BEACON) this.#listener.onBeaconReturned();
    });
    await within(SET_UP_TIMEOUT_MS, declareExchanges(channel));
    this.#channel = channel;
    this.#announce();
  }

  #onChannelClosed(channel: ConfirmChannel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#announce();
    this.#connection.drop('publisher channel closed');
  }

  #send(exchange: string, key: string, content: Buffer, options: Options.Publish): Promise<PublishOutcome> {
    const channel = this.#channel;
    if (channel === undefined) return Promise.resolve('disconnected');
    if (this.#blocked) return Promise.resolve('blocked');
    if (this.#inFlight >= this.#bounds.maxInFlight || this.#inFlightBytes >= this.#bounds.maxInFlightBytes) {
      return Promise.resolve('busy');
    }
    const { promise, resolve } = Promise.withResolvers<PublishOutcome>();
    const timer = setTimeout(() => {
      resolve('unconfirmed');
      this.#onConfirmOverdue(channel);
    }, this.#bounds.confirmTimeoutMs);
    const settle = (outcome: PublishOutcome): void => {
      clearTimeout(timer);
      this.#release(content.length);
      resolve(outcome);
    };
    this.#inFlight += 1;
    this.#inFlightBytes += content.length;
    try {
      // Calls back once for each publish: on its confirm, or when the channel ends. Only then the library holds it no
      // more, so only then its place is free; the time-out above does not free it.
      channel.publish(exchange, key, content, options, (error: Error | null) => {
        // amqplib tells a nack from the end of the channel by the text alone.
        settle(error === null ? 'taken' : error.message === 'message nacked' ? 'refused' : 'unconfirmed');
      });
    } catch (error) {
      // The channel is closing; nothing was written and there will be no callback.
      settle('disconnected');
      this.#listener.onProblem(`not published: ${String(error)}`);
    }
    return promise;
  }

  #release(bytes: number): void {
    this.#inFlight -= 1;
    this.#inFlightBytes -= bytes;
    if (this.#inFlight === 0) this.#onIdle?.();
  }

  /** A broker that is not blocked and does not confirm is one that no longer hears us; a new connection finds out. */
  #onConfirmOverdue(channel: ConfirmChannel): void {
    if (this.#blocked || this.#channel !== channel) return;
    this.#channel = undefined;
    this.#announce();
    this.#connection.drop('a confirm is overdue');
  }

  #announce(): void {
    const available = this.#channel !== undefined && !this.#blocked;
    if (available === this.#available) return;
    this.#available = available;
    this.#listener.onAvailability(available);
  }
}
