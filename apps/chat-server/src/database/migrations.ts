import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { advisoryLocks, openConnection } from './database-connection.ts';
import type { DatabaseLog } from './database-log.ts';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';

/** One step of the schema, forward only. Released ones never change again: a correction is the next step. */
export type Migration = {
  /** 1, 2, 3 and so on, without holes. */
  readonly id: number;
  readonly name: string;
  /** Any number of statements; all of them and the note that they ran commit together. */
  readonly sql: string;
};

export type RunMigrationsOptions = {
  readonly connectionString: string;
  readonly migrations: readonly Migration[];
  readonly log: DatabaseLog;
  /** How long to wait for a database that is not there yet. */
  readonly patienceMs?: number;
};

type AppliedMigration = { readonly id: number; readonly name: string; readonly checksum: string };

/** Another server may be busy with a long step. */
const lockWaitMs = 10 * 60_000;

/**
 * Brings the database to the last of `migrations`, and returns the ids of those that ran now. Servers that start together run
 * each once: one works, the others wait and find it done.
 */
export async function runMigrations(options: RunMigrationsOptions): Promise<{ applied: number[] }> {
  const { migrations, log } = options;
  requireWholeList(migrations);
  const client = await openConnection({ ...options, purpose: 'chat-server migrations', patienceMs: options.patienceMs ?? 10_000 });
  try {
    await lockMigrations(client, log);
    const done = await readApplied(client);
    requireSameHistory(done, migrations);
    const pending = migrations.slice(done.length);
    for (const migration of pending) {
      await applyMigration(client, migration);
      log.info({ id: migration.id, name: migration.name }, 'database migration applied');
    }
    return { applied: pending.map(({ id }) => id) };
  } catch (error) {
    if (error instanceof DatabaseStartError) throw error;
    throw new DatabaseStartError('migration-failed', `the database cannot be migrated: ${reasonOf(error)}`, { cause: error });
  } finally {
    // Frees the lock, too.
    await client.end();
  }
}

/**
 * Asks again and again instead of waiting inside PostgreSQL: a waiting session has a snapshot open, for which a concurrent index
 * build in a migration would wait in turn.
 */
async function lockMigrations(client: Client, log: DatabaseLog): Promise<void> {
  const end = performance.now() + lockWaitMs;
  for (let attempt = 1; performance.now() < end; attempt += 1) {
    const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1, $2) as locked', [...advisoryLocks.migrations]);
    if (rows[0]?.locked) return;
    if (attempt === 20) log.info({}, 'another server is migrating the database: waiting for it');
    await delay(100);
  }
  throw new DatabaseStartError('migration-failed', 'another server has been migrating the database for 10 minutes: look what it is doing');
}

async function readApplied(client: Client): Promise<AppliedMigration[]> {
  await client.query(
    `create table if not exists schema_migrations (
       id         integer primary key,
       name       text not null,
       checksum   text not null,
       applied_at timestamptz not null default now()
     )`,
  );
  const { rows } = await client.query<AppliedMigration>('select id, name, checksum from schema_migrations order by id');
  return rows;
}

async function applyMigration(client: Client, { id, name, sql }: Migration): Promise<void> {
  try {
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into schema_migrations (id, name, checksum) values ($1, $2, $3)', [id, name, checksumOf(sql)]);
    await client.query('commit');
  } catch (error) {
    // If the connection is gone, so is the transaction.
    await client.query('rollback').catch(() => undefined);
    throw new DatabaseStartError('migration-failed', `database migration ${id} (${name}) failed and was undone: ${reasonOf(error)}`, { cause: error });
  }
}

function requireWholeList(migrations: readonly Migration[]): void {
  const wrong = migrations.findIndex(({ id }, index) => id !== index + 1);
  if (wrong === -1) return;
  throw new DatabaseStartError('migration-list-invalid', `the migration in place ${wrong + 1} has the id ${migrations[wrong]?.id}: ids are 1, 2, 3 and so on`);
}

function requireSameHistory(done: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  const newest = done.at(-1);
  const lastKnown = migrations.length;
  if (newest !== undefined && newest.id > lastKnown) {
    throw new DatabaseStartError(
      'database-newer-than-code',
      `the database is at migration ${newest.id} (${newest.name}), and this server knows only ${lastKnown}: start the newer server, or restore a backup from before it`,
    );
  }
  done.forEach((applied, index) => {
    const known = migrations[index];
    if (known?.id === applied.id && checksumOf(known.sql) === applied.checksum) return;
    throw new DatabaseStartError(
      'migration-changed',
      `migration ${applied.id} (${applied.name}) ran in this database in another form than this server knows: start the version that made the database`,
    );
  });
}

function checksumOf(sql: string): string {
  return createHash('sha256').update(sql).digest('hex');
}
