import { DirectoryUnavailable, LeaseHeld, type Directory, type DirectoryListener } from './directory.port.ts';
import { KnownLeases } from './known-leases.ts';
import { createRedisClient, type RedisClient } from './redis-client.ts';
import { RedisRegistration } from './redis-registration.ts';
import { ENTRY_KEYS } from './redis-scripts.ts';
import { RedisSweeper } from './redis-sweeper.ts';
import type { EntryKind } from './wanted-entries.ts';
import { within } from '../timing/within.ts';

export type RedisDirectoryOptions = {
  /** `redis://host:port/db`, `redis+sentinel://host:port,host:port/name`, `redis+cluster://host:port`. */
  readonly url: string;
  readonly serverId: string;
  /** A number greater than at all calls before, of all servers: a sequence of the database. */
  readonly nextEpoch: () => Promise<number>;
  readonly leaseMs?: number;
  readonly renewMs?: number;
  /** Also bounds each look-up. */
  readonly commandTimeoutMs?: number;
  readonly sweepEveryMs?: number;
  /** Told in one line what went wrong, for the log. */
  readonly onProblem?: (problem: string) => void;
};

/** Look-ups on the way at once; one more is refused, as if Redis were away. Each is a batch, so this is plenty. */
const MAX_LOOK_UPS = 256;

export class RedisDirectory implements Directory {
  readonly #serverId: string;
  readonly #commandTimeoutMs: number;
  readonly #redis: RedisClient;
  readonly #leases = new KnownLeases();
  readonly #registration: RedisRegistration;
  readonly #sweeper: RedisSweeper;
  readonly #onProblem: (problem: string) => void;
  #listener: DirectoryListener | undefined;
  #available = false;
  #lookUps = 0;
  #lastError = '';
  #lastProblem = '';
  #closed = false;

  constructor(options: RedisDirectoryOptions) {
    const { serverId, nextEpoch, leaseMs = 6_000, renewMs = 2_000 } = options;
    const { commandTimeoutMs = 1_500, sweepEveryMs = 60_000 } = options;
    // Both stand between the parts of an entry.
    if (!/^[^\s:]+$/.test(serverId)) throw new RangeError('a server id has neither blanks nor colons');
    this.#serverId = serverId;
    this.#commandTimeoutMs = commandTimeoutMs;
    this.#onProblem = (problem) => {
      // While Redis is away the same comes again and again.
      if (problem !== this.#lastProblem) options.onProblem?.(problem);
      this.#lastProblem = problem;
    };
    this.#redis = createRedisClient(options.url, { name: `chat-directory-${serverId}`, commandTimeoutMs });
    this.#redis.on('error', (error: Error) => (this.#lastError = error.message));
    // A command tells sooner or later; so does this, now.
    this.#redis.on('close', () => this.#registration.probe());
    this.#redis.on('ready', () => {
      this.#lastError = '';
      this.#registration.probe();
    });
    const registration = { serverId, nextEpoch, leaseMs, renewMs, commandTimeoutMs };
    this.#registration = new RedisRegistration(this.#redis, registration, {
      onLeases: (leases) => this.#onLeases(leases),
      onReregistered: (reason) => this.#onReregistered(reason),
      onSuperseded: () => this.#tell((listener) => listener.onSuperseded()),
      onHealth: (healthy) => this.#onHealth(healthy),
      onProblem: this.#onProblem,
    });
    const sweeper = { serverId, everyMs: sweepEveryMs, commandTimeoutMs, onProblem: this.#onProblem };
    this.#sweeper = new RedisSweeper(this.#redis, this.#leases, sweeper);
  }

  async start(listener: DirectoryListener): Promise<void> {
    this.#listener = listener;
    // It goes on trying by itself; that it has not succeeded yet shows in the first command.
    this.#redis.connect().catch(() => undefined);
    try {
      await this.#registration.start(() => /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password)/.test(this.#lastError));
    } catch (error) {
      await this.close();
      const isNamed = error instanceof LeaseHeld || error instanceof DirectoryUnavailable;
      throw isNamed ? error : new DirectoryUnavailable(this.#lastError);
    }
    this.#sweeper.start();
  }

  addUser(userId: string): Promise<void> {
    return this.#add('user', userId);
  }

  removeUser(userId: string): void {
    this.#remove('user', userId);
  }

  addRoom(roomId: string): Promise<void> {
    return this.#add('room', roomId);
  }

  removeRoom(roomId: string): void {
    this.#remove('room', roomId);
  }

  get settled(): boolean {
    return this.#registration.wanted.settled;
  }

  serversOfUsers(userIds: readonly string[]): Promise<readonly (readonly string[])[]> {
    return this.#lookUp('user', userIds);
  }

  serversOfRooms(roomIds: readonly string[]): Promise<readonly (readonly string[])[]> {
    return this.#lookUp('room', roomIds);
  }

  get liveServers(): readonly string[] {
    const servers = this.#leases.servers;
    return servers.includes(this.#serverId) ? servers : [...servers, this.#serverId];
  }

  get available(): boolean {
    return this.#available;
  }

  leaseConfirmed(): Promise<void> {
    return this.#registration.confirmed();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#sweeper.stop();
    await this.#registration.close();
    this.#redis.disconnect();
    this.#onHealth(false);
  }

  #add(kind: EntryKind, id: string): Promise<void> {
    const written = this.#registration.wanted.add(kind, id);
    this.#registration.wake();
    return written;
  }

  #remove(kind: EntryKind, id: string): void {
    this.#registration.wanted.remove(kind, id);
    this.#registration.wake();
  }

  /** One command, and so one round trip, for the whole batch; on Cluster and with Sentinel to the master. */
  async #lookUp(kind: EntryKind, ids: readonly string[]): Promise<readonly (readonly string[])[]> {
    if (ids.length === 0) return [];
    if (this.#lookUps >= MAX_LOOK_UPS) throw new DirectoryUnavailable('too many look-ups at once');
    this.#lookUps += 1;
    try {
      const entries = await within(this.#commandTimeoutMs, this.#redis.hmget(ENTRY_KEYS[kind], ...ids));
      return entries.map((entry) => this.#leases.serversIn(entry));
    } catch (error) {
      this.#registration.probe();
      throw new DirectoryUnavailable(error instanceof Error ? error.message : String(error));
    } finally {
      this.#lookUps -= 1;
    }
  }

  #onLeases(leases: ReadonlyMap<string, number>): void {
    const ended = this.#leases.update(leases).filter((serverId) => serverId !== this.#serverId);
    if (ended.length === 0) return;
    this.#sweeper.onServersEnded();
    this.#tell((listener) => listener.onServersEnded(ended));
  }

  #onReregistered(reason: string): void {
    this.#sweeper.onReregistered();
    this.#tell((listener) => listener.onReregistered(reason));
  }

  #onHealth(healthy: boolean): void {
    if (healthy === this.#available) return;
    this.#available = healthy;
    if (healthy) this.#lastProblem = '';
    this.#tell((listener) => listener.onAvailability(healthy));
  }

  /** Outside of the registration's loop, which must not take a listener's failure for one of Redis. */
  #tell(event: (listener: DirectoryListener) => void): void {
    const listener = this.#listener;
    if (listener !== undefined) queueMicrotask(() => event(listener));
  }
}
