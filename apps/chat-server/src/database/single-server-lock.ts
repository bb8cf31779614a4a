import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { advisoryLocks, openConnection } from './database-connection.ts';
import type { DatabaseLog } from './database-log.ts';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';

export type SingleServerLockOptions = {
  readonly connectionString: string;
  readonly log: DatabaseLog;
  /** The lock may be somebody else's from now on: stop writing. `onRegained` or `onTaken` follows, unless it is released before. */
  readonly onLost: () => void;
  /** It is held again. Another server may have held it meanwhile: read anew what was known of the database. */
  readonly onRegained: () => void;
  /** Another server holds it: this one has to end. It does not try again. */
  readonly onTaken: (holder: string) => void;
};

export interface SingleServerLock {
  /** Another server may start as soon as this resolves. */
  release(): Promise<void>;
}

type Attempt = { readonly client: Client } | { readonly holder: string };

type Holder = { readonly backend: number; readonly name: string | null; readonly lastBeat: string | null; readonly address: string | null };

const heartbeatMs = 1_000;
const unansweredMs = 2_000;
/** The session of a killed server ends in a moment; the one of a machine that vanished after about 5 s. */
const patienceMs = 7_000;
const retryMs = 100;

/**
 * Makes this process the only chat server on a database, for a server that has neither bus nor directory to share it with others.
 *
 * The lock is PostgreSQL's and lasts as long as the session that took it, so it cannot outlive the process. The session has a
 * connection of its own, straight to the server: a pooler that hands sessions around (PgBouncer in transaction mode) would break it.
 * When the connection is lost so is the lock; both ends watch for that.
 */
export async function acquireSingleServerLock(options: SingleServerLockOptions): Promise<SingleServerLock> {
  const keeper = new LockKeeper(options);
  await keeper.acquire();
  return keeper;
}

class LockKeeper implements SingleServerLock {
  readonly #options: SingleServerLockOptions;
  /** Tells our own sessions from those of others, whatever process ids and host names they have. */
  readonly #name = `chat-server ${randomBytes(6).toString('hex')}`;
  readonly #released = new AbortController();
  #client: Client | undefined;
  #watching: Promise<void> = Promise.resolve();

  constructor(options: SingleServerLockOptions) {
    this.#options = options;
  }

  async acquire(): Promise<void> {
    const attempt = await this.#take();
    if ('holder' in attempt) {
      throw new DatabaseStartError(
        'database-in-use',
        `another chat server (${attempt.holder}) uses this database: stop it first, or set RABBITMQ_URL and REDIS_URL for all servers to run several`,
      );
    }
    this.#client = attempt.client;
    this.#watching = this.#watch(attempt.client);
  }

  async release(): Promise<void> {
    this.#released.abort();
    // Whoever is just taking it again gives it up by itself.
    if (this.#client === undefined) return;
    await this.#watching;
    await this.#client.end().catch(() => undefined);
    this.#client = undefined;
  }

  async #watch(first: Client): Promise<void> {
    let client: Client | undefined = first;
    while (client !== undefined) {
      await this.#untilLost(client);
      if (this.#released.signal.aborted) return;
      this.#options.log.error({}, 'lost the connection that keeps other servers off the database');
      this.#client = undefined;
      this.#options.onLost();
      // Not awaited: a connection into nowhere never says goodbye.
      void client.end().catch(() => undefined);
      client = await this.#regain();
    }
  }

  /** Resolves when the connection is gone or does not answer any more, or when the lock is released. */
  async #untilLost(client: Client): Promise<void> {
    const gone = new AbortController();
    client.once('end', () => gone.abort());
    const stop = AbortSignal.any([gone.signal, this.#released.signal]);
    while (!stop.aborted) {
      const answers = await client.query('select 1').then(() => true, () => false);
      if (!answers) return;
      await delay(heartbeatMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  async #regain(): Promise<Client | undefined> {
    while (!this.#released.signal.aborted) {
      const attempt = await this.#take().catch((error: unknown) => reasonOf(error));
      if (typeof attempt === 'string') {
        this.#options.log.warn({ reason: attempt }, 'the database is still away');
        await delay(retryMs);
      } else if ('holder' in attempt) {
        this.#options.onTaken(attempt.holder);
        return undefined;
      } else if (this.#released.signal.aborted) {
        await attempt.client.end().catch(() => undefined);
      } else {
        this.#client = attempt.client;
        this.#options.onRegained();
        return attempt.client;
      }
    }
    return undefined;
  }

  /** Tries for as long as the holder may be a session whose process is gone. One that shows a heartbeat meanwhile is alive. */
  async #take(): Promise<Attempt> {
    const client = await openConnection({ ...this.#options, purpose: this.#name, patienceMs, answerTimeoutMs: unansweredMs });
    try {
      const end = performance.now() + patienceMs;
      let seen: Holder | undefined;
      for (;;) {
        if (await tryLock(client)) return { client };
        const holder = await findHolder(client);
        if (holder?.name?.startsWith(this.#name)) {
          // Our own session from before the connection was lost, which the server has not noticed yet.
          await client.query('select pg_terminate_backend($1)', [holder.backend]);
        }
        const isAlive = holder !== undefined && holder.backend === seen?.backend && holder.lastBeat !== seen.lastBeat;
        if (isAlive || performance.now() > end) {
          await client.end();
          return { holder: describe(holder) };
        }
        seen ??= holder;
        await delay(retryMs);
      }
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }
}

async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [...advisoryLocks.singleServer]);
  return rows[0]?.locked ?? false;
}

async function findHolder(client: Client): Promise<Holder | undefined> {
  const { rows } = await client.query<Holder>(
    `select holder.pid as backend, application_name as name, state_change::text as "lastBeat", host(client_addr) as address
       from pg_locks as lock join pg_stat_activity as holder using (pid)
      where lock.locktype = 'advisory' and lock.granted and lock.objsubid = 2
        and lock.classid::int8 = $1 and lock.objid::int8 = $2
        and lock.database = (select oid from pg_database where datname = current_database())`,
    [...advisoryLocks.singleServer],
  );
  return rows[0];
}

/** Such as `pid 4711 on chat-1, from 10.0.0.5`; the random part of the name says nothing to people. */
function describe(holder: Holder | undefined): string {
  if (holder === undefined) return 'just ended or just started';
  const processName = holder.name === null ? 'of another database user' : holder.name.replace(/^chat-server [0-9a-f]+ /, '');
  return holder.address === null ? processName : `${processName}, from ${holder.address}`;
}
