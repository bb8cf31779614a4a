import { startRabbitmq, type RabbitmqService } from '@chat/services';
import { connect, type ChannelModel } from 'amqplib';
import { expect } from 'vitest';
import { envelopeOf, RecordingListener } from './bus.contract.ts';
import { RabbitMqBus, type RabbitMqBusOptions } from './bus.rabbitmq.ts';

/** How long a fault may take to be found and mended, on a busy machine. */
export const MENDED = { timeout: 20_000, interval: 25 };

/** As in earnest, but quick. */
const TIMES = {
  reconnectMs: 100,
  beaconEveryMs: 100,
  beaconMissedMs: 1_000,
  confirmTimeoutMs: 2_000,
  heartbeatSeconds: 2,
  connectTimeoutMs: 1_000,
};

export type Server = { readonly bus: RabbitMqBus; readonly listener: RecordingListener };

/** A private broker, the servers of one test on it, and a hand in the broker to break things with. */
export class RabbitMqFixture {
  readonly service: RabbitmqService;
  readonly #started = new Set<RabbitMqBus>();
  #admin: ChannelModel | undefined;

  constructor(service: RabbitmqService) {
    this.service = service;
  }

  static async start(): Promise<RabbitMqFixture> {
    return new RabbitMqFixture(await startRabbitmq());
  }

  async stop(): Promise<void> {
    await this.closeServers();
    await this.#admin?.close();
    await this.service.stop();
  }

  async closeServers(): Promise<void> {
    await Promise.all([...this.#started].map((bus) => bus.close()));
    this.#started.clear();
  }

  /** A connection beside those of the servers. */
  async admin(): Promise<ChannelModel> {
    if (this.#admin === undefined) {
      const admin = await connect(this.service.url);
      admin.on('error', () => undefined); // some tests end all connections
      admin.on('close', () => (this.#admin = undefined));
      this.#admin = admin;
    }
    return this.#admin;
  }

  createBus(serverId: string, options: Partial<RabbitMqBusOptions> = {}): RabbitMqBus {
    const leaseConfirmed = (): Promise<void> => Promise.resolve();
    const bus = new RabbitMqBus({ url: this.service.url, serverId, leaseConfirmed, ...TIMES, ...options });
    this.#started.add(bus);
    return bus;
  }

  async join(serverId: string, options?: Partial<RabbitMqBusOptions>): Promise<Server> {
    const bus = this.createBus(serverId, options);
    const listener = new RecordingListener();
    await bus.start(listener);
    return { bus, listener };
  }

  /** Sends until it is taken, as the sender may be mending its own connection, and waits until it has arrived. */
  async expectToHear(from: Server, to: string, receiver: Server, text: string): Promise<void> {
    await expect.poll(() => outcomeOf(from.bus, [to], text), MENDED).toBe('taken');
    await expect.poll(() => receiver.listener.heard, MENDED).toContain(text);
  }

  async queueExists(queue: string): Promise<boolean> {
    const probe = await (await this.admin()).createChannel();
    probe.on('error', () => undefined); // a missing queue ends the channel
    try {
      await probe.checkQueue(queue);
    } catch {
      return false;
    }
    await probe.close();
    return true;
  }
}

export async function outcomeOf(bus: RabbitMqBus, serverIds: readonly string[], text: string): Promise<string> {
  try {
    await bus.publish(serverIds, envelopeOf(text));
    return 'taken';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
