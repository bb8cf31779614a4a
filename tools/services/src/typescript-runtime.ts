import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ServiceError } from './errors.ts';

/**
 * A Node that runs TypeScript as it stands: this one, or else the one that npm installed with the workspace. Test
 * runners compile what they run and so get along with an older one, but the programs that we start do not.
 */
export function typescriptRuntime(): string {
  if (process.features.typescript) return process.execPath;
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${process.platform}-${process.arch}/package.json`);
    return join(dirname(manifest), 'bin', 'node');
  } catch (cause) {
    const message = `Node 22.18 or newer is needed, this is ${process.version}, and npm installed none for this platform.`;
    throw new ServiceError('SERVICE_START_FAILED', message, { cause });
  }
}
