import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { giveTo, type PostgresAccount } from './postgres-account.ts';

export interface SocketFolder {
  /** As clients have to name it. */
  readonly path: string;
  /** As PostgreSQL, which works in its data folder, has to name it. */
  readonly pathForServer: string;
  remove(): Promise<void>;
}

const temporaryPrefix = 'chat-server-socket-';
/** The systems' limits are 108 (Linux) and 104 bytes (macOS), with a NUL at the end. */
const longestSocketPath = 100;

/**
 * The socket is in the data folder itself: only PostgreSQL's account may enter that. Where its path would be too long for a
 * socket's address, it is in a private folder among the temporary ones.
 */
export async function makeSocketFolder(clusterDir: string, account: PostgresAccount | undefined): Promise<SocketFolder> {
  if (Buffer.byteLength(join(clusterDir, '.s.PGSQL.5432')) <= longestSocketPath) {
    return { path: clusterDir, pathForServer: '.', remove: () => Promise.resolve() };
  }
  const path = await mkdtemp(join(tmpdir(), temporaryPrefix));
  await chmod(path, 0o700);
  if (account !== undefined) await giveTo(path, account);
  return { path, pathForServer: path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The fifth line of postmaster.pid says where the last PostgreSQL on this folder listened. */
export async function findLastSocketFolder(clusterDir: string): Promise<string> {
  const note = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const folder = note.split('\n')[4];
  return folder?.startsWith('/') ? folder : clusterDir;
}

/** What a killed server could not remove. The note it is read from is in a folder that only PostgreSQL's account can write. */
export async function removeLastSocketFolder(folder: string): Promise<void> {
  const isTemporary = dirname(folder) === tmpdir() && folder.startsWith(join(tmpdir(), temporaryPrefix));
  if (isTemporary) await rm(folder, { recursive: true, force: true });
}
