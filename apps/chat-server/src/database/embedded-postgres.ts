import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { checkCluster, initialiseCluster } from './cluster-initialisation.ts';
import { lockDataFolder } from './data-folder-lock.ts';
import type { DatabaseLog } from './database-log.ts';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';
import { stopOrphan } from './orphan-postgres.ts';
import { findPostgresAccount, giveTreeTo, type PostgresAccount } from './postgres-account.ts';
import { findPostgresBinaries, makeRunnable, type PostgresBinaries } from './postgres-binaries.ts';
import { startPostgres, type PostgresExit, type PostgresProcess } from './postgres-process.ts';
import type { PostgresProgram } from './postgres-program.ts';
import { findLastSocketFolder, makeSocketFolder, removeLastSocketFolder, type SocketFolder } from './socket-folder.ts';

export interface EmbeddedPostgres {
  /** Of the database `chat`, as its owner, who is no superuser. */
  readonly connectionString: string;
  readonly pid: number;
  /** Resolves when PostgreSQL has ended, by `stop()` or against our will. */
  readonly exited: Promise<PostgresExit>;
  /** Ends PostgreSQL and lets go of the data folder. May be called again. */
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL in `<dataDir>/postgres`, for this process alone: initialised at the first start, reached over a Unix socket,
 * never over the network. The package's own class is not used: it listens on TCP with a password, cannot start as root below a
 * folder that is root's alone, and knows neither locks nor orphans.
 *
 * In the data folder: `postgres/` (0700), `postgres.log` and `postgres.log.1`, `server.lock`, `server.pid`.
 */
export async function startEmbeddedPostgres(options: { dataDir: string; log: DatabaseLog }): Promise<EmbeddedPostgres> {
  const { log } = options;
  const found = await findPostgresBinaries();
  const dataDir = await makeDataFolder(options.dataDir);
  const clusterDir = join(dataDir, 'postgres');
  // Before the lock: where the folder is another user's, the lock could only say that it cannot be written.
  const account = await findPostgresAccount(clusterDir);
  const lock = await lockDataFolder(dataDir);
  const undo = [(): Promise<void> => lock.release()];
  const stop = async (): Promise<void> => {
    for (const step of undo.toReversed()) await step();
  };
  try {
    const state = await checkCluster(clusterDir, found);
    const binaries = await makeRunnable(found, account);
    await (state === 'absent' ? makeCluster(clusterDir, binaries, account, log) : clearUp(clusterDir, account, log));
    const socketFolder = await makeSocketFolder(clusterDir, account);
    undo.push(() => socketFolder.remove());
    const program: PostgresProgram = { executable: binaries.postgres, account, workingFolder: clusterDir, signalWhenParentDies: 'INT' };
    const postgres = await startPostgres(program, settingsFor(socketFolder), join(dataDir, 'postgres.log'), log);
    undo.push(() => postgres.stop());
    const connectionString = await makeChatDatabase(socketFolder);
    return { connectionString, pid: postgres.pid, exited: reportExit(postgres, log), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeDataFolder(dataDir: string): Promise<string> {
  try {
    await mkdir(dataDir, { recursive: true });
    return await realpath(dataDir);
  } catch (error) {
    throw new DatabaseStartError('data-folder-not-writable', `cannot make DATA_DIR ${dataDir}: ${reasonOf(error)}`, { cause: error });
  }
}

async function makeCluster(clusterDir: string, binaries: PostgresBinaries, account: PostgresAccount | undefined, log: DatabaseLog): Promise<void> {
  log.info({ clusterDir, version: binaries.version, account: account?.name }, 'making a PostgreSQL data folder');
  await initialiseCluster(clusterDir, binaries, account);
}

/** What a killed server, or a restored backup, may have left in the way of a start. */
async function clearUp(clusterDir: string, account: PostgresAccount | undefined, log: DatabaseLog): Promise<void> {
  const lastSocketFolder = await findLastSocketFolder(clusterDir);
  await stopOrphan(clusterDir, lastSocketFolder, log);
  await removeLastSocketFolder(lastSocketFolder);
  if (account !== undefined && (await stat(clusterDir)).uid !== account.uid) await giveTreeTo(clusterDir, account);
  // PostgreSQL starts only on a folder that others cannot enter.
  await chmod(clusterDir, 0o700);
}

/** Given at each start instead of written to a file once: so every version of the server gets what it was tested with. */
function settingsFor(socketFolder: SocketFolder): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder.pathForServer,
    unix_socket_permissions: '0700',
    port: '5432',
    max_connections: '50',
    shared_buffers: '128MB',
    // Commits are acknowledged to people: all three stay on, whatever a postgresql.conf says.
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
    // A session whose client is gone does not work on until its statement is done.
    client_connection_check_interval: '2s',
    // The statements are short; compiling them would take longer than running them.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    // What people write stays out of the log: neither statements nor the details of an error, which quote rows.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
}

/** The superuser is for this only: a chat server which is tricked into some SQL cannot read files or run programs with it. */
async function makeChatDatabase(socketFolder: SocketFolder): Promise<string> {
  const superuser = new Client({ host: socketFolder.path, port: 5432, user: 'postgres', database: 'postgres', ssl: false, connectionTimeoutMillis: 10_000 });
  try {
    await superuser.connect();
    const { rows } = await superuser.query<{ role: boolean; database: boolean }>(
      `select exists (select from pg_roles where rolname = 'chat') as role,
              exists (select from pg_database where datname = 'chat') as database`,
    );
    if (!rows[0]?.role) await superuser.query('create role chat login');
    if (!rows[0]?.database) await superuser.query('create database chat owner chat');
  } catch (error) {
    throw new DatabaseStartError('postgres-start-failed', `the chat database cannot be made: ${reasonOf(error)}`, { cause: error });
  } finally {
    await superuser.end();
  }
  return `postgresql://chat@/chat?host=${encodeURIComponent(socketFolder.path)}&port=5432&sslmode=disable`;
}

async function reportExit(postgres: PostgresProcess, log: DatabaseLog): Promise<PostgresExit> {
  const exit = await postgres.exited;
  if (!exit.expected) log.error({ pid: postgres.pid, code: exit.code, signal: exit.signal }, 'PostgreSQL ended by itself');
  return exit;
}
