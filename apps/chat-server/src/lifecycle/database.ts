import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings.ts';
import { APPEND_OPTIONS } from '../conversations/statements.ts';
import type { DatabaseLog } from '../database/database-log.ts';
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts';
import { migrations } from '../database/migrations/index.ts';
import { runMigrations } from '../database/migrations.ts';
import { createPool, timeoutsWithinLease } from '../database/pool.ts';
import { acquireSingleServerLock } from '../database/single-server-lock.ts';
import { within } from '../timing/within.ts';

export type Database = {
  readonly pool: Pool;
  /** One connection, for the appender alone. */
  readonly appendPool: Pool;
  close(): Promise<void>;
};

/** How long others take a silent server for alive. Nothing it sent before may commit after that. */
const LEASE_MS = 6_000;
const CLOSE_WITHIN_MS = 1_500;

export interface DatabaseListener {
  /** This process may no longer write: the database is another server's, or has ended. */
  onLost(reason: string): void;
}

/** Opens the database of this server, wherever it is, brought to the present schema. */
export async function openDatabase(settings: Settings, log: Logger, listener: DatabaseListener): Promise<Database> {
  const held = await hold(settings, log, listener);
  const { connectionString } = held;
  await runMigrations({ connectionString, migrations, log });
  const maxConnections = settings.mode === 'embedded' ? settings.databaseConnections : settings.database.connections;
  const { pool, appendPool } = openPools(connectionString, { purpose: `chat-server ${settings.serverId}`, log, maxConnections });
  return {
    pool,
    appendPool,
    close: async () => {
      await closePools([pool, appendPool]).catch((error: unknown) => {
        log.warn({ err: error }, 'connections to the database were left behind');
      });
      await held.release();
    },
  };
}

export type PoolsOptions = { readonly purpose: string; readonly log: DatabaseLog; readonly maxConnections: number };

/** The connections of a server: one that appends, whose statements end within a third of the lease ([A6]), and the rest. */
export function openPools(connectionString: string, options: PoolsOptions): { readonly pool: Pool; readonly appendPool: Pool } {
  const { purpose, log, maxConnections } = options;
  const appendPool = createPool(withOptions(connectionString, APPEND_OPTIONS), {
    purpose: `${purpose} append`,
    log,
    maxConnections: 1,
    ...timeoutsWithinLease(LEASE_MS),
  });
  return { pool: createPool(connectionString, { purpose, log, maxConnections }), appendPool };
}

/** A statement under way is waited for, but not one that gets no answer. */
async function closePools(pools: readonly Pool[]): Promise<void> {
  await within(CLOSE_WITHIN_MS, Promise.all(pools.map((pool) => pool.end())));
}

type Held = { readonly connectionString: string; release(): Promise<void> };

async function hold(settings: Settings, log: Logger, listener: DatabaseListener): Promise<Held> {
  if (settings.mode === 'embedded') {
    const postgres = await startEmbeddedPostgres({ dataDir: settings.dataDir, log });
    void postgres.exited.then(({ expected }) => {
      if (!expected) listener.onLost('PostgreSQL ended by itself.');
    });
    return { connectionString: postgres.connectionString, release: () => postgres.stop() };
  }
  const connectionString = settings.database.url;
  if (settings.mode === 'cluster') return { connectionString, release: () => Promise.resolve() };
  const lock = await acquireSingleServerLock({
    connectionString,
    log,
    // Meanwhile appending goes on: should another server come in between, the log itself keeps both in order.
    onLost: () => log.warn({}, 'the lock on the database is lost, taking it again'),
    onRegained: () => log.info({}, 'the lock on the database is held again'),
    onTaken: (holder) => listener.onLost(`Another server has taken the database: ${holder}.`),
  });
  return { connectionString, release: () => lock.release() };
}

function withOptions(connectionString: string, options: string): string {
  return `${connectionString}${connectionString.includes('?') ? '&' : '?'}options=${encodeURIComponent(options)}`;
}
