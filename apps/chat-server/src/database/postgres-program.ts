import { execFile, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';
import type { PostgresAccount } from './postgres-account.ts';

export type PostgresProgram = {
  readonly executable: string;
  /** Undefined: the account of this process. */
  readonly account: PostgresAccount | undefined;
  /** The folder that it works in and on; its own name for it is `dataFolderArgument()`. */
  readonly workingFolder: string;
  /** Sent to it when this process is killed, where the system can do that. Nothing relies on it. */
  readonly signalWhenParentDies?: 'INT' | 'TERM';
};

/**
 * How a program of PostgreSQL's is told its data folder. On Linux as its working folder, which the child enters while it is
 * still root: so nobody asks for permission on the folders above, which its account may not be allowed to enter.
 */
export function dataFolderArgument(workingFolder: string): string {
  return process.platform === 'linux' ? '/proc/self/cwd' : workingFolder;
}

/** Resolves once the program runs. It has a session of its own: Ctrl-C in the terminal is for the chat server alone. */
export async function spawnPostgresProgram(
  program: PostgresProgram,
  programArguments: readonly string[],
): Promise<ChildProcessByStdio<null, null, Readable>> {
  const prefix = await prefixThatDiesWithParent(program.signalWhenParentDies);
  const [command = program.executable, ...rest] = [...prefix, program.executable, ...programArguments];
  const child = spawn(command, rest, {
    cwd: program.workingFolder,
    // Not the caller's environment: PGDATA, PGPORT, LD_LIBRARY_PATH, LC_ALL and TZ would all change what it does.
    env: { LC_ALL: 'C', PATH: '/usr/local/bin:/usr/bin:/bin' },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(program.account === undefined ? {} : { uid: program.account.uid, gid: program.account.gid }),
  });
  child.stderr.setEncoding('utf8');
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new DatabaseStartError('postgres-start-failed', `cannot run ${program.executable}: ${reasonOf(error)}`, { cause: error });
  }
  return child;
}

/** util-linux has `setpriv --pdeathsig`; BusyBox has a setpriv that knows less, other systems have none. */
async function prefixThatDiesWithParent(signal: string | undefined): Promise<string[]> {
  if (signal === undefined || process.platform !== 'linux') return [];
  const prefix = ['/usr/bin/setpriv', '--pdeathsig', signal, '--'];
  const isKnown = await promisify(execFile)(prefix[0] ?? '', [...prefix.slice(1), '/bin/true']).then(() => true, () => false);
  return isKnown ? prefix : [];
}
