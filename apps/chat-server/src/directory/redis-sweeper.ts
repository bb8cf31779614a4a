import { parseEntry, type KnownLeases } from './known-leases.ts';
import type { RedisClient } from './redis-client.ts';
import { ENTRY_KEYS, SCRIPTS } from './redis-scripts.ts';
import type { EntryKind } from './wanted-entries.ts';
import { within } from '../timing/within.ts';

export type SweeperOptions = {
  readonly serverId: string;
  readonly everyMs: number;
  readonly commandTimeoutMs: number;
  readonly onProblem: (problem: string) => void;
};

const PAGE = 500;
const KEEP_ENDED_LEASES_MS = 3_600_000;

/**
 * Removes what dead servers have left behind. Nothing depends on it but space: look-ups leave dead entries out by
 * themselves. Which of them are dead is decided within Redis, by the leases of that moment.
 */
export class RedisSweeper {
  readonly #redis: RedisClient;
  readonly #leases: KnownLeases;
  readonly #options: SweeperOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Whether there may be something, and whether it is this server's to remove. */
  #due: 'nothing' | 'if-first' | 'own' = 'if-first';
  #sweeping = false;

  constructor(redis: RedisClient, leases: KnownLeases, options: SweeperOptions) {
    this.#redis = redis;
    this.#leases = leases;
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#tick(), this.#options.everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Other servers have ended: the first of those that live sweeps. All may, so it does not matter who that is. */
  onServersEnded(): void {
    if (this.#due === 'nothing') this.#due = 'if-first';
  }

  onReregistered(): void {
    this.#due = 'own';
  }

  async #tick(): Promise<void> {
    const due = this.#due;
    if (due === 'nothing' || this.#sweeping) return;
    this.#due = 'nothing';
    if (due === 'if-first' && [...this.#leases.servers].sort()[0] !== this.#options.serverId) return;
    this.#sweeping = true;
    try {
      await this.#sweep('user');
      await this.#sweep('room');
    } catch (error) {
      this.#due = due;
      this.#options.onProblem(`not swept: ${String(error)}`);
    } finally {
      this.#sweeping = false;
    }
  }

  /** Page by page, each after the answer to the one before, so that Redis has time for others in between. */
  async #sweep(kind: EntryKind): Promise<void> {
    let cursor = '0';
    do {
      const page = await this.#within(this.#redis.hscan(ENTRY_KEYS[kind], cursor, 'COUNT', PAGE));
      cursor = page[0];
      const fields = this.#suspicious(page[1]);
      const { serverId } = this.#options;
      if (fields.length === 0) continue;
      await this.#within(SCRIPTS.sweep.run(this.#redis, [serverId, kind, KEEP_ENDED_LEASES_MS, ...fields]));
    } while (cursor !== '0' && this.#timer !== undefined);
  }

  /** The fields, of a page of fields and values, that name a lease which is not in the last list. */
  #suspicious(page: readonly string[]): readonly string[] {
    const fields: string[] = [];
    for (let i = 0; i + 1 < page.length; i += 2) {
      const [field = '', value = ''] = [page[i], page[i + 1]];
      const isCount = field.startsWith('#');
      const parts = isCount ? [{ serverId: field.slice(1), epoch: Number.parseInt(value, 10) }] : parseEntry(value);
      if (!parts.every(({ serverId, epoch }) => this.#leases.has(serverId, epoch))) fields.push(field);
    }
    return fields;
  }

  #within<T>(answer: Promise<T>): Promise<T> {
    return within(this.#options.commandTimeoutMs, answer);
  }
}
