import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { guard } from './guard.ts';

export type WorkFolder = {
  readonly path: string;
  /** Removes a temporary folder; one that the caller named is the caller's to keep. */
  remove(): void;
};

export type WorkFolderOptions = {
  /** The caller's own folder; it is made where it does not exist and it is not removed. */
  readonly dir?: string | undefined;
  /** Processes of other users have to reach what lies below it. */
  readonly reachableByOthers?: boolean;
};

/** A folder for one instance of a service, below the system's folder for temporary files. */
export function createWorkFolder(service: string, options: WorkFolderOptions = {}): WorkFolder {
  if (options.dir !== undefined) {
    mkdirSync(options.dir, { recursive: true });
    return { path: options.dir, remove: () => undefined };
  }
  const base = options.reachableByOthers === true ? reachableTemporaryFolder() : tmpdir();
  const path = realpathSync(mkdtempSync(join(base, `chat-${service}-`)));
  guard.watchFolder(path);
  if (options.reachableByOthers === true) chmodSync(path, 0o711);
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      guard.folderRemoved(path);
    },
  };
}

/** Whether other users may pass through a folder and all those above it. */
export function isReachableByOthers(path: string): boolean {
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function reachableTemporaryFolder(): string {
  return [tmpdir(), '/tmp', '/var/tmp'].find((folder) => isReachableByOthers(folder)) ?? tmpdir();
}
