import { Socket } from 'node:net';
import { Client, DatabaseError, Pool, types, type ClientConfig } from 'pg';
import { applicationNameFor, connectionConfig } from './database-connection.ts';
import type { DatabaseLog } from './database-log.ts';
import { reasonOf } from './database-start-error.ts';

export type PoolOptions = {
  /** What the pool is for, as pg_stat_activity shows it. */
  readonly purpose: string;
  readonly log: DatabaseLog;
  readonly maxConnections?: number;
  /** PostgreSQL gives a statement up after this long, waiting for locks included. */
  readonly statementTimeoutMs?: number;
  /** We give an answer up after this long, and cut the connection. The statement's outcome is unknown then. */
  readonly answerTimeoutMs?: number;
  readonly connectionTimeoutMs?: number;
};

const defaults = { maxConnections: 10, statementTimeoutMs: 5_000, connectionTimeoutMs: 5_000 };

/**
 * Timeouts by which a statement cannot commit later than a third of the lease after it was sent, or a server that lost its lease
 * could still append. In the worst case it reaches PostgreSQL just before we give up waiting, and then runs for as long as
 * PostgreSQL lets it: so the two timeouts together are the third.
 */
export function timeoutsWithinLease(leaseMs: number): { statementTimeoutMs: number; answerTimeoutMs: number } {
  const third = leaseMs / 3;
  return { statementTimeoutMs: Math.floor(third * 0.4), answerTimeoutMs: Math.floor(third * 0.6) };
}

/**
 * Connections to the primary. `int8` comes as a number; a value beyond 2^53 - 1 fails its query rather than being rounded.
 * A lost connection fails the queries that were on it, and nothing else: neither idle nor checked out does it end the process.
 */
export function createPool(connectionString: string, options: PoolOptions): Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? defaults.statementTimeoutMs;
  const answerTimeoutMs = options.answerTimeoutMs ?? statementTimeoutMs + 500;
  const pool = new Pool({
    ...connectionConfig(connectionString, answerTimeoutMs),
    application_name: applicationNameFor(options.purpose),
    max: options.maxConnections ?? defaults.maxConnections,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? defaults.connectionTimeoutMs,
    statement_timeout: statementTimeoutMs,
    lock_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
    types: { getTypeParser },
    // The type declares a constructor without parameters; the pool calls it with this configuration.
    Client: ResettableClient as unknown as new () => Client,
  });
  const { log, purpose } = options;
  // An idle connection was lost. The pool has dropped it already.
  pool.on('error', (error) => log.warn({ purpose, reason: reasonOf(error) }, 'an idle database connection was lost'));
  // The pool listens only while a client is idle; checked out, between two queries, its error would be an uncaught one.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('release', (error, client) => {
    // The server answered, so nothing is under way. Any other error may have left a statement on its way to the server.
    if (!isError(error) || error instanceof DatabaseError) return;
    if (client instanceof ResettableClient) client.discardUnsent();
  });
  return pool;
}

class ResettableClient extends Client {
  readonly #socket: Socket;

  constructor(config: ClientConfig) {
    const socket = new Socket();
    super({ ...config, stream: () => socket });
    this.#socket = socket;
  }

  /**
   * Closed in the usual way, the kernel would go on sending what it holds for minutes: a statement that we gave up while the
   * network was cut would commit when it is back. A reset throws it away.
   */
  discardUnsent(): void {
    const isTcp = this.#socket.remoteAddress !== undefined;
    if (isTcp && !this.#socket.destroyed) this.#socket.resetAndDestroy();
  }
}

/** The pool's type says that there always is one. */
function isError(error: unknown): error is Error {
  return error instanceof Error;
}

const int8Array = 1016;

type Parser = (value: string) => unknown;

function getTypeParser(typeId: number, format?: 'text' | 'binary'): Parser {
  const isText = format !== 'binary';
  // The enumeration is a list of numbers; the parsers of the package are typed as any.
  if (isText && typeId === (types.builtins.INT8 as number)) return parseSafeInteger;
  if (isText && typeId === int8Array) return parseSafeIntegers;
  return isText ? (types.getTypeParser(typeId, 'text') as Parser) : (types.getTypeParser(typeId, 'binary') as Parser);
}

function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`the int8 ${text} does not fit into a number`);
  return value;
}

function parseSafeIntegers(text: string): (number | null)[] {
  const inner = text.slice(1, -1);
  return inner === '' ? [] : inner.split(',').map((item) => (item === 'NULL' ? null : parseSafeInteger(item)));
}
