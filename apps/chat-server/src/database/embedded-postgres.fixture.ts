/**
 * What a chat server has of its database, as a process to be killed: `node embedded-postgres.fixture.ts <mode> <dataDir>`.
 * It says what happens in lines of JSON, and stays until it is killed.
 */
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { Client } from 'pg';
import { DatabaseStartError } from './database-start-error.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';
import { findPostgresAccount } from './postgres-account.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { dataFolderArgument, spawnPostgresProgram } from './postgres-program.ts';

const [, , mode = '', dataDir = ''] = argv;
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

try {
  if (mode === 'serve' || mode === 'insert') {
    const { connectionString, pid } = await startEmbeddedPostgres({ dataDir, log });
    say({ ready: { connectionString, pid } });
    if (mode === 'insert') await insertForever(connectionString);
  } else if (mode === 'leave-orphan') {
    say({ orphan: await startWithoutParentSignal() });
  } else {
    throw new Error(`unknown mode ${mode}`);
  }
} catch (error) {
  if (!(error instanceof DatabaseStartError)) throw error;
  say({ refused: { code: error.code, message: error.message } });
  process.exit(1);
}
// A timer keeps the process alive without keeping it busy.
setInterval(() => undefined, 60_000);

function say(line: object): void {
  stdout.write(`${JSON.stringify(line)}\n`);
}

async function insertForever(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query('create table if not exists numbers (number integer primary key)');
  for (let number = 1; ; number += 1) {
    await client.query('insert into numbers values ($1)', [number]);
    say({ committed: number });
  }
}

/** As on a system without setpriv: this PostgreSQL does not notice that its parent is killed. */
async function startWithoutParentSignal(): Promise<number | undefined> {
  const clusterDir = join(dataDir, 'postgres');
  const { postgres } = await findPostgresBinaries();
  const program = { executable: postgres, account: await findPostgresAccount(clusterDir), workingFolder: clusterDir };
  const settings = ['-c', 'listen_addresses=', '-c', 'unix_socket_directories=.'];
  const child = await spawnPostgresProgram(program, ['-D', dataFolderArgument(clusterDir), ...settings]);
  child.stderr.resume();
  return child.pid;
}
