import type { Stats } from 'node:fs';
import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';

/** The operating system's account that PostgreSQL runs as. */
export type PostgresAccount = { readonly name: string; readonly uid: number; readonly gid: number };

/** The account made for a PostgreSQL first; else the one that every system has for what must own nothing. */
const preferredAccounts = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root, so for root this finds an account to run it as; otherwise undefined: run it as ourselves.
 * No account is ever created: starting a chat server must not change the machine's users.
 * A cluster that is there already keeps its owner, whatever that is called on this machine.
 */
export async function findPostgresAccount(clusterDir: string): Promise<PostgresAccount | undefined> {
  const ownUid = process.geteuid?.();
  const owner = await stat(clusterDir).catch(() => undefined);
  if (ownUid !== 0) {
    if (owner !== undefined && owner.uid !== ownUid) throw notOurs(clusterDir, owner.uid, ownUid);
    return undefined;
  }
  if (process.platform !== 'linux') {
    throw new DatabaseStartError('unsupported-platform', 'the embedded PostgreSQL cannot run as root here: start the server as an ordinary user');
  }
  if (owner !== undefined && owner.uid !== 0) return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8').catch(() => ''));
  for (const name of preferredAccounts) {
    const account = accounts.get(name);
    if (account !== undefined) return account;
  }
  throw new DatabaseStartError(
    'no-unprivileged-user',
    `PostgreSQL does not run as root, and there is no user ${preferredAccounts.join(' or ')} to run it as: start the server as an ordinary user, or set DATABASE_URL`,
  );
}

function notOurs(clusterDir: string, owner: number, ownUid: number | undefined): DatabaseStartError {
  return new DatabaseStartError(
    'data-folder-not-writable',
    `${clusterDir} belongs to user id ${owner}, and this server runs as ${ownUid}: start it as that user, or give it a DATA_DIR of its own`,
  );
}

function parsePasswd(passwd: string): Map<string, PostgresAccount> {
  const accounts = new Map<string, PostgresAccount>();
  for (const line of passwd.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && Number(uid) > 0) accounts.set(name, { name, uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}

/** Gives one file or folder away. */
export async function giveTo(path: string, account: PostgresAccount): Promise<void> {
  try {
    await chown(path, account.uid, account.gid);
  } catch (error) {
    throw new DatabaseStartError(
      'no-unprivileged-user',
      `PostgreSQL does not run as root, and ${path} cannot be given to user ${account.name} (${reasonOf(error)}): start the server as an ordinary user, or set DATABASE_URL`,
      { cause: error },
    );
  }
}

/** For a cluster that root copied back from a backup. */
export async function giveTreeTo(folder: string, account: PostgresAccount): Promise<void> {
  await giveTo(folder, account);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
}

/**
 * Whether the account may open `path`, judged by the mode bits on the way to it. Access lists can make that answer wrong, so
 * whoever relies on a yes still has to cope with a refusal.
 */
export async function canReach(account: PostgresAccount, path: string): Promise<boolean> {
  if (!grants(account, await stat(path), 4)) return false;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (!grants(account, await stat(folder), 1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function grants(account: PostgresAccount, of: Stats, permission: 1 | 4): boolean {
  const shift = of.uid === account.uid ? 6 : of.gid === account.gid ? 3 : 0;
  return ((of.mode >> shift) & permission) !== 0;
}
