import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import type { DatabaseLog } from './database-log.ts';
import { codeOf, DatabaseStartError, reasonOf } from './database-start-error.ts';

/**
 * Advisory locks are numbers that every program on a database shares, so ours have a first half that is unlikely elsewhere
 * ("chat" in ASCII) and a second half of their own each.
 */
export const advisoryLocks = {
  migrations: [0x63_68_61_74, 1],
  singleServer: [0x63_68_61_74, 2],
} as const;

const longestApplicationName = 63;

/** Who a session belongs to, as pg_stat_activity shows it: the purpose, then the process. */
export function applicationNameFor(purpose: string): string {
  const processName = ` pid ${process.pid} on ${hostname()}`;
  return `${purpose}${processName}`.slice(0, longestApplicationName);
}

/** What all of our connections have in common: a dead one is noticed, from both ends. */
export function connectionConfig(connectionString: string, unansweredMs: number): ClientConfig {
  // For the server's end, without effect on a Unix socket: the sessions of a machine that vanished end, and free what they locked.
  const ours = `-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=${unansweredMs}`;
  const { rest, options } = takeOptions(connectionString);
  return {
    connectionString: rest,
    keepAlive: true,
    keepAliveInitialDelayMillis: 2_000,
    // Of a setting that comes twice, the last one counts: the connection string's.
    options: options === null ? ours : `${ours} ${options}`,
  };
}

/** pg would take the connection string's options in place of ours. It is no URL to `URL` where it names a socket and no host. */
function takeOptions(connectionString: string): { rest: string; options: string | null } {
  const start = connectionString.indexOf('?');
  if (start === -1) return { rest: connectionString, options: null };
  const parameters = new URLSearchParams(connectionString.slice(start + 1));
  const options = parameters.get('options');
  if (options === null) return { rest: connectionString, options };
  parameters.delete('options');
  return { rest: `${connectionString.slice(0, start)}?${parameters.toString()}`, options };
}

/** Not there, not there yet, or there again in a moment: worth another try, other than a wrong password. */
const passingFailures = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', '57P03', '53300']);

export type OpenConnectionOptions = {
  readonly connectionString: string;
  readonly purpose: string;
  readonly log: DatabaseLog;
  /** How long to go on trying while the database is not there, as when both are started together. */
  readonly patienceMs: number;
  /** After how long an answer is given up, if ever. */
  readonly answerTimeoutMs?: number;
};

/** A session outside the pool, for locks and migrations, whose statements may take as long as they need. */
export async function openConnection(options: OpenConnectionOptions): Promise<Client> {
  const { purpose, log, patienceMs } = options;
  const end = performance.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    const client = newClient(options);
    // Without a listener, the loss of an idle connection would end the process; whoever uses it next gets an error anyway.
    client.on('error', (error) => log.warn({ purpose, reason: reasonOf(error) }, 'a database connection was lost'));
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      const mayPass = passingFailures.has(codeOf(error) ?? '') || /timeout|terminated/i.test(reasonOf(error));
      if (!mayPass || performance.now() >= end) throw unreachable(error);
      if (attempt === 1) log.info({ purpose, reason: reasonOf(error) }, 'waiting for the database');
      await delay(200);
    }
  }
}

function newClient({ connectionString, purpose, answerTimeoutMs }: OpenConnectionOptions): Client {
  return new Client({
    ...connectionConfig(connectionString, 5_000),
    application_name: applicationNameFor(purpose),
    connectionTimeoutMillis: 5_000,
    query_timeout: answerTimeoutMs,
  });
}

function unreachable(error: unknown): DatabaseStartError {
  return new DatabaseStartError('database-unreachable', `the database cannot be used: ${reasonOf(error)}`, { cause: error });
}
