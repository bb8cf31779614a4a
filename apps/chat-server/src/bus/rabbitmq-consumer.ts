import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { isRefusal, type RabbitMqConnection, type RabbitMqConnectionListener } from './rabbitmq-connection.ts';
import { declareExchanges, declareOwnQueue, queueOf, type QueueBounds } from './rabbitmq-topology.ts';
import { within } from '../timing/within.ts';

export type ConsumerOptions = {
  readonly serverId: string;
  readonly queue: QueueBounds;
  readonly leaseConfirmed: () => Promise<void>;
};

export interface ConsumerListener {
  onMessage(message: ConsumeMessage): void;
  /** It listens; `lost` says why it did not for a while, and is undefined the first time. */
  onListening(lost: string | undefined): void;
  onNotListening(): void;
  onProblem(problem: string): void;
}

/** One time of listening: from a connection's opening to the loss of it or of anything on it. */
type Attempt = { channel?: Channel; consumerTag?: string };

const SET_UP_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 1_000;

/**
 * Listens on this server's own queue. Whatever goes wrong has one answer: cut the connection, and on the next one make
 * queue, binding and consumer anew. That is the only place where they are made.
 *
 * It consumes without acknowledgements. Losses are found and read from the log anyway; an acknowledgement would only
 * bring envelopes back after a loss that has been caught up with already, at the price of a round for each batch.
 * Nothing piles up here for it: deliveries are handled as they are read, so a slow server stops reading its socket,
 * and what waits does so in the queue, which is bounded.
 */
export class RabbitMqConsumer implements RabbitMqConnectionListener {
  readonly #connection: RabbitMqConnection;
  readonly #options: ConsumerOptions;
  readonly #listener: ConsumerListener;
  readonly #ready = Promise.withResolvers<void>();
  #attempt: Attempt | undefined;
  #listening = false;
  #closing = false;
  #lost: string | undefined;

  constructor(connection: RabbitMqConnection, options: ConsumerOptions, listener: ConsumerListener) {
    this.#connection = connection;
    this.#options = options;
    this.#listener = listener;
  }

  /** Resolves when it listens for the first time; rejects if the broker refuses access. */
  open(): Promise<void> {
    this.#connection.open(this);
    return this.#ready.promise;
  }

  rebuild(reason: string): void {
    this.#endAttempt(reason);
    this.#connection.drop(reason);
  }

  /** Ends listening for good and removes the queue, unless a newer start of this server listens on it. */
  async close(): Promise<void> {
    const attempt = this.#attempt;
    this.#closing = true;
    this.#endAttempt('closed');
    if (attempt?.channel !== undefined) {
      // Without an answer, or with the queue gone or another's, there is nothing left to remove; `x-expires` does it.
      await within(CLOSE_TIMEOUT_MS, this.#removeQueue(attempt.channel, attempt.consumerTag)).catch(() => undefined);
    }
    await this.#connection.close();
  }

  onOpen(model: ChannelModel): void {
    const attempt: Attempt = {};
    this.#attempt = attempt;
    this.#setUp(model, attempt).catch((error: Error) => {
      if (this.#attempt !== attempt) return;
      if (isRefusal(error)) this.#ready.reject(error);
      this.#listener.onProblem(`consumer not set up: ${error.message}`);
      this.rebuild('consumer not set up');
    });
  }

  onLost(reason: string): void {
    this.#endAttempt(`disconnected: ${reason}`);
  }

  onConnectFailed(error: Error): void {
    if (isRefusal(error)) this.#ready.reject(error);
    this.#listener.onProblem(`consumer not connected: ${error.message}`);
  }

  /** Only connections that publish are blocked, which is why this one does not. */
  onBlocked(): void {}

  async #setUp(model: ChannelModel, attempt: Attempt): Promise<void> {
    // A process that was paused may have a successor under the same id, whose queue this would delete.
    await this.#options.leaseConfirmed();
    if (this.#attempt !== attempt) return;
    await within(SET_UP_TIMEOUT_MS, this.#listen(model, attempt));
    if (this.#attempt !== attempt) return;
    this.#listening = true;
    const lost = this.#lost;
    this.#lost = undefined;
    this.#ready.resolve();
    this.#listener.onListening(lost);
  }

  async #listen(model: ChannelModel, attempt: Attempt): Promise<void> {
    const channel = await model.createChannel();
    attempt.channel = channel;
    const lose = (reason: string): void => {
      if (this.#attempt === attempt) this.rebuild(reason);
    };
    // An error is followed by 'close', which acts on it.
    channel.on('error', (error) => this.#listener.onProblem(`consumer channel: ${error.message}`));
    channel.on('close', () => lose('channel closed'));
    await declareExchanges(channel);
    await declareOwnQueue(channel, this.#options.serverId, this.#options.queue);
    if (this.#attempt !== attempt) return;
    const { consumerTag } = await channel.consume(
      queueOf(this.#options.serverId),
      (message) => {
        if (this.#attempt !== attempt) return;
        if (message === null) lose('consumer cancelled');
        else this.#listener.onMessage(message);
      },
      { noAck: true, exclusive: true },
    );
    attempt.consumerTag = consumerTag;
  }

  #endAttempt(reason: string): void {
    if (this.#attempt === undefined) return;
    this.#attempt = undefined;
    if (!this.#listening) return;
    this.#listening = false;
    this.#lost ??= reason;
    this.#listener.onNotListening();
    if (!this.#closing) this.#listener.onProblem(`consumer lost: ${reason}`);
  }

  async #removeQueue(channel: Channel, consumerTag: string | undefined): Promise<void> {
    if (consumerTag !== undefined) await channel.cancel(consumerTag);
    await channel.deleteQueue(queueOf(this.#options.serverId), { ifUnused: true });
  }
}
