import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';
import { giveTo, type PostgresAccount } from './postgres-account.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { describeExit, lastWords } from './postgres-process.ts';
import { dataFolderArgument, spawnPostgresProgram } from './postgres-program.ts';

const draftPrefix = 'postgres.initialising-';

/** Whether there is a cluster; refuses one that this PostgreSQL cannot open, and a folder that is something else. */
export async function checkCluster(clusterDir: string, binaries: PostgresBinaries): Promise<'ready' | 'absent'> {
  const entries = await readdir(clusterDir).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new DatabaseStartError('data-folder-invalid', `${clusterDir} cannot be read: ${reasonOf(error)}`, { cause: error });
  });
  if (entries.length === 0) return 'absent';
  const version = await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').then((text) => text.trim(), () => undefined);
  if (version === undefined) {
    throw new DatabaseStartError('data-folder-invalid', `${clusterDir} is not a PostgreSQL data folder: move it away, or restore it from a backup`);
  }
  if (version !== binaries.majorVersion) {
    throw new DatabaseStartError(
      'postgres-version-mismatch',
      `${clusterDir} was made by PostgreSQL ${version}, and this server brings PostgreSQL ${binaries.majorVersion}: ` +
        `dump it with pg_dump of version ${version} and restore that into a new DATA_DIR, or start the server version that made it`,
    );
  }
  return 'ready';
}

/**
 * Makes a cluster in a folder beside the final one and renames it when it is whole and on disk: killed in the middle, the next
 * start finds no cluster and begins again. Each attempt has a folder of its own, so that an initdb which outlived its parent
 * cannot write into the next one's.
 */
export async function initialiseCluster(clusterDir: string, binaries: PostgresBinaries, account: PostgresAccount | undefined): Promise<void> {
  const dataDir = dirname(clusterDir);
  await removeDrafts(dataDir);
  const draft = join(dataDir, `${draftPrefix}${process.pid}-${Date.now()}`);
  await mkdir(draft);
  await chmod(draft, 0o700);
  if (account !== undefined) await giveTo(draft, account);
  await runInitdb(draft, binaries, account);
  // An empty folder in its place is replaced; anything else was refused before.
  await rename(draft, clusterDir);
  await syncFolder(dataDir);
}

async function removeDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(draftPrefix)) await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

async function runInitdb(draft: string, binaries: PostgresBinaries, account: PostgresAccount | undefined): Promise<void> {
  const initdb = await spawnPostgresProgram(
    { executable: binaries.initdb, account, workingFolder: draft, signalWhenParentDies: 'TERM' },
    [
      ...['-D', dataFolderArgument(draft), '--username=postgres', '--encoding=UTF8', '--no-instructions'],
      // The same order and case rules on every machine, whatever locales it has and whichever versions of them.
      ...['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      // Only the folder's owner (and root) can reach the socket; TCP is off, and refused should someone turn it on.
      ...['--auth-local=trust', '--auth-host=reject'],
    ],
  );
  const said: string[] = [];
  initdb.stderr.on('data', (text: string) => said.push(...text.split('\n').filter((line) => line !== '')));
  const exit = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    initdb.once('close', (code, signal) => resolve({ code, signal }));
  });
  if (exit.code !== 0) throw new DatabaseStartError('initdb-failed', `making a PostgreSQL data folder failed (${describeExit(exit)}): ${lastWords(said)}`);
}

/** initdb has synced what is in the cluster; this makes the new name last. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
