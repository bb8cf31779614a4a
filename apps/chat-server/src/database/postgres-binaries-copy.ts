import { chmod, copyFile, lstat, mkdir, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * Copies a folder of binaries to `<base>/distributed-chat-service-<uid>/<name>/native`, readable by everyone, unless a whole
 * copy is there already. Several servers may do so at once.
 */
export async function copyOnce(folder: string, base: string, name: string): Promise<string> {
  const parent = join(base, `distributed-chat-service-${process.geteuid?.() ?? 0}`);
  await mkdir(parent, { recursive: true });
  await requireOwnFolder(parent);
  await chmod(parent, 0o755);
  const target = join(parent, name);
  const copy = join(target, 'native');
  if (await isSameTree(folder, copy)) return copy;
  const draft = `${target}.${process.pid}`;
  try {
    await rm(draft, { recursive: true, force: true });
    await copyTree(folder, join(draft, 'native'));
    await chmod(draft, 0o755);
    await moveInto(draft, target, () => isSameTree(folder, copy));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return copy;
}

/** In a folder for everybody such as /var/tmp, someone else could have put programs of their own under our name. */
async function requireOwnFolder(folder: string): Promise<void> {
  const found = await lstat(folder);
  const writableByOthers = (found.mode & 0o022) !== 0;
  if (!found.isDirectory() || found.uid !== process.geteuid?.() || writableByOthers) throw new Error(`${folder} is not ours alone`);
}

/** Whether a copy is whole: after a power failure it may have files without content. */
async function isSameTree(from: string, to: string): Promise<boolean> {
  for (const path of await filesIn(from)) {
    const [original, copy] = await Promise.all([stat(path), stat(join(to, relative(from, path))).catch(() => undefined)]);
    if (copy === undefined || copy.size !== original.size) return false;
  }
  return true;
}

async function copyTree(from: string, to: string): Promise<void> {
  for (const path of await filesIn(from)) {
    const copy = join(to, relative(from, path));
    await makeFolders(to, dirname(copy));
    const found = await lstat(path);
    if (found.isSymbolicLink()) {
      await symlink(await readlink(path), copy);
    } else {
      await copyFile(path, copy);
      // Whatever the umask was when the original was installed.
      await chmod(copy, found.mode & 0o111 ? 0o755 : 0o644);
    }
  }
}

async function makeFolders(top: string, folder: string): Promise<void> {
  const isThere = await stat(folder).then(() => true, () => false);
  if (isThere) return;
  if (folder !== top) await makeFolders(top, dirname(folder));
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
}

/** Everything but what only compilers want. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => !entry.isDirectory() && !entry.name.endsWith('.a')).map((entry) => join(entry.parentPath, entry.name));
}

/** Never takes a whole copy away from under a server that runs from it. */
async function moveInto(draft: string, target: string, isWhole: () => Promise<boolean>): Promise<void> {
  try {
    await rename(draft, target);
  } catch (error) {
    if (await isWhole()) return;
    await rm(target, { recursive: true, force: true });
    await rename(draft, target).catch(async () => {
      if (!(await isWhole())) throw error;
    });
  }
}
