import { startRedis, type RedisOptions, type Service } from '@chat/services';
import { Redis } from 'ioredis';
import { RecordingListener } from './directory.contract.ts';
import { RedisDirectory, type RedisDirectoryOptions } from './directory.redis.ts';

/** How long a fault may take to be found and mended, on a busy machine. */
export const MENDED = { timeout: 20_000, interval: 20 };

/** As in earnest, but quick. */
export const TIMES = { leaseMs: 2_400, renewMs: 200, commandTimeoutMs: 800, sweepEveryMs: 50 };

export type Server = { readonly directory: RedisDirectory; readonly listener: RecordingListener };

/** A private Redis, the servers of one test on it, and a hand in Redis to break things with. */
export class RedisFixture {
  readonly service: Service;
  readonly admin: Redis;
  readonly #started = new Set<RedisDirectory>();
  #epoch = 0;

  constructor(service: Service) {
    this.service = service;
    this.admin = new Redis(service.url, { maxRetriesPerRequest: null });
    this.admin.on('error', () => undefined); // some tests stop Redis
  }

  static async start(options?: RedisOptions): Promise<RedisFixture> {
    return new RedisFixture(await startRedis(options));
  }

  async stop(): Promise<void> {
    await this.closeServers();
    this.admin.disconnect();
    await this.service.stop();
  }

  async closeServers(): Promise<void> {
    await Promise.all([...this.#started].map((directory) => directory.close()));
    this.#started.clear();
  }

  async closeServersExcept({ directory }: Server): Promise<void> {
    this.#started.delete(directory);
    await this.closeServers();
    this.#started.add(directory);
  }

  /** In the place of the database's sequence. */
  readonly nextEpoch = (): Promise<number> => Promise.resolve((this.#epoch += 1));

  createDirectory(serverId: string, options: Partial<RedisDirectoryOptions> = {}): RedisDirectory {
    const { url } = this.service;
    const directory = new RedisDirectory({ url, serverId, nextEpoch: this.nextEpoch, ...TIMES, ...options });
    this.#started.add(directory);
    return directory;
  }

  async join(serverId: string, options?: Partial<RedisDirectoryOptions>): Promise<Server> {
    const directory = this.createDirectory(serverId, options);
    const listener = new RecordingListener();
    await directory.start(listener);
    return { directory, listener };
  }

  async epochOf(serverId: string): Promise<number> {
    return Number((await this.admin.hget('{chat}:leases', serverId))?.split(' ')[0]);
  }
}
