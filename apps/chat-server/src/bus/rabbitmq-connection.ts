import type { Duplex } from 'node:stream';
import { AmqpConnectionManagerClass } from 'amqp-connection-manager';
import type { ChannelModel, Connection } from 'amqplib';

export type RabbitMqConnectionOptions = {
  readonly urls: readonly string[];
  /** Shown by the broker's own tools. */
  readonly name: string;
  readonly connectTimeoutMs: number;
  readonly heartbeatSeconds: number;
  readonly reconnectMs: number;
};

export interface RabbitMqConnectionListener {
  onOpen(model: ChannelModel): void;
  onLost(reason: string): void;
  /** An attempt failed; the next follows after `reconnectMs`. */
  onConnectFailed(error: Error): void;
  onBlocked(blocked: boolean): void;
}

const CLOSE_TIMEOUT_MS = 1_000;

/**
 * One connection that comes back by itself. amqp-connection-manager does that well; its channels are not used, because
 * they buffer what is published without a limit and set a consumer up again on their own terms.
 */
export class RabbitMqConnection {
  readonly #manager: AmqpConnectionManagerClass;

  constructor(options: RabbitMqConnectionOptions) {
    this.#manager = new AmqpConnectionManagerClass([...options.urls], {
      heartbeatIntervalInSeconds: options.heartbeatSeconds,
      reconnectTimeInSeconds: options.reconnectMs / 1_000,
      connectionOptions: {
        // Without it Nagle and delayed acknowledgements hold small batches back for some 40 ms.
        noDelay: true,
        keepAlive: true,
        keepAliveDelay: 10_000,
        // Without it a broker that accepts and then says nothing holds the connection up for good.
        timeout: options.connectTimeoutMs,
        clientProperties: { connection_name: options.name },
      },
    });
  }

  open(listener: RabbitMqConnectionListener): void {
    this.#manager.on('connect', () => {
      const model = this.#manager.connection;
      if (model !== undefined) listener.onOpen(model);
    });
    this.#manager.on('disconnect', ({ err }: { err?: Error }) => listener.onLost(err?.message ?? 'closed'));
    this.#manager.on('connectFailed', ({ err }: { err: Error }) => listener.onConnectFailed(err));
    this.#manager.on('blocked', () => listener.onBlocked(true));
    this.#manager.on('unblocked', () => listener.onBlocked(false));
    // Rejects for refused access only, which `connectFailed` has told already.
    this.#manager.connect().catch(() => undefined);
  }

  /** Cuts the connection without asking the broker, which may be what no longer answers; a new one follows. */
  drop(reason: string): void {
    const model = this.#manager.connection;
    if (model === undefined) return;
    // amqplib's types leave the socket out. Only an error makes amqplib notice that its socket was destroyed.
    const { stream } = model.connection as Connection & { readonly stream: Duplex };
    stream.destroy(new Error(reason));
  }

  /** Ends it for good, in order if the broker answers within a second. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.drop('closing took too long'), CLOSE_TIMEOUT_MS);
    // A close that fails has found the connection gone already.
    await Promise.race([this.#manager.close().catch(() => undefined), after(CLOSE_TIMEOUT_MS + 200)]);
    clearTimeout(timer);
  }
}

/** Whether the broker's answer is one that no repetition will change: access refused, or a name taken otherwise. */
export function isRefusal(error: Error): boolean {
  return /\b(403|406) \(/.test(error.message);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
